"""What runs beside the answer of kata 43."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

from grader.inside.register import Register


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


def beside_a_hungry(answer: ModuleType, way: str, hungry: int, step: int, meal: float) -> dict[str, Any]:
    """Let one of four eat for `meal` seconds, then his neighbour be hungry, and then the next one.

    Args:
        answer: the answer.
        way: the function that lets them dine.
        hungry: the neighbour, who has to wait for one fork of his.
        step: 1 if the one who eats sits at his right, else -1.
        meal: seconds, of the bubble's clock.

    Returns:
        ``ate``: whether the third one ate during that meal. He needs a fork that only the hungry one wants too, so it
        tells whether that one waited without a fork in hand. ``tries``: how often the hungry one asked for a lock in
        vain (who tries without a pause may always have a fork in hand when others look). ``meals``: how often each ate.
    """
    first, third = (hungry + step) % 4, (hungry - step) % 4
    meals, eating = [0] * 4, [False] * 4
    ate: list[bool] = []
    seat: dict[threading.Thread, int] = {}
    in_vain = count_in_vain()

    def think(number: int) -> None:
        seat[threading.current_thread()] = number
        time.sleep({first: 0.1, hungry: 0.2, third: 0.3}.get(number, 2 * meal))

    def eat(number: int) -> None:
        meals[number] += 1
        eating[number] = True
        if number == third:
            ate.append(eating[first])
        time.sleep(meal if number == first else 0.1)
        eating[number] = False

    getattr(answer, way)(4, 1, think, eat)
    tries = sum(seat.get(thread) == hungry for thread in in_vain)
    return {"ate": ate == [True], "tries": tries, "meals": meals}


def count_in_vain() -> list[threading.Thread]:
    """Return a list that gets the thread of each `acquire` from now on that ends without the lock or the place."""
    threads: list[threading.Thread] = []

    def noting(original: Callable[..., bool]) -> Callable[..., bool]:
        def acquire(*args: Any, **kwargs: Any) -> bool:
            taken = original(*args, **kwargs)
            if not taken:
                threads.append(threading.current_thread())
            return taken

        return acquire

    for kind in (type(threading.Lock()), type(threading.RLock()), threading.Semaphore):
        setattr(kind, "acquire", noting(kind.acquire))  # noqa: B010 - no type allows the assignment
    return threads


def waiter_seen(answer: ModuleType, n: int) -> dict[str, list[int]]:
    """Let `n` be hungry one after the other, and look at the semaphores that the answer has made.

    Returns:
        How many each lets in ``before`` anybody is hungry, ``during`` the first meal, while nobody else is hungry, and
        ``with one waiting``, later in that meal, when the next one is hungry: in the order in which they were made,
        without those of which that can't be told.
    """
    known = {id(semaphore) for semaphore in _semaphores()}
    seen: dict[str, list[int]] = {}

    def look() -> list[int]:
        made = [semaphore for semaphore in _semaphores() if id(semaphore) not in known]
        return [semaphore._value for semaphore in made]  # noqa: SLF001 - it tells of nothing else how many it lets in

    def think(number: int) -> None:
        seen.setdefault("before", look())
        time.sleep(100.0 * (number + 1))

    def eat(number: int) -> None:
        seen.setdefault("during", look())
        if number == 0:
            time.sleep(150.0)
            seen["with one waiting"] = look()

    answer.dine_by_waiter(n, 1, think, eat)
    return seen


def _semaphores() -> list[Any]:
    return [found for found in gc.get_objects() if isinstance(found, threading.Semaphore)]


def tells_the_judge(answer: ModuleType, way: str, address: str, n: int, meals: int) -> None:
    """Let them tell the judge when they think, and when they begin and end a meal."""
    register = Register(address)

    def eat(number: int) -> None:
        register.say("begins", number)
        register.say("ends", number)

    getattr(answer, way)(n, meals, lambda number: register.say("thinks", number), eat)


def meets(answer: ModuleType, way: str, address: str) -> None:
    """Let four meet who think, and then two of them, who are no neighbours, at a meal; the others think meanwhile."""
    register = Register(address)

    def think(number: int) -> None:
        register.meet("start", 4)
        if number % 2:
            register.meet("end", 4)

    def eat(number: int) -> None:
        if number % 2 == 0:
            register.meet("table", 2)
            register.meet("end", 4)

    getattr(answer, way)(4, 1, think, eat)
