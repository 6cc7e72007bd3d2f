"""What learners type beside `run`: `list`, `lesson`, `hint`."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import click

from grader.cli.words import one, show_markdown, the_course


@click.command("list")
def list_() -> None:
    """Show all katas."""
    katas = the_course().katas
    room = max(len(kata.name) for kata in katas)
    click.echo(f"{'kata':<{room}}  part  points  {'needs':<9}  title")
    for kata in katas:
        needs = "+".join(kata.needs)
        click.echo(f"{kata.name:<{room}}  {kata.part:>4}  {kata.points:>6}  {needs:<9}  {kata.title}")


@click.command()
@click.argument("word", metavar="KATA")
def lesson(word: str) -> None:
    """Show a kata's lesson."""
    from grader.course import lesson as lesson_of

    show_markdown(lesson_of(one(the_course(), word)))


@click.command()
@click.argument("word", metavar="KATA")
def hint(word: str) -> None:
    """Show a kata's next hint, one step more each time."""
    from grader.hint import reveal

    course = the_course()
    show_markdown(reveal(course, one(course, word)))
