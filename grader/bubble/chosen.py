"""One run under a chosen schedule: every step is taken down, computing takes no time.

Time moves only when nobody can run. So within one moment the clock is the same for all, in whatever order they run,
and a timed wait ends by its deadline only when nobody could have ended it otherwise.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, Protocol

from grader.bubble import messages
from grader.bubble.accesses import ITEMS
from grader.bubble.durations import SECOND
from grader.bubble.journal import Journal
from grader.bubble.objects import NESTED, UNKNOWN
from grader.bubble.operations import Abandoned, BubbleThread, Operation, always, never
from grader.bubble.scheduler import POLL, QUIET, SHORTEST_NAP, Scheduler
from grader.bubble.standstill import Standstill
from grader.bubble.traces import HAVING, LETTING_GO, Op, Pause, Step, Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from types import FrameType

    from grader.bubble.points import Points
    from grader.bubble.telling import Telling

PATIENCE: Final = 3 * POLL
"""What a thread may collect of failed tries and looks at clocks before it must wait until the others can't go on."""

BUSY: Final = 200
"""Operations in a row, without a wait, after which it must so too."""

BUSY_AGAIN: Final = 3
"""The same, for one that had to."""

MAX_STEPS: Final = 5_000
"""Steps after which a run is given up: its threads ask busily, or make no progress in turn, or it only takes long."""

_HALF: Final = MAX_STEPS // 2
"""Steps without any change of data, or of who is alive, after which those that go on are taken to do so for ever."""

_BASES: Final = {"time": 1_750_000_000 * SECOND, "monotonic": 1000 * SECOND, "perf_counter": 1000 * SECOND}
"""What the clocks show when a run begins: always the same."""

LIVING: Final = "alive()"
"""The name of which threads are alive, as data: read by who asks, written by who starts one or ends."""

_MODES: Final = {
    "acquire": "acquire", "look": "look", "try": "peek", "peek": "peek", "release": "release", "free": "free",
}  # fmt: skip
"""Modes of the operations on locks, by their kinds; of a try until it is known to have succeeded."""

_BEGINNINGS: Final = ("acquire", "look", "try", "peek")
"""Kinds of operations before which a thread that asks busily waits: not before it lets go of what it has."""

_UNSEEN: Final = {
    "select": messages.WAITS_FOR_FILES,
    "semaphore": messages.USES_PROCESS_LOCKS,
}


class Diverged(Exception):
    """A program did not do the same again under the same schedule."""


class Driver(Protocol):
    """Decides who goes on."""

    def choose(self, run: ChosenRun, enabled: list[BubbleThread]) -> BubbleThread | None:
        """Return the one of `enabled` to take the next step; None ends the run there."""


class Watch(Protocol):
    """Sees what threads do with shared data."""

    def enter(self) -> None:
        """Begin to watch the calling thread."""

    def leave(self) -> None:
        """Watch the calling thread no longer."""


class QuietJournal(Journal):
    """Keeps what is printed or noted, and nothing else: schedules are many."""

    def tell(self, thread: BubbleThread, what: str, detail: str = "", place: tuple[str, int] | None = None) -> None:
        """Add an event if it is one that the program itself made."""
        if what in ("print", "note"):
            super().tell(thread, what, detail, place)

    def tell_lock(self, thread: BubbleThread, what: str, lock: Any) -> None:
        """Do nothing."""

    def tell_wait(self, thread: BubbleThread) -> bool:  # noqa: ARG002 - as Journal's
        """Do nothing."""
        return False


