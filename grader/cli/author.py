"""What authors type: `new` and `check`."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import click

from grader.cli import messages
from grader.cli.words import grading, katas_argument, the_course
from grader.course import require_solutions
from grader.report import Exit


@click.command()
@click.argument("name", metavar="NN_name")
def new(name: str) -> None:
    """For authors: make the two folders of a kata, for `check` to say what is missing."""
    from grader.new import NewError, make

    course = the_course()
    require_solutions(course, "new")
    try:
        paths = make(course, name)
    except NewError as error:
        raise click.UsageError(str(error)) from error
    for path in paths:
        click.echo(path.relative_to(course.root).as_posix())
    click.echo(messages.to_be_written(name))


@click.command()
@katas_argument
def check(words: tuple[str, ...]) -> Exit:
    """For authors: prove that katas are complete and that their checks tell right from wrong."""
    from grader.check import prove

    course = the_course()
    require_solutions(course, "check")
    katas = course.find(words)
    with grading():
        faults = prove(course, katas, click.echo)
    for fault in faults:
        click.echo(str(fault))
    click.echo(messages.faults(len(faults)))
    return Exit.FAILED if faults else Exit.PASSED
