"""The commands: words in, words and an exit code out.

A command is a function in one of the modules here, and a line in `_COMMANDS`. Imports stand inside the commands: each
pays only for what it uses.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Any, Final

import click

from grader import __version__
from grader.cli import messages
from grader.cli.author import check, new
from grader.cli.grade import replay, run
from grader.cli.learn import hint, lesson, list_, next_, open_, reset, solution, stats
from grader.cli.machine import COMPLETE, completion, doctor
from grader.cli.teach import class_, notebook, template
from grader.cli.timeline import timeline
from grader.cli.watch import watch
from grader.course import CourseError, UnknownKata
from grader.export import export
from grader.interrupts import end_if_tied, stopped_by_signals
from grader.printable import clean
from grader.report import Exit


def main(arguments: Sequence[str] | None = None) -> Exit:
    """Run the command that `arguments` (or the process's own) name; return its exit code."""
    _start_as_usual()
    _show_anything()
    try:
        with stopped_by_signals():
            end_if_tied()
            code = commands.main(arguments, prog_name="python -m grader", complete_var=COMPLETE, standalone_mode=False)
            return Exit(code or 0)
    except click.ClickException as error:
        return _say(error.format_message(), Exit(error.exit_code))
    except (CourseError, UnknownKata) as error:
        return _say(str(error), Exit.MISUSE)
    except (KeyboardInterrupt, click.Abort):
        return _say(messages.STOPPED, Exit.INTERRUPTED)
    except OSError as error:
        return _say(_reason(error), Exit.FAULT)
    except Exception:  # noqa: BLE001 - a fault of ours must not look like a failed kata, exit code 1
        _say(traceback.format_exc(), Exit.FAULT)
        return _say(messages.FAULT, Exit.FAULT)


def _say(sentence: str, code: Exit) -> Exit:
    with contextlib.suppress(OSError):  # a terminal that has gone
        click.echo(clean(sentence), err=True)
    return code


def _reason(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}."


def _start_as_usual() -> None:
    """Mend what whoever started us may have left us with, and what would be told as a fault of ours or of answers.

    That is standard streams that are closed, the ends of children that are not told, and a umask that takes files and
    folders from their own owner.
    """
    while (handle := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        pass
    os.close(handle)
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - till the end
    sys.stderr = sys.stderr or sys.stdout
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.umask(os.umask(0o077) & 0o077)


_STDERR: Final = 2
"""The last number of a standard stream."""


def _show_anything() -> None:
    """Let a terminal that lacks a character show its number, in place of an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


class _Commands(click.Group):
    """`run` is what is meant where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = args and (not args[0].startswith("-") or args[0] in ("-h", "--help", "--version"))
        if not named and not ctx.resilient_parsing:  # a shell asks so for the commands
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in self.commands and not ctx.resilient_parsing:
            raise click.UsageError(messages.no_command(args[0], list(self.commands)), ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, help=messages.HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="grader %(version)s")
def commands() -> None:
    """Hold the commands together."""


_COMMANDS: Final[tuple[click.Command, ...]] = (
    run,
    watch,
    next_,
    lesson,
    open_,
    hint,
    solution,
    reset,
    list_,
    stats,
    replay,
    timeline,
    class_,
    export,
    template,
    notebook,
    new,
    check,
    doctor,
    completion,
)
for _command in _COMMANDS:
    commands.add_command(_command)
