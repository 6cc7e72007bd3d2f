"""What the words of a command mean: the course that it is typed in, katas, answers; and how it stops."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli import messages
from grader.course import Course, CourseError, Kata, load, root_of
from grader.printable import clean
from grader.report import Exit

if TYPE_CHECKING:
    from grader.state import State
    from grader.submission import Answer


def _complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Return the names of katas that a half typed word may become, for a shell that completes it."""
    try:
        names = [kata.name for kata in the_course().katas]
    except CourseError:
        return []
    begun = [name for name in names if name.startswith(incomplete)]
    return begun or [name for name in names if incomplete in name]


kata_argument: Final = click.argument("word", metavar="KATA", shell_complete=_complete)
"""One kata, which the command takes as `word`."""

maybe_kata_argument: Final = click.argument("word", required=False, metavar="[KATA]", shell_complete=_complete)
"""One kata or none, which the command takes as `word`, None for none."""

katas_argument: Final = click.argument("words", nargs=-1, metavar="[KATA]...", shell_complete=_complete)
"""Some katas, or all of them for no word; the command takes them as `words`."""

yes_option: Final = click.option("--yes", is_flag=True, help="Do it without asking.")


class StopError(click.ClickException):
    """Nothing wrong with the words, but the command cannot go on; the text is a sentence for the user."""

    exit_code = Exit.FAULT


def the_course() -> Course:
    """Return the course of the clone that the command is typed in.

    Raises:
        CourseError: if there is none, or it is not well described.
    """
    return load(root_of(Path.cwd()))


def one(course: Course, word: str) -> Kata:
    """Return the kata that `word` means.

    Raises:
        UnknownKata: if it means none, or several.
    """
    return course.find([word])[0]


def answers_of(course: Course, katas: Sequence[Kata], path: Path | None, folder: Path | None) -> dict[str, Answer]:
    """Return the answers to `katas`: the one at `path`, those in `folder`, or the clone's own.

    Raises:
        click.UsageError: if there is nothing of the kind.
    """
    from grader.submission import find, read

    if path is not None and folder is not None:
        raise click.UsageError(messages.ANSWER_OR_SUBMISSION)
    if path is not None:
        if len(katas) != 1:
            raise click.UsageError(messages.ANSWER_TO_ONE)
        if not os.path.lexists(path):
            raise click.UsageError(messages.no_answer(path))
        return {katas[0].name: read(katas[0], path)}
    if folder is not None and not folder.is_dir():
        raise click.UsageError(messages.no_submission_folder(folder))
    return {kata.name: find(kata, folder or course.root) for kata in katas}


def check_paths(course: Course, paths: Mapping[str, Path | None]) -> None:
    """Refuse now, of files that shall be written, what would fail when all is graded, or cost the learner an answer.

    Args:
        paths: by the name of the option, None where it is not given.

    Raises:
        click.UsageError: with the first that can't be.
    """
    folders = {folder.resolve() for kata in course.katas for folder in (kata.folder, kata.solution)}
    for name, path in paths.items():
        if path is None:
            continue
        if path == Path("-"):
            raise click.UsageError(messages.is_no_file(f"--{name}"))
        if path.is_dir():
            raise click.UsageError(messages.is_a_folder(f"--{name}", path))
        if not path.parent.is_dir():
            raise click.UsageError(messages.no_folder_for(f"--{name}", path))
        if path.exists() and path.resolve().parent in folders:
            raise click.UsageError(messages.is_of_a_kata(f"--{name}", path))


@contextlib.contextmanager
def grading() -> Iterator[None]:
    """Tell the one error that grading may raise in a sentence."""
    from grader.judge.pool import JudgesError

    try:
        yield
    except JudgesError as error:
        raise StopError(messages.nothing_graded_here(error)) from error


def remembered(course: Course) -> State:
    """Return what is remembered of the learner, and say it where that could not be read."""
    from grader.state import load as load_state

    state = load_state(course.root)
    if state.remark:
        click.echo(state.remark, err=True)
    return state


def show_markdown(text: str) -> None:
    """Show Markdown: rendered on a terminal, as it is elsewhere."""
    if not sys.stdout.isatty():
        click.echo(clean(text, 1_000_000))
        return
    from grader.report.in_ascii import alike, spelt
    from grader.report.markdown import Sheet
    from grader.report.terminal import console

    out = console()
    if out.encoding.startswith("utf"):
        out.print(Sheet(text), crop=False)
        return
    with out.capture() as written:
        out.print(Sheet(spelt(text)), crop=False)
    click.echo(alike(written.get()), nl=False)


def check_tier(wanted: str | None) -> None:
    """Refuse to grade where answers are not kept in as well as `wanted` says: A is better than B, and B than C."""
    from grader.sandbox.survey import survey

    if wanted is not None and survey().tier > wanted:
        lacking = [guard for guard, active in survey().guards.items() if not active]
        raise StopError(messages.tier_lacks(survey().tier, wanted, lacking))
