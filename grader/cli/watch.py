"""`watch`: a kata is judged at each save, on a terminal."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import sys

import click

from grader.cli.grade import check_time_scale, run
from grader.cli.words import maybe_kata_argument, the_course
from grader.course import checks
from grader.report import Exit


@click.command()
@maybe_kata_argument
@click.option(
    "--time-scale",
    default=1.0,
    callback=check_time_scale,
    metavar="X",
    help="Slow machine? Widen limits of real time X times.",
)
@click.pass_context
def watch(context: click.Context, word: str | None, *, time_scale: float) -> Exit:
    """Judge a kata at each save, beginning with the first that is not done."""
    from grader.watch import messages

    course = the_course()
    kata = course.find([word])[0] if word is not None else None
    if kata is not None:
        checks(kata)  # of this one it is said at once that it can't be read; another one keeps nobody from it
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        from grader.watch.deeds import entries
        from grader.watch.model import first_open

        click.echo(messages.NO_TERMINAL)
        once = kata or course.katas[first_open(entries(course)[0]) or 0]
        return Exit(context.invoke(run, words=(once.name,), time_scale=time_scale))
    from grader.report.terminal import console
    from grader.watch.loop import Watch

    screen = console()
    full = not (screen.is_dumb_terminal or screen.legacy_windows)
    at = course.katas.index(kata) if kata is not None else None
    return Watch(course, at, full=full, time_scale=time_scale).go()
