"""`run` and `replay`: katas are graded, and what came of them is shown and written."""
# ruff: noqa: PLC0415 - imports stand inside the commands; `run` must answer in half a second

from __future__ import annotations

import contextlib
import datetime
import importlib
import io
import math
import os
import re
import shlex
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli import messages
from grader.cli.words import (
    StopError,
    answers_of,
    check_paths,
    check_tier,
    grading,
    kata_argument,
    katas_argument,
    one,
    the_course,
)
from grader.course import Course, CourseError, Kata, checks
from grader.export import check_format
from grader.printable import line
from grader.report import Exit, exit_code
from grader.report.formats import FORMATS

if TYPE_CHECKING:
    from grader.grading import Options
    from grader.report.progress import Live, Plain
    from grader.submission import Answer
    from grader.verdict import Result, Verdict


def check_time_scale(_: click.Context, __: click.Parameter, value: float) -> float:
    """Return how much longer limits of real time are, if that is sensible."""
    if not (math.isfinite(value) and 1 <= value <= 100):  # noqa: PLR2004 - as the message says
        raise click.BadParameter(messages.NO_SCALE)
    return value


def _format_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` an option for each format, ``--junit PATH``."""
    for name, known in reversed([*FORMATS.items()]):
        path = click.Path(path_type=Path)
        command = click.option(f"--{name}", name, type=path, metavar="PATH", help=f"Write {known.reader}.")(command)
    return command


@click.command()
@katas_argument
@click.option(
    "--answer", type=click.Path(path_type=Path), metavar="PATH", help="Grade this file or folder in place of yours."
)
@click.option(
    "--submission",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Grade the answers in this folder, laid out as DIR/exercises/NN_name/ or DIR/NN_name/.",
)
@click.option(
    "--changed-since",
    metavar="REF",
    help="Grade only answers that the repository in --submission has changed since it left this commit.",
)
@click.option("--name", metavar="NAME", help="What to call what is graded, in the result; else its path.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), metavar="PATH", help="Write the result here too.")
@click.option("--only-bubble", is_flag=True, help="Practice: skip the checks that wait in real time.")
@click.option("-x", "stop_at_first", is_flag=True, help="Stop at the first check that does not pass.")
@click.option(
    "--time-scale",
    default=1.0,
    callback=check_time_scale,
    metavar="X",
    help="Slow machine? Widen limits of real time X times.",
)
@click.option(
    "--require-tier",
    type=click.Choice(["A", "B"]),
    help="Grade nothing unless the answers are kept in this well: see `doctor`.",
)
@click.option("--github", "on_github", is_flag=True, help="In GitHub Actions: annotate lines, write a summary.")
@_format_options
def run(
    words: tuple[str, ...],
    answer: Path | None,
    submission: Path | None,
    changed_since: str | None,
    json_path: Path | None,
    *,
    name: str | None,
    only_bubble: bool,
    stop_at_first: bool,
    time_scale: float,
    require_tier: str | None,
    on_github: bool,
    **exports: Path | None,
) -> Exit:
    """Grade some katas, or all of them."""
    from grader.git import commit
    from grader.grading import Options

    course = the_course()
    _check_github(on_github)
    check_tier(require_tier)
    wanted = {kind: path for kind, path in exports.items() if path is not None}
    check_paths(course, {"json": json_path, **wanted})
    for kind in wanted:
        check_format(kind)
    katas, incomplete = _complete(
        _changed(course.find(words), submission, changed_since, on_github=on_github),
        strict=any((words, answer, submission, json_path, wanted, on_github)),
    )
    if not katas:
        return _nothing_to_grade(changed_since, on_github=on_github)
    answers = answers_of(course, katas, answer, submission)
    source = name or str(answer or submission or "exercises")
    options = Options(
        only_bubble=only_bubble,
        stop_at_first=stop_at_first,
        time_scale=time_scale,
        submission=source,
        commit=commit(course.root) if json_path is not None else None,
    )
    with _inert(on_github):
        result = _grade(katas, answers, options)
        result = _naming_answers(result, answers, answer or submission, name) if answer or submission else result
        unwritten = _write_all(result, json_path, wanted)  # first: what can't be shown must not cost the files
        _show(result)
    if not (answer or submission):
        _remember(course, result, answers)
    if on_github:
        _tell_github(result, katas, answers, to_classroom="classroom" in wanted)
    if unwritten:
        raise StopError(" ".join(unwritten))
    return _end(result, incomplete)


def _end(result: Result, incomplete: Sequence[str]) -> Exit:
    """Say what was not graded, and return the exit code."""
    for told in incomplete:
        click.echo(told, err=True)
    return Exit.MISUSE if incomplete and not result.interrupted else exit_code(result)


def _complete(katas: Sequence[Kata], *, strict: bool) -> tuple[Sequence[Kata], list[str]]:
    """Return those of `katas` whose checks can be read, and a sentence for each other.

    Args:
        katas: what is to be graded.
        strict: whether each is asked for, or the result is for others, who must not take it for that of all.

    Raises:
        CourseError: if there is none, or not each where it is `strict`.
    """
    complete, incomplete = [], []
    for kata in katas:
        try:
            checks(kata)
            complete.append(kata)
        except CourseError as error:
            if strict:
                raise
            incomplete.append((kata, error))
    if incomplete and not complete:
        raise incomplete[0][1]
    return complete, [messages.incomplete(kata, error) for kata, error in incomplete]


@click.command()
@kata_argument
@click.argument("schedule")
@click.option(
    "--answer", type=click.Path(path_type=Path), metavar="PATH", help="Replay this file or folder in place of yours."
)
def replay(word: str, schedule: str, answer: Path | None) -> Exit:
    """Run a kata under the one SCHEDULE that a failure named, and show what its threads do."""
    from grader.grading import Options, grade
    from grader.report.progress import Plain
    from grader.report.terminal import console, show_stories

    course = the_course()
    kata = one(course, word)
    answers = answers_of(course, [kata], answer, None)
    with grading():
        result = grade([kata], answers, Options(only_bubble=True, schedule=schedule), Plain(io.StringIO()))
    if result.interrupted:
        return Exit.INTERRUPTED
    if show_stories(_naming_answers(result, answers, answer) if answer else result, console()):
        return Exit.PASSED
    raise click.UsageError(messages.unknown_schedule(kata, schedule))


def _changed(
    katas: Sequence[Kata], folder: Path | None, since: str | None, *, on_github: bool = False
) -> Sequence[Kata]:
    """Return those of `katas` whose answers changed in the repository `folder`; all, if it is not asked."""
    from grader.git import GitError, changed, uncommitted

    if not since:
        return katas
    if folder is None:
        raise click.UsageError(messages.SINCE_OF_WHAT)
    try:
        found = changed(katas, folder, since)
    except GitError as error:
        told = f"--changed-since: {error}"
        if not on_github:
            raise click.UsageError(told) from error
        _tell_not_compared(line(told))
        raise click.exceptions.Exit(Exit.FAILED) from error
    left = uncommitted([kata for kata in katas if kata not in found], folder)
    if left:
        click.echo(messages.uncommitted(left), err=True)
    return found


def _naming_answers(
    result: Result, answers: Mapping[str, Answer], place: Path | None, called: str | None = None
) -> Result:
    """Return `result` with the path of the answer in the commands that show a schedule again.

    What is `called` by another name than the `place` where it lies has that instead wherever the place is named, and
    no path in the commands: whoever the result is given back to has no such folder, but an answer of their own.
    """
    from msgspec.structs import replace

    from grader.verdict import AGAIN

    def named(message: str, path: str) -> str:
        if called:
            return message.replace(str(place), called).replace(line(str(place)), called)
        command = rf"^{re.escape(AGAIN)} \S+ \S+$"
        return re.sub(command, lambda match: f"{match[0]} --answer {shlex.quote(path)}", message, flags=re.MULTILINE)

    def of(kata: Verdict) -> Verdict:
        path = answers[kata.kata].source
        checks = tuple(replace(check, message=named(check.message, path)) for check in kata.checks)
        return replace(kata, message=named(kata.message, path), checks=checks)

    return replace(result, katas=tuple(map(of, result.katas)))


def _grade(katas: Sequence[Kata], answers: dict[str, Answer], options: Options) -> Result:
    from grader.grading import grade

    # What shows the result takes a while to import; there is time for that while the judges work.
    threading.Thread(target=importlib.import_module, args=("grader.report.terminal",), daemon=True).start()
    with grading(), _progress() as listener:
        return grade(katas, answers, options, listener)


def _remember(course: Course, result: Result, answers: Mapping[str, Answer]) -> None:
    """Note what came of the learner's own answers, and say it where that can't be."""
    from grader.state import note_attempts

    remark = note_attempts(course.root, result.katas, answers, datetime.datetime.now().astimezone().date())
    if remark:
        click.echo(remark, err=True)


def _progress() -> Live | Plain:
    from grader.report.progress import Live, Plain

    return Live() if sys.stdout.isatty() else Plain(sys.stdout)


def _show(result: Result) -> None:
    from grader.report.terminal import console, show

    show(result, console())


def _check_github(wanted: bool) -> None:  # noqa: FBT001 - whether it is wanted is all there is to say
    if wanted and not os.environ.get("GITHUB_STEP_SUMMARY"):
        raise click.UsageError(messages.NOT_ON_GITHUB)


@contextlib.contextmanager
def _inert(on_github: bool) -> Iterator[None]:  # noqa: FBT001 - as above
    """Keep what is printed in the block from being taken for commands, in GitHub Actions."""
    if not on_github:
        yield
        return
    from grader.report.github import inert

    with inert(click.echo):
        yield


def _tell_github(
    result: Result, katas: Sequence[Kata], answers: dict[str, Answer], *, to_classroom: bool = False
) -> None:
    """Annotate the learner's lines, and add to the summary of the step; no answer runs any more."""
    from grader.report import github

    for command in github.commands(result, github.files_of(katas, answers)):
        click.echo(command)
    path = Path(os.environ["GITHUB_STEP_SUMMARY"])
    try:
        github.write_summary(result, path)
    except OSError as error:
        raise StopError(messages.summary_unwritten(path, error)) from error
    if to_classroom:
        _tell_classroom(result)


def _tell_classroom(result: Result) -> None:
    """Tell the points as GitHub Classroom's reporter did, and hand the result to the steps after this one."""
    from grader.report import classroom

    for command in classroom.notices(result):
        click.echo(command)
    if path := os.environ.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(classroom.output(result))


def _nothing_to_grade(since: str | None, *, on_github: bool) -> Exit:
    told = line(messages.nothing_to_grade(since))
    click.echo(f"::notice title=Grade::{told}" if on_github else told)
    if on_github:
        _add_to_summary(messages.SUMMARY_OF_NOTHING)
    return Exit.PASSED


def _add_to_summary(text: str) -> None:
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as file:
        file.write(text)


def _tell_not_compared(told: str) -> None:
    """Say where the request is looked at that nobody can tell what it changes."""
    click.echo(f"::error title=Grade::{told}")
    _add_to_summary(messages.summary_of_no_comparison(told))


def _write_all(result: Result, json_path: Path | None, exports: Mapping[str, Path]) -> list[str]:
    """Write every file that was asked for; return a sentence for each that could not be."""
    from grader.report.result import encode
    from grader.report.saving import save

    files: list[tuple[Path, Callable[[Result], bytes]]] = [(json_path, encode)] if json_path is not None else []
    files += [(path, FORMATS[name].write) for name, path in exports.items()]
    unwritten = []
    for path, write in files:
        try:
            save(path, write(result))
        except OSError as error:
            unwritten.append(messages.result_unwritten(path, error))
    return unwritten
