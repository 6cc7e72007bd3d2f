"""The reference for kata 26."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any, Literal


@dataclasses.dataclass(frozen=True)
class Workload:
    """Work to be done: `task(item)` for each item."""

    kind: str
    task: Callable[[Any], Any]
    items: list[Any]
    waits: float
    computes: float


TINY = 0.1
"""Seconds below which it costs more to begin a pool than it saves."""

POOLS = {"threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}


def choose(workload: Workload) -> Literal["threads", "processes", "neither"]:
    """Return what suits `workload`; decides by numbers, and runs nothing."""
    total = len(workload.items) * (workload.waits + workload.computes)
    if total < TINY:
        return "neither"
    return "processes" if workload.computes > workload.waits else "threads"


def run(workload: Workload, workers: int) -> list[Any]:
    """Return `task(item)` for each item, in the order of the items, done in the way that `choose` says."""
    if workers < 1:  # "neither" makes no pool that would refuse it
        raise ValueError(f"workers is {workers}, at least one is needed")
    chosen = choose(workload)
    if chosen == "neither":
        return [workload.task(item) for item in workload.items]
    # The task travels as it is. `map` keeps the order, and passes on what a task raises.
    with POOLS[chosen](max_workers=workers) as pool:
        return list(pool.map(workload.task, workload.items))
