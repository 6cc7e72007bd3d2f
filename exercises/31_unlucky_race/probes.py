"""What runs beside the answer of kata 31."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from threading import Thread
from types import ModuleType
from typing import Any

from grader.inside.register import Register


class Unfit(Exception):
    """What `combine` raises."""


def add(total: Any, sample: Any) -> Any:
    """Add, and be a call in the middle of the update."""
    return total + sample


def add_slowly(total: int, sample: int) -> int:
    """Add, after a while in which others may run."""
    time.sleep(0.001)
    return total + sample


def in_threads(*bodies: Callable[[], object]) -> None:
    """Run each of `bodies` in a thread of its own, and return when all have ended."""
    threads = [Thread(target=body, name=f"thread {number}") for number, body in enumerate(bodies, start=1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def in_turn(answer: ModuleType, start: Any, samples: list[Any]) -> list[Any]:
    """Return the snapshots of a meter that adds, at first and after each of `samples`."""
    meter = answer.Meter(add, start)
    snapshots = [meter.snapshot()]
    for sample in samples:
        meter.record(sample)
        snapshots.append(meter.snapshot())
    return snapshots


def largest(answer: ModuleType, samples: list[int]) -> Any:
    """Return the snapshot of a meter that keeps the largest sample and starts as it does by default."""
    meter = answer.Meter(max)
    for sample in samples:
        meter.record(sample)
    return meter.snapshot()


def records(answer: ModuleType, shares: list[list[int]]) -> Any:
    """Return the snapshot after each thread has recorded its list of samples."""
    meter = answer.Meter(add)

    def work(samples: list[int]) -> None:
        for sample in samples:
            meter.record(sample)

    in_threads(*[lambda samples=samples: work(samples) for samples in shares])
    return meter.snapshot()


def watched(answer: ModuleType) -> list[Any]:
    """Return two snapshots that one thread takes while another records 1 and 1, and the one at the end."""
    meter = answer.Meter(add)
    seen = []

    def work() -> None:
        meter.record(1)
        meter.record(1)

    def look() -> None:
        seen.append(meter.snapshot())
        seen.append(meter.snapshot())

    in_threads(work, look)
    return [*seen, meter.snapshot()]


def fails(answer: ModuleType) -> list[Any]:
    """Record what `combine` refuses in one thread, and 1 in another; return what was raised, and the end."""

    def combine(total: int, sample: int) -> int:
        if sample < 0:
            raise Unfit(sample)
        return total + sample

    meter = answer.Meter(combine)
    told = []

    def wrong() -> None:
        try:
            meter.record(-5)
        except Unfit:
            told.append("what combine raised")
        else:
            told.append("nothing")

    in_threads(wrong, lambda: meter.record(1))
    meter.record(2)
    return [*told, meter.snapshot()]


def fills(answer: ModuleType) -> list[Any]:
    """Record 3 in each of two threads where `combine` refuses a total over 5; return what was raised, and the end."""

    def combine(total: int, sample: int) -> int:
        if total + sample > 5:  # noqa: PLR2004 - said above
            raise Unfit(total, sample)
        return total + sample

    def attempt(call: Callable[[], object]) -> object:
        try:
            return call()
        except Unfit as error:
            return f"combine{error.args} raised"

    meter = answer.Meter(combine)
    told: list[Any] = []
    in_threads(*[lambda: told.append(attempt(lambda: meter.record(3)))] * 2)
    return [*sorted(told, key=str), attempt(meter.snapshot)]


def at_combine(answer: ModuleType) -> list[list[Any]]:
    """Return which whole numbers of a meter differ when combine, which raises, is called: its name, before, then."""
    changed = []

    def combine(total: int, sample: int) -> int:
        if sample < 0:
            changed.extend([name, before.get(name), value] for name, value in numbers().items())
            raise Unfit(sample)
        return total + sample

    def numbers() -> dict[str, int]:
        return {name: value for name, value in getattr(meter, "__dict__", {}).items() if type(value) is int}

    meter = answer.Meter(combine)
    meter.record(1)
    before = numbers()
    with contextlib.suppress(Unfit):
        meter.record(-5)
    return [one for one in changed if one[1] != one[2]]


def many(answer: ModuleType, threads: int, times: int) -> Any:
    """Return the snapshot after `threads` threads have each recorded 1, slowly, `times` times."""
    meter = answer.Meter(add_slowly)

    def work() -> None:
        for _ in range(times):
            meter.record(1)

    in_threads(*[work] * threads)
    return meter.snapshot()


def tells_the_judge(answer: ModuleType, address: str, threads: int, times: int) -> list[Any]:
    """Return the snapshot after `threads` threads, that begin together, have recorded `times` samples of the judge's.

    A total is the judge's too: the receipt for the total and the sample that it is made of.
    """
    register = Register(address)
    meter = answer.Meter(lambda total, sample: register.say("combines", total, sample))

    def work() -> None:
        register.meet("start", threads)
        for _ in range(times):
            meter.record(register.take())

    in_threads(*[work] * threads)
    return list(meter.snapshot())
