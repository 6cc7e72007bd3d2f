"""What is asked of the machine: `doctor`."""

from __future__ import annotations

import click


@click.command()
def doctor() -> None:
    """Say what this machine can do, what is missing, and what that means."""
    from grader.doctor import examine  # noqa: PLC0415 - who asks for something else does not wait for it

    for row in examine():
        click.echo(row)
