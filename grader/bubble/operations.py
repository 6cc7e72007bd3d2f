"""What a thread announces before it does it, and the thread itself as the scheduler knows it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

from grader.bubble import originals
from grader.bubble.places import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.bubble.scheduler import Scheduler


def always() -> bool:
    """Return True: the operation can be done at any time."""
    return True


def never() -> bool:
    """Return False: only the clock ends the wait."""
    return False


class Operation:
    """One thing that a thread is about to do, announced so that the scheduler knows whether it can.

    Attributes:
        kind: ``begin``, ``acquire``, ``try``, ``join``, ``sleep``, ``print``, ``spin``, ``select``, ``semaphore``,
            ``quiesce``, ``finish``; where schedules are explored ``release``, ``free`` (another's),
            ``look``, ``peek``, ``read`` and ``write`` too.
        ready: tells whether it can be done now; must have no effect.
        wake_at: the time, in the run's nanoseconds, from which the thread goes on though it is not ready.
        target: the lock, thread or selector that it concerns.
        yields: whether the thread would rather have the others run first.
        idle: whether it is no progress: a thread that only does such things spins.
        block: waits in the real world until it may be ready, where only the real world can make it so.
    """

    __slots__ = ("block", "idle", "kind", "ready", "target", "wake_at", "yields")

    def __init__(
        self,
        kind: str,
        ready: Callable[[], bool],
        *,
        wake_at: int | None = None,
        target: Any = None,
        yields: bool = False,
        idle: bool = False,
        block: Callable[[], object] | None = None,
    ) -> None:
        self.kind = kind
        self.ready = ready
        self.wake_at = wake_at
        self.target = target
        self.yields = yields
        self.idle = idle
        self.block = block

    def __repr__(self) -> str:
        return f"<{self.kind} {self.target!r}>" if self.target is not None else f"<{self.kind}>"


BEGIN: Final = Operation("begin", always)

_idents = itertools.count(-1, -1)


class BubbleThread:
    """A thread of a run, as the scheduler and a chooser know it.

    Attributes:
        number: 0 for the main thread, then in order of start.
        ident: tells it from all others for good; the real one may be that of the next thread once this one has ended.
        key: the same thread's name under any schedule: "0" for the main one, "0.2" for the second that it started.
        children, locks: how many threads it has started and locks it has made.
        name: its lane: the name it was started with, made distinct.
        operation: what it will do when it is chosen.
        since: when it announced that, as a serial number.
        began, ended: run's nanoseconds; `ended` is None while it lives.
        spins: weight of its idle operations since it last waited while time passed; `spin_began`: when it began them.
        asks: the identities of what it has asked about (`is_alive`, `is_set`) that did not hold yet.
        tired: whether it has asked so often, where schedules are explored, that the others are let in next.
        turns: operations since then that it did without waiting.
        nap: how long it last asked to wait, in nanoseconds.
        starting: true until it has begun; until then nothing that it does is a switch point.
        abandoned: true once the run wants it to end: then each operation raises `Abandoned`.
        refusals: how often that was raised.
    """

    __slots__ = (
        "abandoned", "asks", "began", "children", "daemon", "ended", "error", "gate", "ident", "key", "locks", "name",
        "nap", "number", "operation", "place", "refusals", "scheduler", "since", "spin_began", "spins", "starting",
        "thread", "tired", "turns",
    )  # fmt: skip

    def __init__(self, scheduler: Scheduler, number: int, name: str, *, daemon: bool) -> None:
        self.scheduler = scheduler
        self.number = number
        self.name = name
        self.daemon = daemon
        self.ident = next(_idents) if number else originals.get_ident()
        self.key = str(number)
        self.children = self.locks = 0
        self.thread: Any = None
        self.place: tuple[str, int] = NOWHERE
        self.operation = BEGIN
        self.since = 0
        self.began = scheduler.now
        self.ended: int | None = None
        self.error: BaseException | None = None
        self.spins = self.spin_began = self.turns = self.nap = self.refusals = 0
        self.asks = set[int]()
        self.tired = self.starting = self.abandoned = False
        self.gate = originals.allocate_lock()
        self.gate.acquire()

    def __repr__(self) -> str:
        return f"<thread {self.name!r} {self.operation!r}>"

    def can_go(self, now: int) -> bool:
        """Return whether the announced operation can be done, or has waited long enough, at `now`."""
        operation = self.operation
        return operation.ready() or (operation.wake_at is not None and operation.wake_at <= now)


class Abandoned(BaseException):
    """Ends a thread that the run can't wait for any longer, at the place where it waits."""
