"""What authors type: `check`."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import click

from grader.cli.words import grading, the_course
from grader.course import require_solutions
from grader.report import Exit


@click.command()
@click.argument("words", nargs=-1, metavar="[KATA]...")
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
    click.echo(f"Faults: {len(faults)}" if faults else "No faults.")
    return Exit.FAILED if faults else Exit.PASSED
