"""What runs beside the answer of kata 36."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from threading import BrokenBarrierError
from types import ModuleType
from typing import Any, Self

from grader.inside.register import Register


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


def crowd(answer: ModuleType, count: int) -> list[int]:
    """Return how many runners a race of `count` had in its result, and how many threads called them."""
    threads: list[threading.Thread] = []
    order = answer.race(runners_of(count, lambda _index, _phase: threads.append(threading.current_thread())))
    return [len(set(order[0])), len({id(thread) for thread in threads})]


class Starts:
    """Counts the threads that are started while it is entered.

    An attribute that starting a thread writes and a runner reads: so both orders of the two are among the schedules.

    Args:
        seconds: how long each start takes.
    """

    started = 0

    def __init__(self, seconds: float) -> None:
        """Be ready to count."""
        self._seconds = seconds

    def __enter__(self) -> Self:
        """Begin to count."""
        self._start = original = threading.Thread.start

        def start(thread: threading.Thread) -> None:
            self.started += 1
            original(thread)
            if self._seconds:
                time.sleep(self._seconds)

        threading.Thread.start = start  # pyright: ignore[reportAttributeAccessIssue]
        return self

    def __exit__(self, *_error: object) -> None:
        """Put everything back."""
        threading.Thread.start = self._start


class Lane:
    """What one runner has seen and done, apart from the others': so only `race` decides what can come when."""

    threads_seen = 0
    phases_done = 0


def started_at_the_first_call(answer: ModuleType, count: int, seconds: float = 0.0) -> int:
    """Return how many threads `race` had started when the first runner was called; a start takes `seconds`."""
    lanes = [Lane() for _ in range(count)]

    with Starts(seconds) as starts:

        def call(index: int, _phase: int) -> None:
            lanes[index].threads_seen = starts.started

        answer.race(runners_of(count, call))
    return min(lane.threads_seen for lane in lanes)


def left_at_the_last_call(answer: ModuleType, count: int, seconds: float, runs: float = 0.0) -> int:
    """Return how many threads there are of runners that ended before the last one was called.

    Args:
        answer: the answer.
        count: how many runners there are.
        seconds: how long the start of each thread takes.
        runs: how long each call of a runner takes.
    """
    threads: list[threading.Thread] = []
    left: list[int] = []

    def call(_index: int, _phase: int) -> None:
        left.append(sum(thread.is_alive() for thread in threads))
        threads.append(threading.current_thread())
        if runs:
            time.sleep(runs)

    with Starts(seconds):
        answer.race(runners_of(count, call))
    return left[-1]


def too_early(answer: ModuleType, count: int, phases: int, waits: Sequence[float] = ()) -> list[str]:
    """Return which calls began while others of the phase before had not ended, and which were never made.

    The first runner waits in each phase as long as `waits` says.
    """
    lanes = [Lane() for _ in range(count)]
    found: list[str] = []

    def call(index: int, phase: int) -> None:
        for other, lane in enumerate(lanes):
            if lane.phases_done < phase:
                found.append(f"runner {index} began phase {phase} before runner {other} had ended phase {phase - 1}")
        if index == 0 and waits:
            time.sleep(waits[phase])
        lanes[index].phases_done = phase + 1

    answer.race(runners_of(count, call), phases)
    done = [lane.phases_done for lane in lanes]
    missing = [f"runner {index} never ran phase {ended}" for index, ended in enumerate(done) if ended < phases]
    return found + missing


def sleepers(answer: ModuleType, delays: list[list[float]]) -> Any:
    """Return the result of a race in which runner `i` sleeps ``delays[phase][i]`` seconds."""
    return answer.race(
        runners_of(len(delays[0]), lambda index, phase: time.sleep(delays[phase][index])), phases=len(delays)
    )


def stumbles(answer: ModuleType, count: int, phases: int, at: int, *, at_a_gate: bool = False) -> dict[str, Any]:
    """Let the last runner raise in phase `at`; return what `race` raised, why, and which phases were begun.

    It raises `Stumbled`, or `BrokenBarrierError` if it stumbled `at_a_gate` of its own.
    """
    kind = BrokenBarrierError if at_a_gate else Stumbled
    begun: list[int] = []

    def call(index: int, phase: int) -> None:
        begun.append(phase)
        if (index, phase) == (count - 1, at):
            raise kind("over a stone")

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


def order_seen(answer: ModuleType, delays: list[list[float]]) -> list[Any]:
    """Return the result of a race of `sleepers`, in which orders its calls began and ended, the most at once."""
    began: list[list[int]] = [[] for _ in delays]
    ended: list[list[int]] = [[] for _ in delays]
    most = [0]

    def call(index: int, phase: int) -> None:
        began[phase].append(index)
        most[0] = max(most[0], sum(map(len, began)) - sum(map(len, ended)))
        time.sleep(delays[phase][index])
        ended[phase].append(index)

    return [answer.race(runners_of(len(delays[0]), call), phases=len(delays)), began, ended, most[0]]


