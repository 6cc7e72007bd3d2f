"""The reference for kata 43."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock, Semaphore, Thread

Act = Callable[[int], object]


def _dine(n: int, meals: int, think: Act, eat: Act, forks_of: Callable[[int], AbstractContextManager[object]]) -> None:
    """Let `n` threads think and eat; ``forks_of(i)`` holds both forks of philosopher `i`. Only that differs."""

    def live(number: int) -> None:
        for _ in range(meals):
            think(number)
            with forks_of(number):
                eat(number)

    threads = [Thread(target=live, args=(number,), name=f"philosopher {number}") for number in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def dine_by_order(n: int, meals: int, think: Act, eat: Act) -> None:
    """Let them dine; each takes the fork with the lower number first."""
    forks = [Lock() for _ in range(n)]

    @contextmanager
    def both(number: int) -> Iterator[None]:
        # For the last one that is fork 0, at his right: he is the one who opens the circle.
        lower, higher = sorted((number, (number + 1) % n))
        with forks[lower], forks[higher]:
            yield

    _dine(n, meals, think, eat, both)


def dine_by_trylock(n: int, meals: int, think: Act, eat: Act) -> None:
    """Let them dine; each only tries the second fork, and puts the first one down if it is taken."""
    forks = [Lock() for _ in range(n)]

    @contextmanager
    def both(number: int) -> Iterator[None]:
        left, right = forks[number], forks[(number + 1) % n]
        left.acquire()
        while not right.acquire(blocking=False):
            left.release()  # nobody waits with a fork in hand, so there is no deadlock
            time.sleep(0.001 * (number + 1))  # and no two wait equally long, so they don't meet in step for ever
            left.acquire()
        try:
            yield
        finally:
            right.release()
            left.release()

    _dine(n, meals, think, eat, both)


def dine_by_waiter(n: int, meals: int, think: Act, eat: Act) -> None:
    """Let them dine; a waiter lets at most n - 1 of them reach for forks."""
    forks = [Lock() for _ in range(n)]
    places = Semaphore(n - 1)  # n forks, n - 1 hungry ones: at least one of them gets his second

    @contextmanager
    def both(number: int) -> Iterator[None]:
        with places, forks[number], forks[(number + 1) % n]:
            yield

    _dine(n, meals, think, eat, both)
