"""The same names and the same orders in each run: counters that start again, hashes by order of creation."""

from __future__ import annotations

import itertools
import threading
from typing import Any


class Numbering:
    """Makes each run number its threads and pools alike ("Thread-1"), and hash objects alike.

    Sets of threads, futures and tasks would iterate by address otherwise, in another order each time.
    """

    counters: list[tuple[Any, str]] = [(threading, "_counter")]  # noqa: RUF012 - one for the process
    """Owner and name of what counts: the ``__next__`` of an `itertools.count`."""

    hashes = itertools.count(1)

    def __enter__(self) -> None:
        Numbering.hashes = itertools.count(1)
        self._next = [_peek(getattr(owner, name).__self__) for owner, name in Numbering.counters]

    def __exit__(self, *error: object) -> None:
        for (owner, name), number in zip(Numbering.counters, self._next, strict=True):
            setattr(owner, name, itertools.count(number).__next__)


def _peek(count: Any) -> int:
    """Return what `count` will give next, without taking it."""
    return int(repr(count)[len("count(") : -1])


def ordinal_hash(self: Any) -> int:
    """Stand for ``__hash__``: the how-manieth object of its run that was asked for its hash."""
    try:
        return self._bubble_hash  # type: ignore[no-any-return]
    except AttributeError:
        self._bubble_hash = next(Numbering.hashes)
        return self._bubble_hash  # type: ignore[no-any-return]
