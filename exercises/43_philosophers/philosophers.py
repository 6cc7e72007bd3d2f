"""Kata 43: philosophers at a round table, with one fork between any two of them.

The three functions do the same in three ways. `n` philosophers, numbered from 0, sit in a circle: 0 beside 1 and n - 1.
Between any two neighbours lies one fork (with two philosophers, two forks lie between them). Who eats holds the forks
at both his sides, so no two neighbours ever eat at the same time. Two who are no neighbours can.

Each philosopher is a thread, and all sit at the table from the beginning: all can think at the same time. `meals` times
he thinks, takes his two forks, eats, and puts them down: ``think(i)`` and ``eat(i)`` are called in the thread of
philosopher `i`. When the functions return, all have eaten `meals` times, and no thread is left. No schedule makes them
wait for each other for ever. `think` and `eat` do not raise.
"""

from __future__ import annotations

from collections.abc import Callable


def dine_by_order(n: int, meals: int, think: Callable[[int], object], eat: Callable[[int], object]) -> None:
    """Let them dine; each takes the fork with the lower number first, and waits for the other.

    Args:
        n: how many philosophers, 2 or more.
        meals: how often each eats, 1 or more.
        think: called as ``think(i)`` before each meal, without a fork in hand.
        eat: called as ``eat(i)`` with both forks in hand.
    """
    raise NotImplementedError


def dine_by_trylock(n: int, meals: int, think: Callable[[int], object], eat: Callable[[int], object]) -> None:
    """Let them dine; each takes one fork, only *tries* the other, and puts the first one down if that is taken.

    Who had to put a fork down tries again; that must not go on for ever, if each thread gets to run again and again.

    Args:
        n: how many philosophers, 2 or more.
        meals: how often each eats, 1 or more.
        think: called as ``think(i)`` before each meal, without a fork in hand.
        eat: called as ``eat(i)`` with both forks in hand.
    """
    raise NotImplementedError


def dine_by_waiter(n: int, meals: int, think: Callable[[int], object], eat: Callable[[int], object]) -> None:
    """Let them dine; each asks a waiter before he takes a fork, and the waiter never lets all of them reach for forks.

    Args:
        n: how many philosophers, 2 or more.
        meals: how often each eats, 1 or more.
        think: called as ``think(i)`` before each meal, without a fork in hand.
        eat: called as ``eat(i)`` with both forks in hand.
    """
    raise NotImplementedError
