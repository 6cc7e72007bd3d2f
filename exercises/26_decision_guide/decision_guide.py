"""Kata 26: decide how a piece of work is done, and do it that way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Literal


@dataclasses.dataclass(frozen=True)
class Workload:
    """Work to be done: `task(item)` for each item.

    Attributes:
        kind: what it is about, "API" or "image" say; for people, nothing is to be decided by it.
        task: the function; it can be pickled, and so can items and results.
        items: what to call it with, a list.
        waits, computes: about how many seconds it waits and computes for one item.
    """

    kind: str
    task: Callable[[Any], Any]
    items: list[Any]
    waits: float
    computes: float


def choose(workload: Workload) -> Literal["threads", "processes", "neither"]:
    """Return what suits `workload`; decides by numbers, and runs nothing.

    The total is the number of items times the seconds for one, waiting and computing together. Less than 0.1 s in
    total: "neither". Else "processes" if one item computes longer than it waits, and "threads" if not.
    """
    raise NotImplementedError


def run(workload: Workload, workers: int) -> list[Any]:
    """Return `task(item)` for each item, in the order of the items, done in the way that `choose` says.

    "threads": by threads of this process, and "processes": by other processes; in both cases by as many at a time as
    there are items left, but no more than `workers`. "neither": one after the other, by the calling thread.

    Args:
        workers: 1 or more.

    Raises:
        ValueError: if `workers` is less than 1, whatever the workload.
        Exception: what the task raises; if it raises for several items, any of these.
    """
    raise NotImplementedError
