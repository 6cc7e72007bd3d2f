"""`timeline`: what the threads or processes of an answer did is drawn."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import messages
from grader.cli.words import StopError, answers_of, check_paths, grading, kata_argument, one, the_course
from grader.report import Exit

if TYPE_CHECKING:
    from grader.course import Course, Kata
    from grader.submission import Answer
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
    from grader.timeline.scene import NothingToDrawError

    course = the_course()
    kata = one(course, word)
    if answer is not None and kept is not None:
        raise click.UsageError(messages.ANSWER_OR_RESULT)
    check_paths(course, {"svg": svg, "trace": trace})
    try:
        scene = _of_a_result(kata, kept, name) if kept is not None else _of_a_run(course, kata, answer, name)
    except NothingToDrawError as error:
        click.echo(str(error), err=True)
        return Exit.FAILED
    if scene is None:
        return Exit.INTERRUPTED
    _show(scene, svg, trace)
    return Exit.PASSED


def _of_a_run(course: Course, kata: Kata, path: Path | None, name: str) -> Scene | None:
    """Grade what is asked for, and no more than a picture needs; return it, None if that was interrupted.

    Raises:
        NothingToDrawError: if there is no picture.
    """
    from grader.timeline.scene import NothingToDrawError, choose

    answer = answers_of(course, [kata], path, None)[kata.name]
    *first, last = _rounds(kata, name)
    for names in first:
        with contextlib.suppress(NothingToDrawError):
            verdict = _graded(kata, answer, names)
            return None if verdict is None else choose(verdict, answer.parts, name)
    verdict = _graded(kata, answer, last)
    return None if verdict is None else choose(verdict, answer.parts, name)


def _rounds(kata: Kata, name: str) -> list[frozenset[str]]:
    """Return the names of checks to grade until one has a picture: those of `name`, or the quick ones before the slow.

    The last round is never left out, though it be of no checks.
    """
    from grader.course import checks

    planned = checks(kata)
    if name:
        wanted = [one.name for one in planned if name in one.name]
        return [frozenset([name] if name in wanted else wanted)]
    slow = frozenset(one.name for one in planned if one.real_time)
    quick = frozenset(one.name for one in planned) - slow
    return [names for names in (quick, slow) if names] or [quick]


def _graded(kata: Kata, answer: Answer, names: frozenset[str]) -> Verdict | None:
    """Return what came of the checks `names` of `kata`, None if that was interrupted."""
    from grader.grading import Options, grade
    from grader.report.progress import Live, Plain

    listener = Live() if sys.stdout.isatty() else Plain(io.StringIO())  # of a part of a kata no points are told
    with grading(), listener:
        result = grade([kata], {kata.name: answer}, Options(checks={kata.name: names}), listener)
    return None if result.interrupted else result.katas[0]


def _of_a_result(kata: Kata, path: Path, name: str) -> Scene:
    """Return what a kept result says. The lines of its answer may have changed since: none are read.

    Raises:
        NothingToDrawError: if there is no picture.
    """
    from grader.report.result import UnreadableError, decode
    from grader.timeline.scene import choose

    try:
        result = decode(path.read_bytes())
    except UnreadableError as error:
        raise click.UsageError(f"--from: {path}: {error}") from error
    found = next((verdict for verdict in result.katas if verdict.kata == kata.name), None)
    if found is None:
        raise click.UsageError(messages.says_nothing(path, kata))
    return choose(found, {}, name)


def _show(scene: Scene, svg: Path | None, trace: Path | None) -> None:
    """Write the files that are asked for; show it here, if none is."""
    from grader.timeline import svg as as_svg
    from grader.timeline import trace as as_trace

    files: list[tuple[Path | None, Callable[[Scene], bytes]]] = [(svg, as_svg.write), (trace, as_trace.write)]
    written = [_written(path, write(scene)) for path, write in files if path is not None]
    for path in written:
        click.echo(messages.picture_written(path, scene.heading))
    if written and scene.undrawn:
        click.echo(scene.undrawn)
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
