"""Who runs next: real threads, one baton, and a clock that moves when nobody can run.

Each thread of a run is a real one, but all except one wait for their `gate`, a raw lock. A thread that comes to an
operation of the bubble announces it (`Scheduler.perform`); the scheduler, in that same thread, picks among the threads
whose announced operation can be done, and opens the gate of the one picked. So between two announcements nobody
else runs, and the same program always does the same.

Without a chooser the current thread goes on while it can; else the one whose operation was announced first goes.
"""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING, Any, Final

from grader.bubble import originals
from grader.bubble.current import note_given_up
from grader.bubble.durations import SECOND, nanoseconds, seconds
from grader.bubble.journal import Journal
from grader.bubble.operations import Abandoned, BubbleThread, Operation, always, never
from grader.bubble.outcome import Deadlock, ThreadRecord
from grader.bubble.places import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import FrameType

    Chooser = Callable[[Sequence[BubbleThread]], BubbleThread | None]

QUIET: Final = ("quiesce", "yield")
"""Kinds of operations that can be done when nobody can do anything else."""

SHORTEST_NAP: Final = 1000
"""Nanoseconds from which a sleep is one, and not only a way to let the others run."""

LOOK: Final = 1
"""How much a look at a clock tells of spinning: little, since who measures looks often too."""

POLL: Final = 10
"""How much a failed try, a sleep of nothing or a no to `is_alive` or `is_set` tells of it."""

SHORT_SPIN: Final = 100
"""What a thread may collect of these without waiting before the others are let in at each more."""

LONG_SPIN: Final = 10_000
"""What it may collect before each more moves the clock by more than 1 ns."""

LAP: Final = 1000
"""Operations in a row, idle or not, after which the others are let in once."""

LAPS: Final = 200
"""Laps in a row after which a thread is taken to poll, and the clock goes to the next event."""

MAX_REFUSALS: Final = 1000
"""Operations that an abandoned thread may still try before it is left standing for ever."""

INSTANT: Final = 500
"""Nanoseconds within which wake-ups count as simultaneous, the last one's time for all: clock reads cost 1 ns each, and
would decide otherwise whether what happens each 0.5 s has happened ten times after 5 s."""

CLOCK_GRID: Final = SECOND // 512
"""Clocks begin a run at a multiple of this: exact as a float of seconds since 1970, and under 2 ms off."""


