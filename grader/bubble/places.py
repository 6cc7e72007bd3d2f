"""Where the learner's code stands, and what it waits for, read off the stack."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from grader.bubble import messages

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

NOWHERE: Final = ("", 0)

_BUBBLE: Final = __name__.rpartition(".")[0]

_LIBRARY: Final = ("threading", "queue", "sched", "concurrent", "asyncio", "multiprocessing", "selectors")
"""Packages of the standard library that a learner waits through."""

_CALLS: Final = ("concurrent.futures.thread._WorkItem.run", "asyncio.events.Handle._run")
"""Calls of the library that run what they were given, so that what is outside them says nothing of it."""


class Places:
    """Tells the learner's own files from all others.

    Args:
        files: paths of files, or of folders whose files are meant.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self._roots = [os.fspath(root) for root in files]
        self._names: dict[str, str] = {}

    def name(self, path: str) -> str:
        """Return how the learner calls the file at `path`; ``""`` if it is not the learner's."""
        known = self._names.get(path)
        if known is None:
            known = self._names[path] = next(filter(None, (_relative(path, root) for root in self._roots)), "")
        return known

    def find(self, frame: FrameType | None) -> tuple[str, int]:
        """Return file and line of the innermost learner's frame from `frame` outwards; else `NOWHERE`."""
        while frame is not None:
            name = self.name(frame.f_code.co_filename)
            if name:
                return name, frame.f_lineno
            frame = frame.f_back
        return NOWHERE

    def awaited(self, frame: FrameType | None) -> str:
        """Return what is waited for in `frame`, by the outermost known call under the learner's; else ``""``."""
        words = ""
        inside = False
        while frame is not None and not self.name(frame.f_code.co_filename):
            module = frame.f_globals.get("__name__", "")
            in_library = module.partition(".")[0] in _LIBRARY
            if inside and not in_library and not module.startswith(_BUBBLE):
                break
            inside = inside or in_library
            code = frame.f_code
            if code.co_name == "_acquire_restore":
                return ""  # a Condition's own lock, wanted back after the wait: a lock like any other
            name = f"{module}.{code.co_qualname}"
            if name in _CALLS:
                break
            words = messages.WAITS.get(name, words)
            frame = frame.f_back
        return words


def _relative(path: str, root: str) -> str:
    """Return `path` under `root`, or its last part if it is `root`; ``""`` if it is neither."""
    if path == root:
        return path.replace(os.sep, "/").rpartition("/")[2]
    folder = root.rstrip(os.sep) + os.sep
    return path[len(folder) :].replace(os.sep, "/") if path.startswith(folder) else ""
