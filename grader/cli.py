"""The commands: words in, words and an exit code out.

Imports stand inside the commands: each pays only for what it uses.
"""
# ruff: noqa: PLC0415 - see above; `run` must answer in half a second

from __future__ import annotations

import contextlib
import importlib
import io
import math
import os
import re
import shlex
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader import __version__
from grader.course import Course, CourseError, Kata, UnknownKata, load, require_solutions, root_of
from grader.export import check_format, export
from grader.printable import clean, line
from grader.report import Exit, exit_code
from grader.report.formats import FORMATS

if TYPE_CHECKING:
    from grader.grading import Options
    from grader.report.progress import Live, Plain
    from grader.submission import Answer
    from grader.verdict import Result, Verdict


class _StopError(click.ClickException):
    """Nothing wrong with the words, but the command cannot go on; the text is a sentence for the user."""

    exit_code = Exit.FAULT


def main(arguments: Sequence[str] | None = None) -> Exit:
    """Run the command that `arguments` (or the process's own) name; return its exit code."""
    _show_anything()
    try:
        return Exit(commands.main(arguments, prog_name="python -m grader", standalone_mode=False) or 0)
    except click.ClickException as error:
        return _say(error.format_message(), Exit(error.exit_code))
    except (CourseError, UnknownKata) as error:
        return _say(str(error), Exit.MISUSE)
    except (KeyboardInterrupt, click.Abort):
        return _say("Interrupted.", Exit.INTERRUPTED)
    except OSError as error:
        return _say(_reason(error), Exit.FAULT)
    except Exception:  # noqa: BLE001 - a fault of ours must not look like a failed kata, exit code 1
        _say(traceback.format_exc(), Exit.FAULT)
        return _say("This is a fault of the grader, not of your answer. Please report it.", Exit.FAULT)


def _say(sentence: str, code: Exit) -> Exit:
    click.echo(clean(sentence), err=True)
    return code


def _reason(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}."


def _show_anything() -> None:
    """Let a terminal that lacks a character show its number, in place of an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


class _Commands(click.Group):
    """`run` is what is meant where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help", "--version")):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in self.commands:
            known = ", ".join(self.commands)
            hint = f"To grade a kata: python -m grader run {args[0]}. The commands are: {known}."
            raise click.UsageError(f"There is no command {args[0]!r}. {hint}", ctx)
        return super().resolve_command(ctx, args)


_HELP = """Grades your answers to the katas, and says what to do next.

\b
python -m grader              grade everything in exercises/
python -m grader lesson 01    read the lesson of the first kata
python -m grader run 01       grade that kata
python -m grader hint 01      get a hint; ask again for the next one

A KATA is meant by its number (01), its name (01_print_tasks) or a part of it (print)."""


@click.group(cls=_Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="grader %(version)s")
def commands() -> None:
    """Hold the commands together."""


def _time_scale(_: click.Context, __: click.Parameter, value: float) -> float:
    if not (math.isfinite(value) and 1 <= value <= 100):  # noqa: PLR2004 - as the message says
        raise click.BadParameter("a number from 1 to 100 is expected.")
    return value


