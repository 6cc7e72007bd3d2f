"""What learners type beside `run`: what is next, lessons, hints, and how far they are."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import datetime

import click

from grader.cli import messages
from grader.cli.asking import agreed
from grader.cli.words import (
    StopError,
    kata_argument,
    one,
    remembered,
    show_markdown,
    the_course,
    yes_option,
)
from grader.course import require_solutions
from grader.printable import line


@click.command("list")
def list_() -> None:
    """Show all katas, and which are done."""
    from grader.stats import done

    course = the_course()
    finished = done(course, remembered(course))
    room = max(len(kata.name) for kata in course.katas)
    name, part, points, needed, is_done, title = messages.COLUMNS_OF_KATAS
    column = f"  {is_done}" if finished else ""
    click.echo(f"{name:<{room}}  {part}  {points}  {needed:<9}{column}  {title}")
    for kata in course.katas:
        needs = "+".join(kata.needs)
        mark = f"  {messages.YES if kata in finished else '':<4}" if finished else ""
        click.echo(f"{kata.name:<{room}}  {kata.part:>4}  {kata.points:>6}  {needs:<9}{mark}  {kata.title}")


@click.command("next")
def next_() -> None:
    """Say which kata comes next, and how to begin with it."""
    from grader.messages import ungraded as not_graded
    from grader.stats import done, following, ungraded

    course = the_course()
    state = remembered(course)
    kata = following(course, state)
    click.echo(messages.done(len(done(course, state)), len(course.katas)))
    if left := ungraded(course, state):
        click.echo(not_graded([one.name for one in left]))
    click.echo(messages.NOTHING_LEFT if kata is None else messages.following(kata))


@click.command()
@kata_argument
def lesson(word: str) -> None:
    """Show a kata's lesson."""
    from grader.course import lesson as lesson_of

    show_markdown(lesson_of(one(the_course(), word)))


@click.command()
@kata_argument
@click.argument("number", type=int, required=False, metavar="[NUMBER]")
def hint(word: str, number: int | None) -> None:
    """Show a kata's next hint, one step more each time, or the one of that NUMBER."""
    from grader.hint import NoSuchHint, reveal

    course = the_course()
    try:
        show_markdown(reveal(course, one(course, word), number))
    except NoSuchHint as error:
        raise click.UsageError(str(error)) from error


@click.command("open")
@kata_argument
def open_(word: str) -> None:
    """Open your answer to a kata in your editor: $VISUAL, $EDITOR or the system's own."""
    from grader.editor import EditorError, open_files
    from grader.submission import written

    kata = one(the_course(), word)
    paths = written(kata)
    lost = [path.name for path in paths if not path.is_file()]
    if lost:
        raise StopError(messages.lost(kata, lost))
    try:
        open_files(paths, opening=lambda opened: click.echo(messages.opening(opened)))
    except EditorError as error:
        raise StopError(line(str(error), 400)) from error


@click.command()
@kata_argument
@yes_option
def reset(word: str, *, yes: bool) -> None:
    """Put a kata's stub back, from git. What you wrote is kept beside it."""
    from grader.stub import StubError, changed, original, put_back

    course = the_course()
    kata = one(course, word)
    try:
        files = original(course, kata)
        names = changed(kata, files)
    except StubError as error:
        raise StopError(line(str(error), 400)) from error
    if not names:
        click.echo(messages.as_it_was(kata))
    elif yes or agreed(messages.ask_reset(names, kept=any((kata.folder / one).exists() for one in names))):
        click.echo(messages.put_back(kata, names, put_back(kata, files)))
    else:
        click.echo(messages.NOTHING_CHANGED)


@click.command()
@kata_argument
@yes_option
def solution(word: str, *, yes: bool) -> None:
    """Show the course's own answer, once yours has passed; or after all hints, asked twice. --yes: at once."""
    from grader.solution import hints_seen, reference

    course = the_course()
    require_solutions(course, "solution")
    kata = one(course, word)
    state = remembered(course)
    passed, (seen, every) = bool(state.of(kata).passed), hints_seen(state, kata)
    if not (yes or passed) and seen < every:
        raise StopError(messages.no_solution_yet(kata, seen, every))
    if yes or passed or (agreed(messages.ask_solution(kata)) and agreed(messages.ASK_SOLUTION_AGAIN)):
        show_markdown(reference(course, kata))
    else:
        click.echo(messages.NOT_SHOWN)


@click.command()
def stats() -> None:
    """Show what is done, on how many days, and with how many attempts."""
    from grader.stats import rows

    course = the_course()
    for row in rows(course, remembered(course), datetime.datetime.now().astimezone().date()):
        click.echo(row)
