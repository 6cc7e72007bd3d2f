"""What runs beside the answer of kata 26: workloads, and tasks that wait for the judge's server or compute."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from multiprocessing.pool import Pool
from types import ModuleType
from typing import Any


def choose(answer: ModuleType, kind: str, items: int, waits: float, computes: float) -> Any:
    """Ask for the choice for a workload of so many items."""
    workload = answer.Workload(kind=kind, task=abs, items=list(range(items)), waits=waits, computes=computes)
    return answer.choose(workload)


def run(
    answer: ModuleType, task: str, items: list[Any], workers: int, *, kind: str, waits: float, computes: float
) -> Any:
    """Have a workload run whose task is the function of that name below."""
    function = {"fetch": fetch, "compute": compute, "divide": divide}[task]
    workload = answer.Workload(kind=kind, task=function, items=items, waits=waits, computes=computes)
    return answer.run(workload, workers)


def pool_told(answer: ModuleType, task: str, items: list[Any], workers: int, **how: Any) -> list[str]:
    """Do what `run` does; return the names of these methods of `multiprocessing.Pool` in the order of their calls."""
    told: list[str] = []
    original = {name: getattr(Pool, name) for name in ("close", "join", "terminate")}

    def noted(name: str) -> Callable[..., None]:
        def call(pool: Pool) -> None:
            told.append(name)
            original[name](pool)

        return call

    for name in original:
        setattr(Pool, name, noted(name))
    try:
        run(answer, task, items, workers, **how)
    finally:
        for name, method in original.items():
            setattr(Pool, name, method)
    return told


def work(_: ModuleType, rounds: int) -> int:
    """Compute without the answer, to find out what it costs here."""
    return compute(rounds)


def fetch(url: str) -> str:
    """Wait for a page."""
    with urllib.request.urlopen(url, timeout=30) as page:  # noqa: S310 - of the judge's own server
        text: str = page.read().decode()
    return text


def compute(rounds: int) -> int:
    """Compute for a while; every third item more gives another value."""
    total = 0
    for number in range(rounds):
        total = (total + number * number) % 1_000_003
    return rounds


def divide(number: int) -> float:
    """Fail for 0."""
    return 1 / number
