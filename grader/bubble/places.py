"""Where the learner's code stands, and what it waits for, read off the stack."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

NOWHERE: Final = ("", 0)

_BUBBLE: Final = __name__.rpartition(".")[0]

_LIBRARY: Final = ("threading", "queue", "sched", "concurrent", "asyncio", "multiprocessing", "selectors")
"""Packages of the standard library that a learner waits through."""

IDLE: Final = "work for the pool"
"""What a worker without work waits for."""

_CALLS: Final = ("concurrent.futures.thread._WorkItem.run", "asyncio.events.Handle._run")
"""Calls of the library that run what they were given, so that what is outside them says nothing of it."""

_WAITS: Final = {
    "threading.Event.wait": "an Event to be set",
    "threading.Condition.wait": "a Condition to be notified",
    "threading.Condition.wait_for": "a Condition to be notified",
    "threading.Semaphore.acquire": "a Semaphore to be released",
    "threading.Barrier.wait": "the others at a Barrier",
    "threading.Timer.run": "the time of a Timer",
    "queue.Queue.get": "an item in a Queue",
    "queue.Queue.put": "room in a Queue",
    "queue.Queue.join": "all items of a Queue to be done",
    "queue._PySimpleQueue.get": "an item in a SimpleQueue",
    "concurrent.futures._base.Future.result": "a Future's result",
    "concurrent.futures._base.Future.exception": "a Future's result",
    "concurrent.futures._base.as_completed": "a Future to be done",
    "concurrent.futures._base.wait": "Futures to be done",
    "concurrent.futures._base.Executor.map.<locals>.result_iterator": "a Future's result",
    "concurrent.futures._base.Executor.__exit__": "the pool to end",
    "concurrent.futures.thread.ThreadPoolExecutor.shutdown": "the pool to end",
    "concurrent.futures.thread._worker": IDLE,
    "asyncio.base_events.BaseEventLoop._run_once": "an event in the event loop",
    "multiprocessing.pool.ApplyResult.wait": "a pool's result",
    "multiprocessing.pool.IMapIterator.next": "a pool's result",
    "multiprocessing.pool.Pool.join": "the pool to end",
    "multiprocessing.pool.worker": IDLE,
    "multiprocessing.pool.Pool._handle_workers": IDLE,
    "multiprocessing.pool.Pool._handle_tasks": IDLE,
    "multiprocessing.pool.Pool._handle_results": IDLE,
}


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
            words = _WAITS.get(name, words)
            frame = frame.f_back
        return words


def _relative(path: str, root: str) -> str:
    """Return `path` under `root`, or its last part if it is `root`; ``""`` if it is neither."""
    if path == root:
        return path.replace(os.sep, "/").rpartition("/")[2]
    folder = root.rstrip(os.sep) + os.sep
    return path[len(folder) :].replace(os.sep, "/") if path.startswith(folder) else ""
