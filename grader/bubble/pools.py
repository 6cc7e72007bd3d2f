"""Pools of threads, and the locks of multiprocessing, in the bubble."""

from __future__ import annotations

import concurrent.futures
import contextlib
import functools
import importlib
import logging
import multiprocessing
import queue
from concurrent.futures.thread import ThreadPoolExecutor
from typing import Any

from grader.bubble import originals
from grader.bubble.current import here, is_heard
from grader.bubble.numbering import Numbering, ordinal_hash
from grader.bubble.operations import Operation, always
from grader.bubble.replacing import put


def patch() -> None:
    """Patch ``concurrent.futures`` and, where this system has them, multiprocessing's thread pools and locks."""
    put(concurrent.futures.Future, __hash__=ordinal_hash)
    put(importlib.import_module("concurrent.futures._base"), id=hash)  # it locks futures in order of their ids
    Numbering.counters.append((ThreadPoolExecutor, "_counter"))
    for name in ("concurrent.futures", "asyncio"):
        logging.getLogger(name).addFilter(lambda _: is_heard())
    with contextlib.suppress(ImportError):
        _patch_locks(importlib.import_module("multiprocessing.synchronize"))
        _patch_thread_pool(importlib.import_module("multiprocessing.pool"))


# --- multiprocessing.pool.ThreadPool


class _ThreadsOnly:
    """Stands for a multiprocessing context in a pool of threads, which would use a pipe to wake its own thread."""

    SimpleQueue = queue.SimpleQueue


def _patch_thread_pool(pool: Any) -> None:
    wait_really = pool.Pool._wait_for_updates

    def make_thread_pool(self: Any, processes: Any = None, initializer: Any = None, initargs: Any = ()) -> None:
        context = None if here() is None else _ThreadsOnly
        pool.Pool.__init__(self, processes, initializer, initargs, context=context)

    def get_sentinels(self: Any) -> list[Any]:
        reader = getattr(self._change_notifier, "_reader", None)
        return [] if reader is None else [reader]

    def wait_for_updates(sentinels: Any, change_notifier: Any, timeout: float | None = None) -> None:
        if not isinstance(change_notifier, queue.SimpleQueue):
            wait_really(sentinels, change_notifier, timeout)
            return
        change_notifier.get()
        while not change_notifier.empty():
            change_notifier.get()

    put(pool.ThreadPool, __init__=make_thread_pool, _get_sentinels=get_sentinels)
    put(pool.Pool, _wait_for_updates=staticmethod(wait_for_updates))


# --- multiprocessing.Lock and its kin


def _patch_locks(synchronize: Any) -> None:
    def make_methods(self: Any) -> None:
        self.acquire = functools.partial(_acquire, self._semlock)
        self.release = self._semlock.release

    put(synchronize.SemLock, _make_methods=make_methods, __enter__=lambda self: self.acquire())


def _acquire(semlock: Any, block: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002 - multiprocessing's own
    """Stand for ``SemLock.acquire``: try, else wait in the bubble; a child process that has it is waited for really."""
    thread = here()
    if thread is None:
        return semlock.acquire(block, timeout)  # type: ignore[no-any-return]
    scheduler = thread.scheduler
    wake_at = None if timeout is None else scheduler.deadline(thread, max(timeout, 0))
    waiting = Operation(
        "semaphore",
        lambda: not semlock._is_zero(),
        wake_at=wake_at,
        target=semlock,
        block=functools.partial(originals.sleep, 0.005) if multiprocessing.active_children() else None,
    )
    scheduler.perform(thread, Operation("semaphore", always, target=semlock))
    while not semlock.acquire(False):
        if not block or (timeout is not None and timeout <= 0):
            scheduler.spin(thread)
            return False
        if not scheduler.perform(thread, waiting):
            return False
    return True
