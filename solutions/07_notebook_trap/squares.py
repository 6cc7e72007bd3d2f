"""The reference for kata 07: the worker, where a child process can import it from."""

from __future__ import annotations


def square(number: int) -> int:
    """Return `number` times itself."""
    return number * number
