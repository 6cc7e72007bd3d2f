"""What the threads of a run did, in order."""

from __future__ import annotations

from typing import Final

from grader.wire import Event

MAX_EVENTS: Final = 20_000
"""Events kept of one run; what comes after them is only counted."""


class Journal:
    """Collects the events of a run."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._dropped = 0

    def full(self) -> bool:
        """Return whether the next event will only be counted, so that it need not be made."""
        return len(self._events) >= MAX_EVENTS

    def drop(self) -> None:
        """Count an event that is not kept."""
        self._dropped += 1

    def add(self, event: Event) -> None:
        """Keep `event`."""
        self._events.append(event)

    def events(self) -> tuple[Event, ...]:
        """Return the events, and a last one that says how many were dropped, if any were."""
        if not self._dropped:
            return tuple(self._events)
        last = self._events[-1]
        return (*self._events, Event(last.at, last.lane, "note", f"{self._dropped} more events were not kept"))
