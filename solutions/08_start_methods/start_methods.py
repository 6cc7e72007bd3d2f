"""The reference for kata 08."""

from __future__ import annotations

import multiprocessing
import pickle
from typing import Any


# At the top level: a process that is no fork imports this file and finds the function by its name.
def square(number: int) -> int:
    """Return the square of `number`."""
    return number * number


def square_all(numbers: list[int], method: str) -> list[int]:
    """Return the square of each of `numbers`, in order, computed by two processes of the start method `method`."""
    # A context has all that the module has, and leaves the default alone; it refuses an unknown name with ValueError.
    with multiprocessing.get_context(method).Pool(2) as pool:
        return pool.map(square, numbers)


def usable_methods() -> list[str]:
    """Return the names of the start methods that this system has."""
    return list(multiprocessing.get_all_start_methods())


def is_sendable(obj: Any) -> bool:
    """Tell whether pickle can write `obj`, and read it again."""
    try:
        pickle.loads(pickle.dumps(obj))  # noqa: S301 - it was written right here
    except Exception:  # noqa: BLE001 - objects may raise what they like when they are written or read
        return False
    return True