class Waits:
    """Notes of each thread what it waits for: "Barrier", "Event" or "sleep".

    With each: whether it was open already, how many seconds it took, and whether it was broken.
    """

    def __init__(self, answer: ModuleType) -> None:
        """Begin to note."""
        self._did: dict[threading.Thread, list[Any]] = {}
        self.sleep = time.sleep
        for owner, kind in ((threading.Barrier, "Barrier"), (threading.Event, "Event")):
            setattr(owner, "wait", self._noting(kind, owner.wait))  # noqa: B010 - no type allows the assignment
        slept = self._noting("sleep", time.sleep)
        for own in [own for own, value in vars(answer).items() if value is self.sleep]:  # from time import sleep
            setattr(answer, own, slept)
        time.sleep = slept

    def taken(self, thread: threading.Thread) -> list[Any]:
        """Return the waits of a thread since it was asked for them."""
        return self._did.pop(thread, [])

    def _noting(self, kind: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def wait(*args: Any, **kwargs: Any) -> Any:
            began, opened, broken = time.monotonic(), kind == "Event" and args[0].is_set(), True
            try:
                value = original(*args, **kwargs)
                broken = False
            finally:
                seconds = round(time.monotonic() - began, 3)
                self._did.setdefault(threading.current_thread(), []).append([kind, opened, seconds, broken])
            return value

        return wait


def before_the_calls(answer: ModuleType, count: int, phases: int, waits: Sequence[float]) -> list[Any]:
    """Return what the thread of the last runner waited for before its call in each phase, and after the last.

    The first runner waits as in `too_early`.
    """
    noted = Waits(answer)
    told: list[Any] = []
    last: list[threading.Thread] = []

    def call(index: int, phase: int) -> None:
        if index == count - 1:
            last.append(threading.current_thread())
            told.append(noted.taken(last[-1]))
        if index == 0:
            noted.sleep(waits[phase])

    answer.race(runners_of(count, call), phases)
    return [*told, noted.taken(last[-1]) if last else []]


class Gates:
    """Counts what is done at barriers, and how threads end, and can break the barriers."""

    def __init__(self) -> None:
        """Begin to count."""
        self.seen: dict[str, Any] = {"waits": 0, "here": 0, "parties": 0, "aborts": 0, "left": []}
        self._gates: list[threading.Barrier] = []
        self._here = threading.current_thread()
        self._wait, self._abort, self._run = threading.Barrier.wait, threading.Barrier.abort, threading.Thread.run
        # Bound methods would not be told which barrier or thread it is.
        setattr(threading.Barrier, "wait", lambda *args, **kwargs: self._waiting(*args, **kwargs))  # noqa: B010, PLW0108
        setattr(threading.Barrier, "abort", lambda gate: self._aborting(gate))  # noqa: B010, PLW0108
        setattr(threading.Thread, "run", lambda thread: self._running(thread))  # noqa: B010, PLW0108

    def break_all(self) -> None:
        """Abort all barriers at which somebody has waited."""
        for gate in self._gates:
            self._abort(gate)

    def _waiting(self, gate: threading.Barrier, *args: Any, **kwargs: Any) -> int:
        self._gates.append(gate)
        self.seen["waits"] += 1
        self.seen["here"] += threading.current_thread() is self._here
        self.seen["parties"] = gate.parties
        return self._wait(gate, *args, **kwargs)

    def _aborting(self, gate: threading.Barrier) -> None:
        self.seen["aborts"] += 1
        self._abort(gate)

    def _running(self, thread: threading.Thread) -> None:
        try:
            self._run(thread)
        except BaseException as error:
            self.seen["left"].append(type(error).__name__)
            raise


def where_it_hangs(answer: ModuleType, count: int, phases: int, at: int = -1) -> dict[str, Any]:
    """Break the barriers of a race that hangs, after a long time; return what had been done by then, {} if it ended.

    The last runner raises in phase `at`.
    """
    found: dict[str, Any] = {}

    def call(index: int, phase: int) -> None:
        if (index, phase) == (count - 1, at):
            raise Stumbled("over a stone")

    def rescue() -> None:
        time.sleep(1000)
        found.update(gates.seen, left=list(gates.seen["left"]), started=starts.started)
        gates.break_all()

    threading.Thread(target=rescue, daemon=True).start()
    gates = Gates()
    with Starts(0.0) as starts, contextlib.suppress(BrokenBarrierError, Stumbled):
        answer.race(runners_of(count, call), phases)
    return {**found, "started in all": starts.started} if found else {}


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


def tells_the_judge(answer: ModuleType, address: str, count: int, phases: int) -> Any:
    """Return the result of a race whose runners tell the judge when they begin and end, and meet in the middle.

    Who comes in when is the judge's choice: a runner takes a number from it and sleeps so many times 0.2 s, and 0.1 s.
    """
    register = Register(address)

    def call(index: int, phase: int) -> None:
        register.say("begins", index, phase)
        register.meet(f"gate of phase {phase}", count)
        time.sleep(0.1 + 0.2 * (register.take(index, phase) or 0))
        register.say("ends", index, phase)

    return answer.race(runners_of(count, call), phases)
