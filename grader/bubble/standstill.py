"""Whether threads that go on without an end come back to where they were, or only take long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

    from grader.bubble.places import Places

_PLAIN = (int, float, str, bytes, type(None))


class Standstill:
    """What the threads of a run were seen at, once it has become long.

    Args:
        places: tells the learner's own files.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._first: dict[str, Any] = {}
        self._back: set[str] = set()

    def look(self, key: str, frame: FrameType | None) -> None:
        """Look at the thread `key`, which stands in `frame`."""
        if key in self._back:
            return
        state = self._state(frame)
        if self._first.setdefault(key, state) is not state and self._first[key] == state:
            self._back.add(key)

    def are_back(self, keys: Iterable[str]) -> bool:
        """Return whether all threads with these `keys` were seen twice at the same line with the same variables.

        Numbers and texts are compared: so who counts his tries, or looks at a clock, is not back.
        """
        return self._back.issuperset(keys)

    def _state(self, frame: FrameType | None) -> list[Any]:
        state: list[Any] = []
        while frame is not None:
            if self._places.name(frame.f_code.co_filename):
                plain = {name: value for name, value in frame.f_locals.items() if isinstance(value, _PLAIN)}
                state.append((frame.f_code, frame.f_lasti, plain))
            frame = frame.f_back
        return state
