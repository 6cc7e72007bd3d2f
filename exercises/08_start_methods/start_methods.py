"""Kata 08: processes of a chosen start method, and what can be sent to them."""

from __future__ import annotations

from typing import Any


def square_all(numbers: list[int], method: str) -> list[int]:
    """Return the square of each of `numbers`, in their order, computed by processes of the start method `method`.

    At each call one to four processes compute (where there are no numbers, it may be none). No more are started, a
    manager's included, and all have ended when it returns. This process computes no square itself. The default start
    method of the program stays as it is: `multiprocessing.get_start_method()` gives the same before, meanwhile and
    afterwards.

    Args:
        numbers: any ints, of any size, also none. The list stays as it is.
        method: ``"fork"``, ``"spawn"`` or ``"forkserver"``, as far as this system has it.

    Raises:
        ValueError: if this system has no such start method, whatever the numbers.
    """
    raise NotImplementedError


def usable_methods() -> list[str]:
    """Return the names of the start methods that this system has, in any order; the default stays as it is."""
    raise NotImplementedError


def is_sendable(obj: Any) -> bool:
    """Tell whether `obj` can be sent to a process that is no fork: `pickle` can write it, and read it again.

    Nothing is raised: whatever exception comes on the way means that it can't be.

    Args:
        obj: anything.
    """
    raise NotImplementedError
