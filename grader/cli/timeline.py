"""`timeline`: what the threads or processes of an answer did is drawn."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import messages
from grader.cli.words import StopError, answers_of, check_paths, grading, kata_argument, one, the_course
from grader.report import Exit

if TYPE_CHECKING:
    from grader.course import Course, Kata
    from grader.timeline.scene import Scene
    from grader.verdict import Verdict


@click.command()
@kata_argument
@click.option(
    "--answer", type=click.Path(path_type=Path), metavar="PATH", help="Grade this file or folder in place of yours."
)
@click.option(
    "--check", "name", default="", metavar="NAME", help="Draw this check, in place of the one that tells most."
)
@click.option(
    "--from",
    "kept",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="RESULT",
    help="Draw from this result, which `run --json` wrote; grade nothing.",
)
@click.option("--svg", type=click.Path(path_type=Path), metavar="FILE", help="Write the picture as SVG, for a page.")
@click.option(
    "--trace",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it as a trace that ui.perfetto.dev and chrome://tracing open.",
)
def timeline(
    word: str, answer: Path | None, *, name: str, kept: Path | None, svg: Path | None, trace: Path | None
) -> Exit:
    """Draw what your threads or processes did: who ran, slept or waited, for which lock, and who had it."""
    from grader.timeline.scene import NothingToDrawError, choose

    course = the_course()
    kata = one(course, word)
    if answer is not None and kept is not None:
        raise click.UsageError(messages.ANSWER_OR_RESULT)
    check_paths(course, {"svg": svg, "trace": trace})
    verdict, files = _kept(kata, kept) if kept is not None else _graded(course, kata, answer)
    if verdict is None:
        return Exit.INTERRUPTED
    try:
        scene = choose(verdict, files, name)
    except NothingToDrawError as error:
        click.echo(str(error), err=True)
        return Exit.FAILED
    _show(scene, svg, trace)
    return Exit.PASSED


def _graded(course: Course, kata: Kata, answer: Path | None) -> tuple[Verdict | None, Mapping[str, bytes]]:
    """Grade `kata`; return what came of it, None if that was interrupted, and the files of the answer."""
    from grader.grading import Options, grade
    from grader.report.progress import Live, Plain

    answers = answers_of(course, [kata], answer, None)
    listener = Live() if sys.stdout.isatty() else Plain(sys.stderr)
    with grading(), listener:
        result = grade([kata], answers, Options(), listener)
    return (None if result.interrupted else result.katas[0]), answers[kata.name].parts


def _kept(kata: Kata, path: Path) -> tuple[Verdict, Mapping[str, bytes]]:
    """Return what a kept result says of `kata`. The lines of its answer may have changed since: none are read."""
    from grader.report.result import UnreadableError, decode

    try:
        result = decode(path.read_bytes())
    except UnreadableError as error:
        raise click.UsageError(f"--from: {path}: {error}") from error
    found = next((verdict for verdict in result.katas if verdict.kata == kata.name), None)
    if found is None:
        raise click.UsageError(messages.says_nothing(path, kata))
    return found, {}


def _show(scene: Scene, svg: Path | None, trace: Path | None) -> None:
    """Write the files that are asked for; show it here, if none is."""
    from grader.timeline import svg as as_svg
    from grader.timeline import trace as as_trace

    files: list[tuple[Path | None, Callable[[Scene], bytes]]] = [(svg, as_svg.write), (trace, as_trace.write)]
    written = [_written(path, write(scene)) for path, write in files if path is not None]
    for path in written:
        click.echo(messages.picture_written(path, scene.heading))
    if trace is not None:
        click.echo(messages.OPEN_THE_TRACE)
    if not written:
        _print(scene)


def _written(path: Path, data: bytes) -> Path:
    from grader.report.saving import save

    try:
        save(path, data)
    except OSError as error:
        raise StopError(messages.picture_unwritten(path, error)) from error
    return path


def _print(scene: Scene) -> None:
    from grader.report.terminal import WIDTH, console
    from grader.timeline.terminal import rows

    out = console()
    for row in rows(scene, out.width if out.is_terminal else WIDTH):
        out.print(row, soft_wrap=True)
