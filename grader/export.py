"""The command `export`: results, as `run --json` wrote them, become what other systems read.

Imports stand inside the commands: each pays only for what it uses.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader import messages
from grader.report import Exit
from grader.report.formats import FORMATS

if TYPE_CHECKING:
    from grader.report.gradebook import Row


class _Formats(click.Group):
    """The formats, where a wrong one is told which there are."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise click.UsageError(messages.no_format(args[0], self.commands), ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Formats)
def export() -> None:
    """Write results (of `run --json`) as what other systems read."""


_FILE: Any = click.Path(path_type=Path)
_one_result = click.argument("path", type=_FILE, metavar="RESULT")
_results = click.argument("paths", nargs=-1, required=True, type=_FILE, metavar="RESULT...")
_name = click.option("--name", metavar="NAME", help="What the one submission is called; else the name of its folder.")
_out = click.option("-o", "out", type=_FILE, metavar="FILE", help="Write it here, not to the terminal.")


def check_format(name: str) -> None:
    """Refuse a format that can't be written here, in a sentence."""
    lacking = FORMATS[name].lacks()
    if lacking:
        raise click.UsageError(messages.format_lacks(name, lacking))


def _add(name: str) -> None:
    """Make a format of one result a command."""
    said = messages.writes_one(FORMATS[name].reader)

    @export.command(name, help=said, short_help=said)
    @_one_result
    @_out
    def write(path: Path, out: Path | None) -> None:
        from grader.report.rows import ExportError, read

        check_format(name)
        try:
            result = read(path)
        except ExportError as error:
            raise click.UsageError(str(error)) from error
        _put(out, FORMATS[name].write(result), [path])


for _known in FORMATS:
    _add(_known)


@export.command(short_help="Write results as a CSV file for Canvas' gradebook.")
@_results
@click.option("--assignment", default="Threads and processes", metavar="TITLE", help="As in Canvas: Katas (12345).")
@_name
@_out
def canvas(paths: tuple[Path, ...], assignment: str, name: str | None, out: Path | None) -> None:
    """Write results as a CSV file for Canvas' gradebook, a row for each."""
    from grader.report.canvas import TwiceError, write

    try:
        made = write(_rows(paths, name), assignment)
    except TwiceError as error:
        raise click.UsageError(str(error)) from error
    _put(out, made, paths)


@export.command(short_help="Fill the grading worksheet of a Moodle assignment.")
@_results
@click.option("--worksheet", required=True, type=_FILE, metavar="FILE", help="The grading worksheet from Moodle.")
@click.option("--grade-column", default="Grade", metavar="NAME", help="What Moodle calls it in your language.")
@click.option("--feedback-column", default="Feedback comments", metavar="NAME", help="The same, of the feedback.")
@click.option("--status-column", default="Status", metavar="NAME", help="The same: names stand left of it only.")
@_name
@_out
def moodle(
    paths: tuple[Path, ...],
    name: str | None,
    out: Path | None,
    *,
    worksheet: Path,
    grade_column: str,
    feedback_column: str,
    status_column: str,
) -> Exit:
    """Fill the grading worksheet of a Moodle assignment, and change nothing else in it.

    A submission is the row that holds its name: the participant, full name, e-mail address or ID number. The exit code
    is 1 if there is no row for one of them, or more than one.
    """
    from grader.report.moodle import Columns, WorksheetError, fill

    rows = _rows(paths, name)
    try:
        filled = fill(worksheet.read_bytes(), rows, Columns(grade_column, feedback_column, status_column))
    except OSError as error:
        raise click.UsageError(messages.unreadable(worksheet, error)) from error
    except WorksheetError as error:
        raise click.UsageError(f"{worksheet}: {error}") from error
    _put(out, filled.data, [worksheet, *paths])
    for sentence in (*filled.remarks, *filled.unclear, *map(messages.no_row, filled.missing)):
        click.echo(sentence, err=True)
    return Exit.FAILED if filled.missing or filled.unclear else Exit.PASSED


@export.command(short_help="Write results as CSV in the columns of nbgrader's export.")
@_results
@_name
@_out
def nbgrader(paths: tuple[Path, ...], name: str | None, out: Path | None) -> None:
    """Write results as CSV in the columns of nbgrader's export, a row for each and each kata."""
    from grader.report.nbgrader import write

    _put(out, write(_rows(paths, name)), paths)


@export.command("gradescope-autograder", short_help="Write the archive that grades katas on Gradescope.")
@click.argument("words", nargs=-1, metavar="[KATA]...")
@click.option("-o", "out", required=True, type=_FILE, metavar="FILE.zip", help="Write it here.")
def gradescope_autograder(words: tuple[str, ...], out: Path) -> None:
    """Write the archive that grades these katas, or all, on Gradescope."""
    _put_archive(words, out, "gradescope")


@export.command("classroom50-autograder", short_help="Write the archive that grades katas on Classroom 50.")
@click.argument("words", nargs=-1, metavar="[KATA]...")
@click.option("-o", "out", required=True, type=_FILE, metavar="FILE.zip", help="Write it here.")
def classroom50_autograder(words: tuple[str, ...], out: Path) -> None:
    """Write the archive that grades these katas, or all, on Classroom 50: unpack it in the assignment's folder."""
    _put_archive(words, out, "classroom50")


def _put_archive(words: Sequence[str], out: Path, service: str) -> None:
    from grader.autograder import SpoilerError, files_of, pack
    from grader.course import load, root_of

    course = load(root_of(Path.cwd()))
    katas = course.find(words)
    try:
        packed = pack(course, katas, service)
    except SpoilerError as error:
        raise click.UsageError(str(error)) from error
    _put(out, packed, files_of(course, katas).values())


def _rows(paths: Sequence[Path], name: str | None) -> list[Row]:
    """Return the rows of a gradebook, and tell on stderr what is odd about them."""
    from grader.report.gradebook import remarks
    from grader.report.rows import ExportError, rows

    try:
        found = rows(paths, name)
    except ExportError as error:
        raise click.UsageError(str(error)) from error
    for sentence in remarks(found):
        click.echo(sentence, err=True)
    return found


def _put(out: Path | None, data: bytes, inputs: Iterable[Path]) -> None:
    """Write `data` to a file that is none of the `inputs` it was made of, or to where the terminal or a pipe is."""
    from grader.report.saving import save

    if out is None or out == Path("-"):
        click.echo(data, nl=False)
        return
    if out.is_dir():
        raise click.UsageError(messages.is_a_folder(out))
    if out.is_file() and any(out.samefile(path) for path in inputs):
        raise click.UsageError(messages.is_read(out))
    try:
        save(out, data)
    except OSError as error:
        raise OSError(error.errno, messages.export_unwritten(error), str(out)) from error
