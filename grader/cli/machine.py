"""What is asked of the machine, and told to its shell: `doctor` and `completion`."""
# ruff: noqa: PLC0415 - imports stand inside the commands: each pays only for what it uses

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Final

import click

COMPLETE: Final = "_GRADER_COMPLETE"
"""The variable by which a shell asks for completions."""


@click.command()
def doctor() -> None:
    """Say what this machine can do, what is missing, and what that means."""
    from grader.doctor import examine

    for row in examine():
        click.echo(row)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete commands and katas."""
    script = Path(__file__).with_name(f"completion.{shell}").read_text(encoding="utf-8")
    click.echo(script.replace("@python@", shlex.quote(sys.executable)), nl=False)
