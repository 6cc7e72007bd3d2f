"""What runs beside the answer of kata 30."""

from __future__ import annotations

from collections.abc import Callable
from threading import Semaphore, Thread
from types import ModuleType
from typing import Self

from grader.bubble import quiesce
from grader.inside.register import Register


def in_threads(*bodies: Callable[[], object]) -> None:
    """Run each of `bodies` in a thread of its own, and return when all have ended."""
    threads = [Thread(target=body, name=f"thread {number}") for number, body in enumerate(bodies, start=1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def counts(answer: ModuleType, steps: list[int]) -> list[int]:
    """Return the value at first, after an `increment()`, and after each `increment(by=step)`."""
    counter = answer.Counter()
    values = [counter.value]
    counter.increment()
    values.append(counter.value)
    for step in steps:
        counter.increment(by=step)
        values.append(counter.value)
    return values


def increments(answer: ModuleType, threads: int, times: int) -> int:
    """Return what `threads` threads count to that each call `increment()` `times` times."""
    counter = answer.Counter()

    def work() -> None:
        for _ in range(times):
            counter.increment()

    in_threads(*[work] * threads)
    value: int = counter.value
    return value


def amounts(answer: ModuleType, shares: list[int]) -> int:
    """Return what comes of one thread for each of `shares`, which adds it."""
    counter = answer.Counter()
    in_threads(*[lambda share=share: counter.increment(share) for share in shares])
    value: int = counter.value
    return value


def two_counters(answer: ModuleType) -> list[int]:
    """Return the values of two counters, each used by a thread of its own."""
    first, second = answer.Counter(), answer.Counter()
    in_threads(lambda: first.increment(3), lambda: second.increment(5))
    return [first.value, second.value]


def kept_elsewhere(answer: ModuleType) -> list[list[object]]:
    """Return which whole numbers of the class and of the module two counters change: whose, its name, before, after."""
    owners = {"the class Counter": answer.Counter, "the module": answer}

    def numbers() -> dict[tuple[str, str], int]:
        return {
            (owner, name): value
            for owner, held in owners.items()
            for name, value in vars(held).items()
            if type(value) is int
        }

    before = numbers()
    two_counters(answer)
    return [[*which, before.get(which), value] for which, value in numbers().items() if before.get(which) != value]


def watched(answer: ModuleType) -> list[int]:
    """Return what one thread reads, twice, while another adds 2 and 2, and then the value at the end."""
    counter = answer.Counter()
    seen = []

    def add() -> None:
        counter.increment(2)
        counter.increment(2)

    def look() -> None:
        seen.append(counter.value)
        seen.append(counter.value)

    in_threads(add, look)
    return [*seen, counter.value]


def watched_in_turn(answer: ModuleType, before: list[int], meanwhile: list[int]) -> list[int]:
    """Let two threads add in turn, each when the other has added, while a third reads.

    Args:
        before: two numbers, added before that one begins.
        meanwhile: three, added while it reads.

    Returns:
        What the third one read, and the value at the end.
    """
    counter = answer.Counter()
    others_turn, my_turn = Semaphore(0), Semaphore(0)
    seen: list[int] = []

    def add() -> None:
        counter.increment(before[1])
        others_turn.acquire()
        counter.increment(meanwhile[1])
        my_turn.release()

    counter.increment(before[0])
    other = Thread(target=add, name="thread 1")
    reader = Thread(target=lambda: seen.append(counter.value), name="thread 2")
    other.start()
    quiesce()
    reader.start()
    counter.increment(meanwhile[0])
    others_turn.release()
    my_turn.acquire()
    counter.increment(meanwhile[2])
    other.join()
    reader.join()
    return [*seen, counter.value]


def refuses(answer: ModuleType) -> list[object]:
    """Return what `increment("x")` raises in one thread while another adds 1, and the value after two more."""
    counter = answer.Counter()
    told = []

    def wrong() -> None:
        try:
            counter.increment("x")
        except TypeError:
            told.append("TypeError")
        else:
            told.append("nothing")
        counter.increment()

    in_threads(wrong, counter.increment)
    counter.increment()
    return [*told, counter.value]


class Amount(int):
    """A number that tells the judge what it is added to, and lets others run before the sum is there."""

    register: Register

    @classmethod
    def taken_from(cls, register: Register) -> Self:
        """Return the next of the judge's numbers."""
        amount = cls(register.take())
        amount.register = register
        return amount

    def __add__(self, other: int) -> int:
        """Return the sum, as a plain number."""
        self.register.say("adds", other)
        return int(self) + other

    __radd__ = __add__


def asks_for_amounts(answer: ModuleType, address: str, threads: int, times: int) -> int:
    """Return what `threads` threads count to that begin together and each add `times` of the judge's numbers."""
    register, counter = Register(address), answer.Counter()

    def work() -> None:
        register.meet("start", threads)
        for _ in range(times):
            amount = Amount.taken_from(register)
            try:
                counter.increment(amount)
            except TypeError:  # it takes no int but plain ones, and has changed nothing
                counter.increment(int(amount))

    in_threads(*[work] * threads)
    return int(counter.value)
