"""Questions on the terminal, which Ctrl-C, the end of the input and a closed terminal may answer at any moment."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
from collections.abc import Iterator
from typing import Final

import click

from grader.cli import messages
from grader.report import Exit

_YES: Final = ("y", "yes")
_NO: Final = ("n", "no", "")


class StoppedError(click.ClickException):
    """Whoever was asked something went away; the text says what became of it."""

    exit_code = Exit.INTERRUPTED


def agreed(question: str) -> bool:
    """Ask on the terminal; return whether the answer is yes.

    Raises:
        click.UsageError: if there is no terminal to ask on.
        StoppedError: if it is interrupted, or the input ends.
    """
    if not sys.stdin.isatty():
        raise click.UsageError(messages.NO_TERMINAL)
    while True:
        answer = _typed(messages.prompt(question)).lower()
        if answer in _YES or answer in _NO:
            return answer in _YES
        click.echo(messages.YES_OR_NO)


def _typed(prompt: str) -> str:
    """Return the line that is typed behind `prompt`, without space around it."""
    try:
        click.echo(prompt, nl=False)
        if sys.platform != "win32":
            _wait_for_a_line()
        row = sys.stdin.readline()
    except KeyboardInterrupt:
        row = ""
    if not row:
        with contextlib.suppress(OSError):  # a terminal that has gone
            click.echo(err=True)
        raise StoppedError(messages.INTERRUPTED)
    return row.strip()


def _wait_for_a_line() -> None:
    """Wait until there is something to read. A read that begins just after a Ctrl-C would not hear of it."""
    with _wakened_by_signals() as woken:
        select.select([sys.stdin, woken], [], [])


@contextlib.contextmanager
def _wakened_by_signals() -> Iterator[int]:
    """Let something be read from the handle that is yielded as soon as a signal has come."""
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    before = signal.set_wakeup_fd(writes)
    try:
        yield reads
    finally:
        signal.set_wakeup_fd(before)
        os.close(reads)
        os.close(writes)