def _format_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` an option for each format, ``--junit PATH``."""
    for name, known in reversed([*FORMATS.items()]):
        said = f"Write {known.reader}."
        command = click.option(f"--{name}", name, type=click.Path(path_type=Path), metavar="PATH", help=said)(command)
    return command


@commands.command()
@click.argument("words", nargs=-1, metavar="[KATA]...")
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
    callback=_time_scale,
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

    course = _course()
    _check_github(on_github)
    _check_tier(require_tier)
    wanted = {kind: path for kind, path in exports.items() if path is not None}
    _check_paths({"json": json_path} if json_path is not None else {}, wanted)
    katas = _changed(course.find(words), submission, changed_since)
    if not katas:
        return _nothing_to_grade(changed_since, on_github=on_github)
    answers = _answers(course, katas, answer, submission)
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
        result = _naming_answers(result, answers) if answer or submission else result
        _show(result)
    if on_github:
        _tell_github(result, katas, answers)
    if on_github and "classroom" in wanted:
        _tell_classroom(result)
    _write_all(result, json_path, wanted)
    return exit_code(result)


@commands.command()
@click.argument("word", metavar="KATA")
@click.argument("schedule")
@click.option(
    "--answer", type=click.Path(path_type=Path), metavar="PATH", help="Replay this file or folder in place of yours."
)
def replay(word: str, schedule: str, answer: Path | None) -> Exit:
    """Run a kata under the one SCHEDULE that a failure named, and show what its threads do."""
    from grader.grading import Options, grade
    from grader.report.progress import Plain
    from grader.report.terminal import console, show_stories

    course = _course()
    kata = _one(course, word)
    answers = _answers(course, [kata], answer, None)
    with _grading():
        result = grade([kata], answers, Options(only_bubble=True, schedule=schedule), Plain(io.StringIO()))
    if result.interrupted:
        return Exit.INTERRUPTED
    if show_stories(_naming_answers(result, answers) if answer else result, console()):
        return Exit.PASSED
    reason = (
        "It belongs to another answer (is yours changed since?), another kata, or another version of Python, "
        "or what it chooses never comes."
    )
    raise click.UsageError(f"No check of {kata.name} knows the schedule {schedule}. {reason}")


def _shard(_: click.Context, __: click.Parameter, value: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", value)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise click.BadParameter("two numbers like 1/4 are expected: the first of four parts.")
    return int(match[1]), int(match[2])


@commands.command("class")
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
    from grader.cohort import TABLE, Row, grade_all

    course = _course()
    _check_tier(require_tier)
    katas = [kata.name for kata in course.find(words)] if words else []

    def tell(row: Row, done: int, every: int) -> None:
        came = f"{row.score} of {row.max_score} points" if not row.problem else row.problem
        click.echo(line(f"{done}/{every} {row.name}: {came}", 400))

    rows = grade_all(course.root, folder, out, katas=katas, jobs=jobs, shard=shard, told=tell)
    if not rows:
        raise click.UsageError(f"There is no submission in {folder}: neither a folder nor a zip archive.")
    problems = sum(bool(row.problem) for row in rows)
    click.echo(f"{len(rows) - problems} of {len(rows)} submissions graded. See {out / TABLE}.")
    return Exit.FAILED if problems else Exit.PASSED


commands.add_command(export)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--kata", "words", multiple=True, metavar="KATA", help="Put in only this one; may be said again.")
def template(folder: Path, words: tuple[str, ...]) -> None:
    """For teachers: make a student repository in DIR, the course without solutions."""
    from grader.template import TemplateError, make

    course = _course()
    katas = course.find(words)
    try:
        make(course, katas, folder)
    except TemplateError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"{folder} is a repository for students, with {len(katas)} katas. What is next: docs/teachers.md.")


@commands.command("list")
def list_() -> None:
    """Show all katas."""
    katas = _course().katas
    room = max(len(kata.name) for kata in katas)
    click.echo(f"{'kata':<{room}}  part  points  {'needs':<9}  title")
    for kata in katas:
        needs = "+".join(kata.needs)
        click.echo(f"{kata.name:<{room}}  {kata.part:>4}  {kata.points:>6}  {needs:<9}  {kata.title}")


@commands.command()
@click.argument("word", metavar="KATA")
def lesson(word: str) -> None:
    """Show a kata's lesson."""
    from grader.course import lesson as lesson_of

    _show_markdown(lesson_of(_one(_course(), word)))


@commands.command()
@click.argument("word", metavar="KATA")
def hint(word: str) -> None:
    """Show a kata's next hint, one step more each time."""
    from grader.hint import reveal

    course = _course()
    _show_markdown(reveal(course, _one(course, word)))


@commands.command()
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

    made = part(_course(), number)
    try:
        with path.open("xb") as file:
            file.write(made)
    except FileExistsError as error:
        raise click.UsageError(f"-o: there is a {path} already. Name another file.") from error
    except OSError as error:
        raise _StopError(f"The notebook can't be written to {path}: {error.strerror}.") from error
    click.echo(f"Written to {path}. Open it in Jupyter.")


@commands.command()
@click.argument("words", nargs=-1, metavar="[KATA]...")
def check(words: tuple[str, ...]) -> Exit:
    """For authors: prove that katas are complete and that their checks tell right from wrong."""
    from grader.check import prove

    course = _course()
    require_solutions(course, "check")
    katas = course.find(words)
    with _grading():
        faults = prove(course, katas, click.echo)
    for fault in faults:
        click.echo(str(fault))
    click.echo(f"Faults: {len(faults)}" if faults else "No faults.")
    return Exit.FAILED if faults else Exit.PASSED


@commands.command()
def doctor() -> None:
    """Say what this machine can do, what is missing, and what that means."""
    from grader.doctor import examine

    for row in examine():
        click.echo(row)


def _course() -> Course:
    return load(root_of(Path.cwd()))


def _one(course: Course, word: str) -> Kata:
    return course.find([word])[0]


def _changed(katas: Sequence[Kata], folder: Path | None, since: str | None) -> Sequence[Kata]:
    """Return those of `katas` whose answers changed in the repository `folder`; all, if it is not asked."""
    from grader.git import GitError, changed

    if not since:
        return katas
    if folder is None:
        raise click.UsageError("--changed-since goes with --submission: it asks git in that folder.")
    try:
        return changed(katas, folder, since)
    except GitError as error:
        raise click.UsageError(f"--changed-since: {error}") from error


def _answers(course: Course, katas: Sequence[Kata], path: Path | None, folder: Path | None) -> dict[str, Answer]:
    from grader.submission import find, read

    if path is not None and folder is not None:
        raise click.UsageError("Give --answer or --submission, not both.")
    if path is not None:
        if len(katas) != 1:
            raise click.UsageError("--answer is for one kata. Name it: python -m grader run 01 --answer PATH")
        if not os.path.lexists(path):
            raise click.UsageError(f"--answer: there is no {path}.")
        return {katas[0].name: read(katas[0], path)}
    if folder is not None and not folder.is_dir():
        raise click.UsageError(f"--submission: there is no folder {folder}.")
    return {kata.name: find(kata, folder or course.root) for kata in katas}


def _naming_answers(result: Result, answers: Mapping[str, Answer]) -> Result:
    """Return `result` with the path of the answer in the commands that show a schedule again."""
    from msgspec.structs import replace

    from grader.verdict import AGAIN

    def named(message: str, path: str) -> str:
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
    with _grading(), _progress() as listener:
        return grade(katas, answers, options, listener)


@contextlib.contextmanager
def _grading() -> Iterator[None]:
    """Tell the one error that grading may raise in a sentence."""
    from grader.judge.pool import JudgesError

    try:
        yield
    except JudgesError as error:
        raise _StopError(f"Nothing can be graded here: {error}") from error


def _progress() -> Live | Plain:
    from grader.report.progress import Live, Plain

    return Live() if sys.stdout.isatty() else Plain(sys.stdout)


def _show(result: Result) -> None:
    from grader.report.terminal import console, show

    show(result, console())


def _show_markdown(text: str) -> None:
    text = clean(text, 1_000_000)
    if not sys.stdout.isatty():
        click.echo(text)
        return
    from rich.markdown import Markdown

    from grader.report.terminal import console

    console().print(Markdown(text))


def _check_github(wanted: bool) -> None:  # noqa: FBT001 - whether it is wanted is all there is to say
    if wanted and not os.environ.get("GITHUB_STEP_SUMMARY"):
        raise click.UsageError("--github: GITHUB_STEP_SUMMARY is not set: this is for a step of GitHub Actions.")


@contextlib.contextmanager
def _inert(on_github: bool) -> Iterator[None]:  # noqa: FBT001 - as above
    """Keep what is printed in the block from being taken for commands, in GitHub Actions."""
    if not on_github:
        yield
        return
    from grader.report.github import inert

    with inert(click.echo):
        yield


def _tell_github(result: Result, katas: Sequence[Kata], answers: dict[str, Answer]) -> None:
    """Annotate the learner's lines, and add to the summary of the step; no answer runs any more."""
    from grader.report import github

    for command in github.commands(result, github.files_of(katas, answers)):
        click.echo(command)
    path = Path(os.environ["GITHUB_STEP_SUMMARY"])
    try:
        github.write_summary(result, path)
    except OSError as error:
        raise _StopError(f"The summary can't be written to {path}: {error.strerror}.") from error


def _tell_classroom(result: Result) -> None:
    """Tell the points as GitHub Classroom's reporter did, and hand the result to the steps after this one."""
    from grader.report import classroom

    for command in classroom.notices(result):
        click.echo(command)
    if path := os.environ.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(classroom.output(result))


def _nothing_to_grade(since: str | None, *, on_github: bool) -> Exit:
    told = line(f"Nothing to grade: no answer differs from {since}.")
    click.echo(f"::notice title=Grade::{told}" if on_github else told)
    if on_github:
        with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as file:
            file.write("## Nothing to grade\n\nNo answer is changed.\n")
    return Exit.PASSED


def _check_tier(wanted: str | None) -> None:
    """Refuse to grade where answers are not kept in as well as `wanted` says: A is better than B, and B than C."""
    from grader.sandbox.survey import survey

    if wanted is not None and survey().tier > wanted:
        lacking = ", ".join(guard for guard, active in survey().guards.items() if not active)
        reason = f"This is tier {survey().tier}, and tier {wanted} is required. Missing here: {lacking}."
        raise _StopError(f"Nothing was graded. {reason} `python -m grader doctor` says more.")


def _check_paths(json: Mapping[str, Path], exports: Mapping[str, Path]) -> None:
    """Refuse now what would fail when all is graded."""
    for name, path in (*json.items(), *exports.items()):
        if path.is_dir():
            raise click.UsageError(f"--{name}: {path} is a folder. Name a file in it.")
        if not path.parent.is_dir():
            raise click.UsageError(f"--{name}: there is no folder {path.parent}. Make it first.")
    for name in exports:
        check_format(name)


def _write_all(result: Result, json_path: Path | None, exports: Mapping[str, Path]) -> None:
    """Write every file that was asked for, and only then say which could not be."""
    from grader.report.result import encode
    from grader.report.saving import save

    files: list[tuple[Path, Callable[[Result], bytes]]] = [(json_path, encode)] if json_path is not None else []
    files += [(path, FORMATS[name].write) for name, path in exports.items()]
    unwritten = []
    for path, write in files:
        try:
            save(path, write(result))
        except OSError as error:
            unwritten.append(f"The result can't be written to {path}: {error.strerror}.")
    if unwritten:
        raise _StopError(" ".join(unwritten))
