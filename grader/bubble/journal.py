"""What the threads of a run did, in order; and in words what they wait for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from grader.bubble import messages
from grader.bubble.durations import SECOND, in_words, seconds
from grader.bubble.outcome import Deadlock, Stuck
from grader.bubble.places import NOWHERE, Places
from grader.wire import Event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType, FrameType

    from grader.bubble.operations import BubbleThread

MAX_EVENTS: Final = 20_000
"""Events kept of one run; of what comes after them the sleeps, waits and locks are only counted."""

MAX_TELLING: Final = 2 * MAX_EVENTS
"""Events kept of one run if the last ones are starts, prints and ends: who polls must not hide what others print."""

_WORDS: Final = {"select": messages.A_FILE, "semaphore": messages.A_PROCESS_LOCK}
"""What operations wait for that are no lock of threads, by their kinds."""


class Journal:
    """Collects the events of a run.

    Args:
        files: the learner's own files, as for `Places`.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self.places = Places(files)
        self._events: list[Event] = []
        self._dropped = 0
        self._made: dict[tuple[str, int], int] = {}
        self._numbers: dict[tuple[tuple[str, int], str], int] = {}

    def events(self) -> tuple[Event, ...]:
        """Return the events, and a last one that says how many were dropped, if any were."""
        if not self._dropped:
            return tuple(self._events)
        last = self._events[-1]
        return (*self._events, Event(last.at, last.lane, "note", messages.not_kept(self._dropped)))

    # --- events

    def tell(self, thread: BubbleThread, what: str, detail: str = "", place: tuple[str, int] | None = None) -> None:
        """Add an event of `thread`, now; `place` is the learner's line at which the caller stands, if not given."""
        if thread.abandoned:
            return
        if len(self._events) >= (MAX_TELLING if what in ("start", "print", "end") else MAX_EVENTS):
            self._dropped += 1
            return
        file, line = self.places.find(sys._getframe(1)) if place is None else place
        self._events.append(Event(seconds(thread.scheduler.now), thread.name, what, detail, file, line))

    def tell_main(self, main: BubbleThread, code: CodeType | None) -> None:
        """Add the main thread's start, at the line where the function with `code` is defined."""
        name = "" if code is None else self.places.name(code.co_filename)
        self.tell(main, "start", "", (name, code.co_firstlineno) if code is not None and name else NOWHERE)

    def tell_lock(self, thread: BubbleThread, what: str, lock: Any) -> None:
        """Add an ``acquire`` or ``release`` of `lock` if the learner's own code made it."""
        if self.places.name(lock.made[0]):
            self.tell(thread, what, self.name(lock))

    def tell_wait(self, thread: BubbleThread) -> bool:
        """Add that `thread` begins what it has announced, a sleep or a wait; False if that is not worth telling."""
        operation = thread.operation
        if operation.idle or operation.kind == "finish":
            return False
        if operation.kind == "sleep":
            self.tell(thread, "sleep", in_words(thread.nap))
        elif len(self._events) >= MAX_EVENTS:
            self._dropped += 1
        else:
            stuck = self.describe(thread, sys._getframe(1))
            held = f", held by {stuck.held_by}" if stuck.held_by else ""
            self.tell(thread, "wait", f"for {stuck.waits_for}{held}", (stuck.file, stuck.line))
        return True

    # --- words

    def describe(self, thread: BubbleThread, frame: FrameType | None) -> Stuck:
        """Tell what `thread`, which stands at `frame`, waits for."""
        operation = thread.operation
        words, holder = self.places.awaited(frame), ""
        if operation.kind == "join":
            words = words or messages.end_of(operation.target.name)
        elif operation.kind == "acquire" and not words:
            words = self.name(operation.target)
            holder = operation.target.holder.name if operation.target.holder is not None else ""
        words = words or _WORDS.get(operation.kind, messages.ITS_TURN)
        return Stuck(thread.name, words, holder, *self.places.find(frame))

    def number_lock(self, key: str, *places: tuple[str, int]) -> None:
        """Take note that the lock `key` is made at the learner's `places`, if they are: which one of theirs it is."""
        for place in places:
            if self.places.name(place[0]):
                self._made[place] = self._numbers[place, key] = self._made.get(place, 0) + 1

    def name(self, lock: Any) -> str:
        """Return how `lock` is called in words."""
        return self.name_made("lock", lock.made, lock.key) or messages.A_LOCK

    def name_made(self, what: str, place: tuple[str, int], key: str) -> str:
        """Return how a lock or the Condition it is in, `what`, is called by where it was made; ``""`` if by others.

        Of several made at one place it has a number too.
        """
        path, line = place
        name = self.places.name(path)
        number = self._numbers.get((place, key), 0)
        is_one_of_several = number and self._made[place] > 1
        called = messages.one_of(what, number) if is_one_of_several else messages.the_only(what)
        return messages.made_at(called, f"{name}:{line}") if name else ""

    def describe_deadlock(self, standing: list[tuple[BubbleThread, FrameType | None]]) -> Deadlock:
        """Tell of the threads, each with its frame; a pool's workers without work are left out."""
        stuck = [self.describe(thread, frame) for thread, frame in standing]
        return Deadlock(tuple(thread for thread in stuck if thread.line or thread.waits_for != messages.POOL_WORK))

    def describe_limit(
        self, limit: int, standing: list[tuple[BubbleThread, FrameType | None]], *, returned: bool, after: str = ""
    ) -> str:
        """Tell in one sentence that `limit` was reached, and what some of the threads do.

        Args:
            limit: nanoseconds of the run's clock.
            standing: the threads that are alive, each with its frame.
            returned: whether the function has returned, so that others are meant.
            after: how long it took, in words, if that was not `limit`.
        """
        whole = messages.AN_HOUR if limit == 3600 * SECOND else in_words(limit)
        parts = [messages.not_ended(after or messages.in_clock(whole), others=returned)]
        parts += filter(None, (self._describe_use_of_time(thread, frame) for thread, frame in standing))
        return "; ".join(parts[:5])

    def _describe_use_of_time(self, thread: BubbleThread, frame: FrameType | None) -> str:
        operation = thread.operation
        if operation.kind == "finish":
            return ""
        if operation.idle or operation.ready():
            return messages.keeps_asking(thread.name)
        if operation.wake_at is not None:
            return messages.polls(thread.name, in_words(thread.nap))
        return str(self.describe(thread, frame))
