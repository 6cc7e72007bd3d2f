"""`watch`: a kata is judged at each save, on a terminal."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import sys

import click

from grader.cli.grade import run
from grader.cli.words import the_course
from grader.report import Exit


@click.command()
@click.argument("word", required=False, metavar="[KATA]")
@click.pass_context
def watch(context: click.Context, word: str | None) -> Exit:
    """Judge a kata at each save, beginning with the first that is not done."""
    from grader.watch import words

    course = the_course()
    kata = course.find([word])[0] if word is not None else None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        from grader.watch.deeds import entries
        from grader.watch.model import first_open

        click.echo(words.NO_TERMINAL)
        once = kata or course.katas[first_open(entries(course)) or 0]
        return Exit(context.invoke(run, words=(once.name,)))
    from grader.report.terminal import console
    from grader.watch.loop import Watch

    screen = console()
    full = not (screen.is_dumb_terminal or screen.legacy_windows)
    return Watch(course, course.katas.index(kata) if kata is not None else None, full=full).go()