class ChosenRun(Scheduler):
    """A run whose every step `driver` chooses.

    Args:
        limit: nanoseconds of the run's clock after which it is given up.
        files: the learner's own files, as for `Places`.
        driver: who chooses.
        points: where threads may be stopped.
        watch: sees accesses to data, if somebody does.
        early: which waits may end by their deadlines while others can run, as `Schedule` has it.
        course: files whose waits are not the learner's own.

    Attributes:
        trace: what was done.
        current: the thread that has the baton and could go on, at a choice.
        counts: whether what the thread that has the baton has announced is a point even where not all operations are.
        cut: whether the driver ended the run.
        diverged: whether it did so because it can't be as planned.
        held: locks acquired in this run and not yet released.
        telling: collects what is done, if it is to be told.
    """

    def __init__(
        self,
        limit: int,
        files: Iterable[str],
        driver: Driver,
        points: Points,
        watch: Watch | None = None,
        *,
        early: str = "",
        course: Collection[str] = (),
    ) -> None:
        files = tuple(files)
        super().__init__(limit, files)
        self.bases = dict(_BASES)
        self.journal = QuietJournal(files)
        self.trace = Trace([Step(self.main.key, Op("begin"))])
        self.points = points
        self.current: BubbleThread | None = None
        self.counts = self._counts_next = True
        self.cut = self.diverged = False
        self.held: dict[int, Any] = {}
        self.telling: Telling | None = None
        self._driver = driver
        self._watch = watch
        self._early = early
        self._course = course
        self._unjoined: set[str] = set()
        self._users: dict[str, set[str]] = {}
        self._written: set[str] = set()
        self._last_change = 0
        self._changers: set[str] = set()
        self._standstill = Standstill(self.journal.places)
        self._passed: set[int] = set()
        self._changed: set[int] = set()
        self._numbers: dict[int, tuple[int, object]] = {}

    # --- threads

    def start(
        self,
        starter: BubbleThread,
        name: str,
        body: Callable[[BubbleThread], None],
        spawn: Callable[[Any], Any],
        *,
        daemon: bool,
    ) -> tuple[BubbleThread, Any]:
        """Start a thread as `Scheduler.start` does, and take down when."""
        thread, spawned = super().start(starter, name, body, spawn, daemon=daemon)
        self.trace.births[thread.key] = len(self.trace.steps) - 1
        self._tell(starter, "start", thread.name)
        return thread, spawned

    def begin(self, thread: BubbleThread) -> None:
        """Wait to be chosen for the first time, then be watched."""
        super().begin(thread)
        if self._watch is not None:
            self._watch.enter()

    def _leave(self, thread: BubbleThread) -> None:
        if self._watch is not None:
            self._watch.leave()
        self.trace.ends[thread.key] = len(self.trace.steps) - 1
        self._last_change = len(self.trace.steps)
        self._tell(thread, "end")
        self._unjoined.add(thread.key)
        super()._leave(thread)

    def is_alone(self) -> bool:
        """Return whether all others have ended and were waited for: then no order is left to choose."""
        return len(self._alive) == 1 and not self._unjoined

    # --- the baton

    def perform(self, thread: BubbleThread, operation: Operation) -> bool:
        """Announce `operation` and return when `thread` is chosen to do it; as `Scheduler.perform`."""
        if thread.abandoned:
            return self._perform_abandoned(thread, operation)
        self._rest(thread, operation)
        self._note_nap(operation)
        self.counts, self._counts_next = self._counts_next, True
        ready = operation.ready()
        if thread.starting or (ready and self.is_alone()):
            return ready
        if operation.kind in _UNSEEN and not self.silent:
            self.points.doubt(_UNSEEN[operation.kind])
        thread.operation = operation
        thread.since = next(self._serial)
        if not ready and self.telling is not None and not self.silent:
            self.telling.add_wait(self, thread)
        self._pass_on(thread, keeps=ready)
        if thread.abandoned:
            raise Abandoned
        if not ready and not operation.idle:
            thread.spins = 0
        ready = operation.ready()
        if ready:
            self._note_done(thread, operation)
        return ready

    def _rest(self, thread: BubbleThread, operation: Operation) -> None:
        if thread.tired and operation.kind in _BEGINNINGS:
            thread.tired = False
            self._let_others(thread)

    def _note_done(self, thread: BubbleThread, operation: Operation) -> None:
        if operation.kind == "join":
            if operation.wake_at is not None and operation.wake_at <= self.now:
                return
            self._unjoined.discard(operation.target.key)
            self._tell(thread, "join", operation.target.name)
        elif operation.kind == "read" or (operation.kind == "write" and operation.target[0] != LIVING):
            self._tell(thread, operation.kind, *operation.target)

    def _tell(self, thread: BubbleThread, what: str, name: str = "", number: int = 0) -> None:
        if self.telling is not None and not self.silent:
            self.telling.add(self, thread, what, name, number=number)

    def _next(self, current: BubbleThread | None) -> BubbleThread:
        self.current = current
        while self.now <= self.limit and len(self.trace.steps) < MAX_STEPS:
            enabled = [thread for thread in self._alive if thread.can_go(self.now)]
            if enabled:
                return self._step(enabled, current)
            self._pause()
            if not self._move_clock():
                if not self.returned:
                    self.deadlock = self.journal.describe_deadlock(self._standing())
                return self._give_up()
        self._judge_length()
        return self._give_up()

    def _judge_length(self) -> None:
        """Tell that the run does not end; or, if that is not sure, only that it was left."""
        if self.now <= self.limit and not self._gets_nowhere():
            self.points.doubt(messages.TOO_MANY_STEPS)
            self.cut = True
            return
        after = messages.in_steps(MAX_STEPS) if self.now <= self.limit else ""
        self.over_limit = self.journal.describe_limit(self.limit, self._standing(), returned=self.returned, after=after)

    def _gets_nowhere(self) -> bool:
        """Return whether nothing has changed for long, though all who don't wait without an end went on meanwhile."""
        recent = {step.key for step in self.trace.steps[-_HALF:]}
        waits = any(thread.key not in recent and thread.operation.wake_at is not None for thread in self._alive)
        return len(self.trace.steps) - self._last_change > _HALF and not waits and self._standstill.are_back(recent)

    def _step(self, enabled: list[BubbleThread], current: BubbleThread | None) -> BubbleThread:
        if enabled[0].operation.kind in QUIET:
            self._pause()
        enabled.sort(key=lambda thread: (thread is not current, thread.since))
        if self.silent:
            return enabled[0]
        try:
            chosen = self._driver.choose(self, [*enabled, *self._early_ones(enabled)])
        except Diverged:  # not to be raised here, in the midst of what is run
            self.diverged, chosen = True, None
        if chosen is None:
            self.cut = True
            return self._give_up()
        if chosen not in enabled:
            self.now = max(self.now, chosen.operation.wake_at or 0)
        chosen.turns = chosen.turns + 1 if chosen is current else 0
        self.trace.steps.append(Step(chosen.key, self.op(chosen.operation)))
        if len(self.trace.steps) > _HALF:
            self._standstill.look(chosen.key, self.frame_of(chosen))
        return chosen

    def _early_ones(self, enabled: list[BubbleThread]) -> list[BubbleThread]:
        """Return the threads whose timed waits may be over before they must."""
        if not self._early:
            return []
        return [
            thread
            for thread in self._alive
            if thread not in enabled
            and thread.operation.wake_at is not None
            and thread.operation.kind != "spin"
            and (self._early == "early" or self._is_nap(thread.operation, self.frame_of(thread)))
        ]

    def _note_nap(self, operation: Operation) -> None:
        if operation.wake_at is not None and operation.kind != "spin" and not self.points.naps:
            self.points.naps = self._is_nap(operation, sys._getframe())

    def _is_nap(self, operation: Operation, frame: FrameType | None) -> bool:
        """Return whether `operation`, in `frame`, lets time go by, for the learner's code and not for the course's.

        So does each wait with a timeout, but for that for a lock, where the timeout is a way out of a deadlock.
        """
        is_for_a_lock = operation.kind == "acquire" and not operation.target.inner
        return not is_for_a_lock and self.journal.places.find(frame)[0] not in self._course

    def _pause(self) -> None:
        if self.silent:
            return
        pending = [(thread.key, self.op(thread.operation)) for thread in self._alive if not thread.can_go(self.now)]
        self.trace.pauses.append(Pause(len(self.trace.steps), tuple(pending)))

    def op(self, operation: Operation) -> Op:
        """Return what an operation can depend on."""
        kind, target = operation.kind, operation.target
        if kind in ("read", "write"):
            return Op(kind, *target)
        if operation.wake_at is not None and operation.wake_at <= self.now:
            return self._late_op(operation)
        if kind in _MODES:
            mode = "fault" if kind == "free" and not target._real.locked() else _MODES[kind]
            return Op(mode, self._name_of(target))
        if kind == "semaphore":
            return Op(kind, "of multiprocessing")  # one name for all of them: they bear none, and any may be the same
        return Op("join", target.key) if kind == "join" else Op(kind)

    def _late_op(self, operation: Operation) -> Op:
        """Return what an operation can depend on whose time is over: it may be done in time still, or not."""
        if operation.kind != "acquire":
            return Op(f"late {operation.kind}")
        name = self._name_of(operation.target)
        self.points.try_out(name)
        return Op("take" if operation.ready() else "peek", name)

    # --- the clock

    def spin(self, thread: BubbleThread, weight: int = POLL) -> None:
        """Take note that `thread` made no progress; who does so again and again waits until the others can't go on."""
        if thread.abandoned:
            self._perform_abandoned(thread, Operation("spin", always))
        if thread.starting:
            return
        if self.silent:
            super().spin(thread, weight)
            return
        thread.spins += weight
        if weight < POLL:
            self._last_change = len(self.trace.steps)  # of the clock, which it may wait for
        if thread.spins > PATIENCE:
            self.points.doubt(messages.SOMEBODY_KEEPS_ASKING)
            if weight < POLL:
                self._let_others(thread)
            else:
                thread.tired = True

    def _let_others(self, thread: BubbleThread) -> None:
        pause = SECOND // 1_000_000 << min(thread.spins // POLL, 20)
        wake_at = min(self.now + pause, self._next_event(thread) or self.limit + 1)
        self.perform(thread, Operation("spin", never, wake_at=wake_at, yields=True, idle=True))

    def nap(self, thread: BubbleThread, duration: int) -> None:
        """Let `thread` sleep; a sleep of nothing is only a sign that it waits busily."""
        if duration < SHORTEST_NAP and self.silent:
            super().nap(thread, duration)
            return
        if duration < SHORTEST_NAP:
            self.spin(thread)
            return
        thread.nap = duration
        self.perform(thread, Operation("sleep", never, wake_at=self.now + duration))

    # --- locks

    def ask(self, thread: BubbleThread, what: object, holds: Callable[[], bool], lock: Any = None) -> bool:
        """Return whether `holds` does; as `Scheduler.ask`."""
        if lock is not None:
            self.perform(thread, Operation("look", lambda: not lock._real.locked(), target=lock))
        elif not self.is_alone() and not self.silent:
            if LIVING not in self.points.shared:
                self.points.share(LIVING)
            self.perform(thread, Operation("read", always, target=(LIVING, 0)))
        return super().ask(thread, what, holds)

    def living(self, thread: BubbleThread) -> None:
        """Take note that `thread` is about to start a thread or to end, which counts if somebody asks who is alive."""
        known = LIVING in self.points.shared
        if (known or self.points.whole) and not (thread.abandoned or self.silent or self.is_alone()):
            self._counts_next = known
            self.perform(thread, Operation("write", always, target=(LIVING, 0)))

    def tried(self, thread: BubbleThread, lock: Any, *, taken: bool) -> None:
        """Take note that `thread` has tried to get `lock` without waiting."""
        if not lock.inner:
            self._try_out(lock)
        first = self.trace.steps[-1].ops
        if taken and first[0] == Op("peek", self._name_of(lock)) and len(first) == 1:
            first[0] = Op("take", self._name_of(lock))
        if taken:
            thread.spins = 0
        else:
            self._tell(thread, "try", self.called(lock))
            self.spin(thread)

    def looks(self, thread: BubbleThread, lock: Any) -> None:
        """Take note that `thread` asks whether somebody has `lock`."""
        self._try_out(lock)
        self.perform(thread, Operation("peek", always, target=lock))
        super().looks(thread, lock)

    def acquired(self, thread: BubbleThread, lock: Any) -> None:
        """Take note that `thread` has got `lock`."""
        self.held[id(lock)] = lock
        self._merge(thread, Op("acquire", self._name_of(lock)), HAVING)
        if not lock.inner:
            self._tell(thread, "acquire", self.called(lock))

    def releasing(self, thread: BubbleThread, lock: Any) -> None:
        """Announce a release that counts."""
        if thread.abandoned:
            return
        known = self._name_of(lock) in self.points.tried
        is_foreign = lock.holder is not thread and not lock.inner
        if is_foreign:
            self._try_out(lock)
        if (self._name_of(lock) in self.points.tried or self.points.whole) and not self.silent:
            self._counts_next = known or is_foreign
            self.perform(thread, Operation("free" if is_foreign else "release", always, target=lock))

    def released(self, thread: BubbleThread, lock: Any) -> None:
        """Take note that `thread` has released `lock`."""
        self.held.pop(id(lock), None)
        self._merge(thread, Op("release", self._name_of(lock)), LETTING_GO)
        if not lock.inner:
            self._tell(thread, "release", self.called(lock))

    def _try_out(self, lock: Any) -> None:
        if not self.is_alone() and not self.silent:
            self.points.try_out(self._name_of(lock))

    def called(self, lock: Any) -> str:
        """Return how `lock` is called in words; ``""`` if the learner did not make it, nor what it is in."""
        name = self.journal.name_made
        return name("Condition", lock.within, lock.key) or name("lock", lock.made, lock.key)

    def _name_of(self, lock: Any) -> str:
        if not lock.key:  # made before the run
            lock.key = f"outside:{id(lock)}"
        return str(lock.key)

    def _merge(self, thread: BubbleThread, op: Op, modes: frozenset[str]) -> None:
        """Add what comes with the present step of `thread`, unless it is the step itself, of one of the `modes`."""
        if thread.abandoned or thread.starting or self.silent:
            return
        step = self.trace.steps[-1]
        itself = len(step.ops) == 1 and step.ops[0].name == op.name and step.ops[0].mode in modes
        if step.key == thread.key and not itself:
            step.ops.append(op)

    # --- data

    def access(self, thread: BubbleThread, mode: str, name: str, base: object = UNKNOWN) -> None:
        """Take note that `thread` is about to read or write `name`, of the object `base` if that is known."""
        if thread.abandoned or thread.starting or self.silent or self.is_alone():
            return
        known = name in self.points.shared
        self._learn(thread, mode, name)
        if mode == "write":
            self._last_change = len(self.trace.steps)
            self._changers.add(thread.key)
        if known or self.points.whole:
            if thread.turns > (BUSY_AGAIN if thread.spins > PATIENCE else BUSY):
                self._force_wait(thread)
            number = self._number(base)
            if name == ITEMS and mode == "write":
                self._change(number)
            self._counts_next = known
            self.perform(thread, Operation(mode, always, target=(name, number)))
        else:
            thread.turns += 1
            if thread.turns > (BUSY_AGAIN * 10 if thread.spins > PATIENCE else BUSY * 50):
                self._force_wait(thread)

    def pass_through(self, containers: Iterable[object]) -> None:
        """Take note that what is in `containers` was found by a path: none of them may be changed meanwhile."""
        for container in containers:
            number = self._number(container)
            self._passed.add(number)
            if (number in self._changed or 0 in self._changed) and NESTED not in self.points.shared:
                self.points.share(NESTED)

    def _change(self, number: int) -> None:
        self._changed.add(number)
        if (number in self._passed or (self._passed and not number)) and NESTED not in self.points.shared:
            self.points.share(NESTED)

    def _learn(self, thread: BubbleThread, mode: str, name: str) -> None:
        users = self._users.setdefault(name, set())
        users.add(thread.key)
        if mode == "write":
            self._written.add(name)
        if len(users) > 1 and name in self._written and name not in self.points.shared:
            self.points.share(name)

    def _force_wait(self, thread: BubbleThread) -> None:
        self.points.doubt(messages.SOMEBODY_GOES_ON)
        thread.turns = 0
        if thread.key in self._changers:  # it gets on with something
            self._changers.discard(thread.key)
            self.perform(thread, Operation("yield", lambda: self._is_quiet(thread), yields=True, idle=True))
            return
        thread.spins = max(thread.spins, PATIENCE) + POLL
        self._let_others(thread)

    def _number(self, base: object) -> int:
        if base is UNKNOWN:
            return 0
        known = self._numbers.get(id(base))
        if known is None:
            known = self._numbers[id(base)] = (len(self._numbers) + 1, base)
        return known[0]

    def note(self, thread: BubbleThread, what: str, detail: str) -> None:
        """Add an event; who prints when counts."""
        if thread.abandoned:
            self._perform_abandoned(thread, Operation(what, always))
        if what == "print":
            self.access(thread, "write", "print()")
        self._tell(thread, what, detail)
        self.journal.tell(thread, what, detail, self.journal.places.find(sys._getframe(1)))