class Scheduler:
    """One run: its threads, its clock and its journal.

    While it is `silent`, nobody chooses who goes on, and nothing is taken down.

    Args:
        limit: nanoseconds of the run's clock after which it is given up.
        files: the learner's own files, as for `Places`.
        chooser: picks the next thread among those that can go on; the first of them is the one that goes on
            without a chooser. None ends the run there.
        on_lost: called in the main thread if that was given up but swallows `Abandoned` again and again.
    """

    def __init__(
        self,
        limit: int,
        files: Iterable[str] = (),
        chooser: Chooser | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        self.limit = limit
        self.now = 0
        self.bases = {name: -(-read() // CLOCK_GRID) * CLOCK_GRID for name, read in originals.CLOCKS.items()}
        self.journal = Journal(files)
        self.threads: list[BubbleThread] = []
        self.silent = False
        self.deadlock: Deadlock | None = None
        self.over_limit = ""
        self.returned = False
        self._alive: list[BubbleThread] = []
        self._by_ident: dict[int, BubbleThread] = {}
        self._lanes: dict[str, int] = {}
        self._serial = itertools.count(1)
        self._chooser = chooser
        self.on_lost = on_lost
        self._ending = False
        self._jumps = 0
        self.main = BubbleThread(self, 0, self._lane("MainThread"), daemon=False)
        self._enter(self.main)

    # --- threads

    def here(self) -> BubbleThread | None:
        """Return the thread that calls, or None if it is not of this run."""
        return self._by_ident.get(originals.get_ident())

    def start(
        self,
        starter: BubbleThread,
        name: str,
        body: Callable[[BubbleThread], None],
        spawn: Callable[[Any], Any],
        *,
        daemon: bool,
    ) -> tuple[BubbleThread, Any]:
        """Start a real thread and return it with what `spawn` returned, once it has begun and waits to be chosen.

        Args:
            starter: the calling thread.
            name: what its lane is called after.
            body: what it does; must call `begin` once.
            spawn: starts a real thread that calls what it is given.
            daemon: whether the run may end without it.

        Raises:
            RuntimeError: if no thread can be started.
        """
        if self._ending:
            self._refuse(starter)
            raise RuntimeError("can't start new thread")
        thread = BubbleThread(self, len(self.threads) + 1, self._lane(name), daemon=daemon)
        thread.starting = True
        starter.children += 1
        thread.key = f"{starter.key}.{starter.children}"
        thread.place = self.journal.places.find(sys._getframe(1))
        arrived = originals.allocate_lock()
        arrived.acquire()

        def live() -> None:
            self._by_ident[originals.get_ident()] = thread
            try:
                body(thread)
            finally:
                self._leave(thread)

        self._arrived = arrived
        spawned = spawn(live)
        self.threads.append(thread)
        arrived.acquire()  # the child has the baton until it has begun
        self.journal.tell(thread, "start", f"by {starter.name}", thread.place)
        return thread, spawned

    def begin(self, thread: BubbleThread) -> None:
        """Give the baton back to the starter and wait to be chosen. Called by the new thread."""
        thread.starting = False
        thread.since = next(self._serial)
        self._alive.append(thread)
        self._arrived.release()
        thread.gate.acquire()
        if thread.abandoned:
            raise Abandoned

    def _enter(self, thread: BubbleThread) -> None:
        self._by_ident[originals.get_ident()] = thread
        self._alive.append(thread)

    def _leave(self, thread: BubbleThread) -> None:
        """Pass the baton on for good. The thread's last act."""
        del self._by_ident[originals.get_ident()]
        thread.ended = self.now
        if thread.starting:  # it never came to begin
            self._arrived.release()
            return
        self._alive.remove(thread)
        if self._ending:
            self.main.gate.release()
            return
        self.journal.tell(thread, "end", "", NOWHERE)
        self._next(None).gate.release()

    def _lane(self, name: str) -> str:
        count = self._lanes[name] = self._lanes.get(name, 0) + 1
        return name if count == 1 else self._lane(f"{name}#{count}")

    # --- the baton

    def perform(self, thread: BubbleThread, operation: Operation) -> bool:
        """Announce `operation` and return when `thread`, which calls, is chosen to do it.

        Returns:
            True if it can be done now, False if its time was over first.

        Raises:
            Abandoned: if the run is to end without it.
        """
        if thread.abandoned:
            return self._perform_abandoned(thread, operation)
        ready = operation.ready()
        if thread.starting or (ready and self._goes_on(thread, operation)):
            return ready
        jumps, told = self._jumps, False
        thread.operation = operation
        thread.since = next(self._serial)
        if not ready:
            told = self.journal.tell_wait(thread)
        self._pass_on(thread, keeps=ready and not operation.yields)
        if thread.abandoned:
            raise Abandoned
        if told:
            self.journal.tell(thread, "run")
        ready = operation.ready()
        if not operation.idle and (self._jumps > jumps or not ready):
            thread.spins = thread.turns = 0  # it waited while time passed
        return ready

    def _goes_on(self, thread: BubbleThread, operation: Operation) -> bool:
        """Return whether the thread need not even ask: nobody chooses, and it has not kept the baton for long."""
        if self._chooser is not None:
            return len(self._alive) == 1
        if operation.yields:
            return False
        thread.turns += 1
        if thread.turns % LAP:
            return True
        if thread.turns >= LAP * LAPS:
            self.now = self._next_event(thread) or self.now
        operation.yields = True
        return False

    def _pass_on(self, thread: BubbleThread, *, keeps: bool) -> None:
        chosen = self._next(thread if keeps else None)
        if chosen is not thread:
            chosen.gate.release()
            thread.gate.acquire()

    def _next(self, current: BubbleThread | None) -> BubbleThread:
        """Return the thread to go on, moving the clock if nobody can; the main one if the run can't go on.

        Args:
            current: the thread that calls, if it keeps the baton while nobody else is chosen.
        """
        while self.now <= self.limit:
            enabled = [thread for thread in self._alive if thread.can_go(self.now)]
            if enabled:
                return self._choose(enabled, current) or self._give_up()
            if not self._move_clock():
                if not self.returned:
                    self.deadlock = self.journal.describe_deadlock(self._standing())
                return self._give_up()
        self.over_limit = self.journal.describe_limit(self.limit, self._standing(), returned=self.returned)
        return self._give_up()

    def _choose(self, enabled: list[BubbleThread], current: BubbleThread | None) -> BubbleThread | None:
        if self._chooser is None:
            return current if current in enabled else min(enabled, key=_by_age)
        enabled.sort(key=lambda thread: (thread is not current, thread.since))
        return self._chooser(enabled)

    def _move_clock(self) -> bool:
        """Go to the earliest time for which somebody waits, or wait for the real world; False if nobody does."""
        times = [thread.operation.wake_at for thread in self._alive if thread.operation.wake_at is not None]
        if times:
            first = min(times)
            self.now = max(time for time in times if time <= first + INSTANT)
            self._jumps += 1
            return True
        block = next((thread.operation.block for thread in self._alive if thread.operation.block is not None), None)
        if block is not None:
            block()
        return block is not None

    # --- the clock

    def spin(self, thread: BubbleThread, weight: int = POLL) -> None:
        """Take note that `thread` did what is no progress: looked at a clock, or failed to get a lock at once.

        Time must move, or it may do so for ever: by 1 ns each, and by more and more for who does nothing else, but
        never past the time for which somebody else waits, and the others are let in.
        """
        if thread.abandoned:
            self._perform_abandoned(thread, Operation("spin", always))
        step = self._idle_step(thread, weight)
        if thread.spins <= SHORT_SPIN or thread.starting:
            self.now += step
            return
        self.now = min(self.now + step, self._next_event(thread) or self.limit + 1)
        self.perform(thread, Operation("spin", always, yields=True, idle=True))

    def ask(self, thread: BubbleThread, what: object, holds: Callable[[], bool], lock: Any = None) -> bool:  # noqa: ARG002 - for who explores
        """Return whether `holds` does. A no is no progress, but the yes that was waited for ends a spin.

        Args:
            thread: the calling one.
            what: is asked about.
            holds: must have no effect.
            lock: under which what is asked for changes, if it does so under a lock.
        """
        if not holds():
            thread.asks.add(id(what))
            self.spin(thread)
        answer = holds()
        if answer and id(what) in thread.asks:
            thread.asks.remove(id(what))
            thread.spins = 0
        return answer

    def living(self, thread: BubbleThread) -> None:
        """Take note that `thread` is about to start a thread or to end."""

    def _idle_step(self, thread: BubbleThread, weight: int) -> int:
        """Return by how many nanoseconds one more idle operation of `thread` moves the clock.

        1 at first; for who spins doubling up to 1 ms or a thousandth of the time spun so far.
        """
        if not thread.spins:
            thread.spin_began = self.now
        thread.spins += weight
        if thread.spins <= LONG_SPIN:
            return 1
        doubled: int = 1 << min((thread.spins - LONG_SPIN) // POLL, 60)
        return min(doubled, max(SECOND // 1000, (self.now - thread.spin_began) >> 10))

    def nap(self, thread: BubbleThread, duration: int) -> None:
        """Let `thread` sleep for `duration` nanoseconds; a shorter one than `SHORTEST_NAP` only lets the others run."""
        if duration >= SHORTEST_NAP:
            thread.nap = duration
            self.perform(thread, Operation("sleep", never, wake_at=self.now + duration))
            return
        wake_at = self.now + max(duration, self._idle_step(thread, POLL))
        next_event = self._next_event(thread)
        if next_event is not None:
            wake_at = max(self.now + 1, min(wake_at, next_event))
        self.perform(thread, Operation("sleep", never, wake_at=wake_at, yields=True, idle=True))

    def deadline(self, thread: BubbleThread, timeout: float) -> int:
        """Return the time at which a wait of `timeout` seconds is over: 1 ns after its deadline.

        `as_completed` waits again while its deadline is not yet past.
        """
        thread.nap = nanoseconds(timeout)
        return self.now + thread.nap + 1

    def _next_event(self, thread: BubbleThread) -> int | None:
        """Return the earliest time yet to come for which another thread waits."""
        times = (other.operation.wake_at for other in self._alive if other is not thread)
        return min((time for time in times if time is not None and time > self.now), default=None)

    # --- the end

    def finish(self) -> None:
        """Let the others run on until the non-daemon threads have ended or can't go on, then end all.

        Called by the main thread once the function is over.
        """
        self.returned = True
        self.main.ended = self.now
        try:
            if not self._ending:
                self.journal.tell(self.main, "end", "", NOWHERE)
                self.perform(self.main, Operation("finish", self._finished))
        except Abandoned:
            pass
        self._ending = True
        self._alive.remove(self.main)
        while self._alive:
            thread = self._alive[0]
            thread.abandoned = True
            thread.gate.release()
            self.main.gate.acquire()

    def left(self) -> tuple[str, ...]:
        """Return the names of the non-daemon threads that are alive, but for the main one."""
        return tuple(thread.name for thread in self.threads if thread.ended is None and not thread.daemon)

    def records(self) -> tuple[ThreadRecord, ...]:
        """Return what is known of the threads that were started."""
        return tuple(
            ThreadRecord(
                name=thread.name,
                started=seconds(thread.began),
                ended=None if thread.ended is None or thread.abandoned else seconds(thread.ended),
                file=thread.place[0],
                line=thread.place[1],
                daemon=thread.daemon,
                error=thread.error,
            )
            for thread in self.threads
        )

    # --- locks

    def name_lock(self, thread: BubbleThread) -> str:
        """Return the name of a lock that `thread` makes: the same under any schedule."""
        thread.locks += 1
        return f"{thread.key}:{thread.locks}"

    def tried(self, thread: BubbleThread, lock: Any, *, taken: bool) -> None:  # noqa: ARG002 - for who explores
        """Take note that `thread` has tried to get `lock` without waiting."""
        if not taken:
            self.spin(thread)

    def looks(self, thread: BubbleThread, lock: Any) -> None:
        """Take note that `thread` asks whether somebody has `lock`."""
        if lock._real.locked():
            self.spin(thread)

    def acquired(self, thread: BubbleThread, lock: Any) -> None:
        """Take note that `thread` has got `lock`."""
        self.journal.tell_lock(thread, "acquire", lock)

    def releasing(self, thread: BubbleThread, lock: Any) -> None:
        """Take note that `thread` is about to release `lock`, which may be another's or nobody's."""

    def released(self, thread: BubbleThread, lock: Any) -> None:
        """Take note that `thread` has released `lock`."""
        self.journal.tell_lock(thread, "release", lock)

    # --- quiet

    def quiesce(self, thread: BubbleThread) -> None:
        """Return when all threads but `thread`, which calls, are blocked or done; who sleeps is blocked."""
        self.perform(thread, Operation("quiesce", lambda: self._is_quiet(thread)))

    def _is_quiet(self, thread: BubbleThread) -> bool:
        others = (other for other in self._alive if other is not thread and other.operation.kind not in QUIET)
        return not any(other.can_go(self.now) for other in others)

    def _finished(self) -> bool:
        return all(thread.daemon or thread is self.main for thread in self._alive)

    def _give_up(self) -> BubbleThread:
        self._ending = True
        note_given_up()
        self.main.abandoned = True
        return self.main

    def _perform_abandoned(self, thread: BubbleThread, operation: Operation) -> bool:
        """Let an abandoned thread unwind: it may take a free lock on its way, and nothing else."""
        self._refuse(thread)
        if operation.kind in ("acquire", "try") and operation.ready():
            return True
        raise Abandoned

    def _refuse(self, thread: BubbleThread) -> None:
        """Count what an abandoned thread tries, and leave it standing for ever if it tries too often.

        It may swallow `Abandoned` by an ``except BaseException`` in a loop.
        """
        thread.refusals += 1
        if thread.refusals <= MAX_REFUSALS:
            return
        if thread is self.main:
            if self.on_lost is not None:
                self.on_lost()
            return
        self._alive.remove(thread)
        self.main.gate.release()
        while True:
            thread.gate.acquire()

    # --- what is told

    def note(self, thread: BubbleThread, what: str, detail: str) -> None:
        """Add an event; a ``print`` is an operation, announced before it."""
        if thread.abandoned:
            self._perform_abandoned(thread, Operation(what, always))
        if what == "print":
            self.perform(thread, Operation("print", always))
        self.journal.tell(thread, what, detail)

    def frame_of(self, thread: BubbleThread) -> FrameType | None:
        """Return the frame in which `thread` stands."""
        ident = next((ident for ident, one in self._by_ident.items() if one is thread), None)
        return None if ident is None else sys._current_frames().get(ident)

    def _standing(self) -> list[tuple[BubbleThread, FrameType | None]]:
        """Return the threads that are alive, each with the frame in which it stands."""
        frames = sys._current_frames()
        idents = {thread: ident for ident, thread in self._by_ident.items()}
        return [(thread, frames.get(idents[thread])) for thread in self._alive]


def _by_age(thread: BubbleThread) -> int:
    return thread.since
