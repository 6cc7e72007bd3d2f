"""Kata 12: what goes wrong in a thread is told to the one who started the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any


def run_all(tasks: Sequence[Callable[[], Any]], workers: int) -> list[Any]:
    """Call each of `tasks` once, in threads, and return their values in the order of the tasks.

    Up to `workers` tasks are under way at once, never more. A task that fails keeps no other from being done.

    Args:
        tasks: take no argument. What they return is a value, whatever it is: an exception that is returned, and not
            raised, is one too.
        workers: at least 1.

    Raises:
        ValueError: if `workers` is less than 1.
        ExceptionGroup: if tasks raised an `Exception`: the very exceptions, in the order of the tasks, when all tasks
            have ended.
        SystemExit: if a task raised it (it is no `Exception`), when all tasks have ended. Of several: any. Beside
            other exceptions: it or the group.
    """
    raise NotImplementedError


def watch_threads() -> AbstractContextManager[Any]:
    """Return a context manager that tells what ended plain threads while its block ran.

    ``with watch_threads(): …`` takes each `Exception` by which a `threading.Thread` ends between the begin and the end
    of the block, wherever the thread was started. What is no `Exception` it does not take: a SystemExit just ends its
    thread, as ever. At the end of the block `threading.excepthook` is what it was before. No thread is joined: one that
    still runs then is not waited for. Blocks inside each other, or in two threads at once, are not asked for.

    Raises:
        ExceptionGroup: at the end of the block, if there are such exceptions: they, in any order. But if the block
            itself raised an exception, that one goes on, and the group is added to its ``__context__`` chain; what
            was in that chain before is still there.
    """
    raise NotImplementedError
