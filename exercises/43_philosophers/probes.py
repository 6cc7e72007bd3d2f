"""What runs beside the answer of kata 43."""

from __future__ import annotations

import threading
import time
from types import ModuleType
from typing import Any


def dine(answer: ModuleType, way: str, n: int, meals: int) -> list[tuple[int, str]]:
    """Return who began and who ended a meal, as it came."""
    told: list[tuple[int, str]] = []

    def eat(number: int) -> None:
        told.append((number, "begins"))
        told.append((number, "ends"))

    getattr(answer, way)(n, meals, lambda _number: None, eat)
    return told


def dine_slowly(answer: ModuleType, way: str, n: int, meals: int, seconds: list[float]) -> dict[str, Any]:
    """Let them think and eat for some `seconds`, one number for each; return what they did.

    Returns:
        ``told`` as of `dine`. Of each philosopher ``meals`` and ``thoughts``, and ``threads``: in how many threads
        these were. ``all threads``: how many threads these were in all. ``thinking at once``: the most that ever did.
        ``left``: how many threads are left.
    """
    thought, meal = seconds
    thinking: list[int] = []
    peak = [0]
    told: list[tuple[int, str]] = []
    calls: list[tuple[str, int, threading.Thread]] = []

    def think(number: int) -> None:
        calls.append(("thinks", number, threading.current_thread()))
        thinking.append(number)
        peak.append(len(thinking))
        time.sleep(thought)
        thinking.remove(number)

    def eat(number: int) -> None:
        calls.append(("eats", number, threading.current_thread()))
        told.append((number, "begins"))
        time.sleep(meal)
        told.append((number, "ends"))

    getattr(answer, way)(n, meals, think, eat)
    mine = [[(what, id(thread)) for what, number, thread in calls if number == one] for one in range(n)]
    return {
        "told": told,
        "meals": [sum(what == "eats" for what, _ in row) for row in mine],
        "thoughts": [sum(what == "thinks" for what, _ in row) for row in mine],
        "threads": [len({thread for _, thread in row}) for row in mine],
        "all threads": len({id(thread) for _, _, thread in calls}),
        "thinking at once": max(peak),
        "left": threading.active_count() - 1,
    }


def eating_at_once(answer: ModuleType, way: str) -> int:
    """Let two of four who are no neighbours be hungry first; return how many of them ate at the same time."""
    eating: list[int] = []
    peak = [0]

    def think(number: int) -> None:
        time.sleep(1000.0 if number % 2 else 1.0)

    def eat(number: int) -> None:
        eating.append(number)
        if not number % 2:
            peak.append(len(eating))
        time.sleep(10.0)
        eating.remove(number)

    getattr(answer, way)(4, 1, think, eat)
    return max(peak)
