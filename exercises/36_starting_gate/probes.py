"""What runs beside the answer of kata 36."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from threading import BrokenBarrierError
from types import ModuleType
from typing import Any, Self


class Stumbled(Exception):
    """What a runner raises."""


def runners_of(count: int, call: Callable[[int, int], object]) -> list[Callable[[int], object]]:
    """Return `count` runners of which each calls ``call(index, phase)``."""
    return [lambda phase, index=index: call(index, phase) for index in range(count)]


def calls(answer: ModuleType, count: int, phases: int) -> dict[str, Any]:
    """Return who was called in which phase, by how many threads, and what `race` returned."""
    made: list[tuple[int, int, threading.Thread]] = []
    runners = runners_of(count, lambda index, phase: made.append((phase, index, threading.current_thread())))
    order = answer.race(runners, phases)
    threads = [len({id(thread) for at, _, thread in made if at == phase}) for phase in range(phases)]
    return {
        "calls": sorted((phase, index) for phase, index, _ in made),
        "threads": threads,
        "order": [sorted(indices) for indices in order],
        "left": threading.active_count() - 1,
    }


def once(answer: ModuleType) -> Any:
    """Return what a race of one runner returns when no phases are given, with the phases that it was called for."""
    seen: list[int] = []
    return answer.race([seen.append]), seen


class Starts:
    """Counts the threads that are started while it is entered.

    An attribute that starting a thread writes and a runner reads: so both orders of the two are among the schedules.
    """

    started = 0

    def __enter__(self) -> Self:
        """Begin to count."""
        self._start = original = threading.Thread.start

        def start(thread: threading.Thread) -> None:
            self.started += 1
            original(thread)

        threading.Thread.start = start  # pyright: ignore[reportAttributeAccessIssue]
        return self

    def __exit__(self, *_error: object) -> None:
        """Put everything back."""
        threading.Thread.start = self._start


class Lane:
    """What one runner has seen and done, apart from the others': so only `race` decides what can come when."""

    threads_seen = 0
    phases_done = 0


def started_at_the_first_call(answer: ModuleType, count: int) -> int:
    """Return how many threads `race` had started when the first runner was called."""
    lanes = [Lane() for _ in range(count)]

    with Starts() as starts:

        def call(index: int, _phase: int) -> None:
            lanes[index].threads_seen = starts.started

        answer.race(runners_of(count, call))
    return min(lane.threads_seen for lane in lanes)


def too_early(answer: ModuleType, count: int, phases: int, wait: float = 0.0) -> list[str]:
    """Return which calls began while others of the phase before had not ended; the first runner waits in each phase."""
    lanes = [Lane() for _ in range(count)]
    found: list[str] = []

    def call(index: int, phase: int) -> None:
        for other, lane in enumerate(lanes):
            if lane.phases_done < phase:
                found.append(f"runner {index} began phase {phase} before runner {other} had ended phase {phase - 1}")
        if index == 0 and wait:
            time.sleep(wait)
        lanes[index].phases_done = phase + 1

    answer.race(runners_of(count, call), phases)
    return found


def sleepers(answer: ModuleType, delays: list[list[float]]) -> Any:
    """Return the result of a race in which runner `i` sleeps ``delays[phase][i]`` seconds."""
    return answer.race(
        runners_of(len(delays[0]), lambda index, phase: time.sleep(delays[phase][index])), phases=len(delays)
    )


def stumbles(answer: ModuleType, count: int, phases: int, at: int) -> dict[str, Any]:
    """Let the last runner raise in phase `at`; return what `race` raised, why, and which phases were begun."""
    begun: list[int] = []

    def call(index: int, phase: int) -> None:
        begun.append(phase)
        if (index, phase) == (count - 1, at):
            raise Stumbled("over a stone")

    try:
        answer.race(runners_of(count, call), phases)
    except BrokenBarrierError as error:
        told, cause = "BrokenBarrierError", error.__cause__
    except Stumbled:
        told, cause = "Stumbled", None
    else:
        told, cause = "nothing", None
    return {
        "raised": told,
        "cause": "" if cause is None else f"{type(cause).__name__}: {cause}",
        "last phase begun": max(begun),
        "threads left": threading.active_count() - 1,
    }


def refused(answer: ModuleType) -> list[str]:
    """Return what comes of a race without runners, and of races without phases."""
    told = []
    for runners, phases in (([], 1), ([print], 0), ([print], -1)):
        try:
            answer.race(runners, phases)
        except ValueError:
            told.append("ValueError")
        else:
            told.append("nothing")
    return told
