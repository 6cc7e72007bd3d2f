"""What the learner's process says to a reader, in one place."""

from __future__ import annotations

from typing import Final

REGISTER_CLOSED: Final = "the judge's register is closed"
KERNEL_START: Final = "the start of the kernel"


def unreadable(kind: str, text: str) -> str:
    """Say that a value can't be read, for an exception of this `kind`."""
    return f"a value that can't be read ({kind}: {text})"


def cell(number: int) -> str:
    """Call a cell of a notebook by its number, from 1."""
    return f"cell {number}"


def line_of_cell(number: int, line: int, text: str) -> str:
    """Say which line of which cell led to an error, both from 1."""
    return f"cell {number}, line {line}: {text}"


def over_limit(cell: str, limit: float) -> str:
    """Say in which cell a notebook was when its time was over; `limit` is in seconds."""
    return f"{cell} had not ended when the notebook's {limit:g} s were over."


def kernel_ended(cell: str) -> str:
    """Say in which cell the kernel of a notebook ended."""
    return f"the kernel, which runs the cells, ended in {cell}."
