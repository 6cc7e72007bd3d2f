"""What teachers type: `class`, `template` and `notebook`."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import messages
from grader.cli.words import StopError, check_tier, the_course
from grader.report import Exit

if TYPE_CHECKING:
    from grader.report.submissions import Bar, Lines


def _shard(_: click.Context, __: click.Parameter, value: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", value)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise click.BadParameter(messages.NO_SHARD)
    return int(match[1]), int(match[2])


@click.command("class")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Write results here.")
@click.option("--kata", "words", multiple=True, metavar="KATA", help="Grade only this one; may be said again.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Submissions to grade at once.")
@click.option("--shard", default="1/1", callback=_shard, metavar="I/N", help="Grade only the I-th of N parts of them.")
@click.option("--require-tier", type=click.Choice(["A", "B"]), help="As for `run`.")
def class_(
    folder: Path, out: Path, words: tuple[str, ...], jobs: int, *, shard: tuple[int, int], require_tier: str | None
) -> Exit:
    """Grade a folder of submissions: one result each, and scores.csv. Asked again, it goes on where it was."""
    from grader.cohort import TABLE, gone, grade_all
    from grader.handed_in import submissions, told

    course = the_course()
    check_tier(require_tier)
    katas = [kata.name for kata in course.find(words)] if words else []
    options = ["--require-tier", require_tier] if require_tier else []  # what was graded without may be of any tier

    if out.resolve().is_relative_to(folder.resolve()):
        raise click.UsageError(messages.lies_within(out, folder))
    if not submissions(folder):
        raise click.UsageError(messages.no_submission(folder))
    with _listener() as listener:
        rows = grade_all(
            course.root, folder, out, katas=katas, options=options, jobs=jobs, shard=shard, listener=listener
        )
    problems = sum(bool(row.problem) for row in rows)
    click.echo(messages.class_graded(len(rows) - problems, len(rows), out / TABLE))
    if left := gone(out, folder):
        click.echo(messages.results_gone(told(left)))
    return Exit.FAILED if problems else Exit.PASSED


def _listener() -> Bar | Lines:
    from grader.report.submissions import Bar, Lines

    moves = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return Bar() if moves else Lines(sys.stdout)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--kata", "words", multiple=True, metavar="KATA", help="Put in only this one; may be said again.")
def template(folder: Path, words: tuple[str, ...]) -> None:
    """For teachers: make a student repository in DIR, the course without solutions."""
    from grader.template import TemplateError, make

    course = the_course()
    katas = course.find(words)
    try:
        make(course, katas, folder)
    except TemplateError as error:
        raise click.UsageError(str(error)) from error
    click.echo(messages.template_made(folder, len(katas)))


@click.command()
@click.argument("number", type=int, metavar="PART")
@click.option(
    "-o",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Where to write it. What is there already is left alone.",
)
def notebook(number: int, path: Path) -> None:
    """Make a Jupyter notebook of a part's lessons and stubs."""
    from grader.notebook import part

    if path == Path("-"):
        raise click.UsageError(messages.is_no_file("-o"))
    made = part(the_course(), number)
    try:
        with path.open("xb") as file:
            file.write(made)
    except FileExistsError as error:
        raise click.UsageError(messages.is_there(path)) from error
    except OSError as error:
        raise StopError(messages.notebook_unwritten(path, error)) from error
    click.echo(messages.notebook_written(path))
