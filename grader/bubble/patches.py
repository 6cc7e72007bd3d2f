"""Puts the bubble's stand-ins in the place of the real things, in this process and once for all."""

from __future__ import annotations

import _thread
import datetime
import os
import queue
import select
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from grader.bubble import clocks, originals, polling, threads
from grader.bubble.current import set_running
from grader.bubble.locks import Lock, RLock
from grader.bubble.numbering import ordinal_hash
from grader.bubble.operations import Abandoned
from grader.bubble.replacing import other_modules, put, replace_everywhere

if TYPE_CHECKING:
    from collections.abc import Callable


class _State:
    installed = False


def install() -> None:
    """Replace locks, clocks, sleeps and the starting of threads in this process.

    To be called before modules that make locks are imported; those that are already get new locks for the ones they
    keep as globals. Calling it again does nothing.
    """
    if _State.installed:
        return
    _State.installed = True
    replace_everywhere(_standins())
    _patch_threading()
    _renew_locks()
    sys.unraisablehook = _make_unraisablehook(sys.unraisablehook)
    polling.patch_selectors()
    _import_and_patch()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_after_fork)


def _after_fork() -> None:
    """Begin a child: it has one thread, real time, and new locks of threading's own, made by our stand-ins just now."""
    set_running(None)
    for name, value in list(vars(threading).items()):
        if type(value) is Lock:
            setattr(threading, name, originals.allocate_lock())
        elif type(value) is RLock:
            setattr(threading, name, originals.RLock())


def is_installed() -> bool:
    """Return whether `install` was called."""
    return _State.installed


def _standins() -> list[tuple[Any, Any]]:
    """Return pairs of an original and what stands for it."""
    pairs: list[tuple[Any, Any]] = [
        (_thread.allocate_lock, Lock),
        (_thread.allocate, Lock),
        (_thread.LockType, Lock),
        (_thread.RLock, RLock),
        (threading.RLock, RLock),
        (threading.active_count, threads.counting(threading.active_count)),
        (threading.enumerate, threads.counting(threading.enumerate)),
        (queue.SimpleQueue, queue._PySimpleQueue),  # type: ignore[attr-defined]
        (datetime.date, clocks.VirtualDate),
        (datetime.datetime, clocks.VirtualDatetime),
        (select.select, clocks.Standin(select.select, clocks.select)),
        (_thread.start_new_thread, clocks.Standin(_thread.start_new_thread, threads.start_new_thread)),
        (_thread.start_new, clocks.Standin(_thread.start_new, threads.start_new_thread)),
    ]
    if originals.start_joinable_thread is not None:
        original = originals.start_joinable_thread
        pairs.append((original, clocks.Standin(original, threads.start_joinable_thread)))
    for name in ("sleep", "localtime", "gmtime", "ctime", "strftime", "asctime"):
        original = getattr(time, name)
        pairs.append((original, clocks.Standin(original, getattr(clocks, name))))
    pairs.append((os.times, clocks.Standin(os.times, clocks.times)))
    for name in ("clock_gettime", "clock_gettime_ns"):
        if hasattr(time, name):  # not on Windows
            original = getattr(time, name)
            pairs.append((original, clocks.Standin(original, getattr(clocks, name))))
    for name in originals.CLOCKS:
        original, original_ns = getattr(time, name), getattr(time, f"{name}_ns")
        pairs.append((original, clocks.Standin(original, clocks.clock(name))))
        pairs.append((original_ns, clocks.Standin(original_ns, clocks.clock_ns(name))))
    return pairs


def _patch_threading() -> None:
    put(
        threading,
        _CRLock=RLock,
        _make_invoke_excepthook=threads.make_invoke_excepthook(
            threading._make_invoke_excepthook  # type: ignore[attr-defined]
        ),
    )
    put(threading.Thread, join=threads.join, is_alive=threads.is_alive, __hash__=ordinal_hash)
    for name in ("start", "_delete"):
        put(threading.Thread, **{name: threads.announced(getattr(threading.Thread, name))})
    put(threading.Event, is_set=threads.is_set)
    put(threading.Semaphore, acquire=threads.acquire_semaphore)
    put(_thread, lock=Lock)


def _make_unraisablehook(original: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return a hook that says nothing of finalizers which an abandoned thread comes to while it unwinds."""

    def hook(unraisable: Any, /) -> None:
        if not isinstance(unraisable.exc_value, Abandoned):
            original(unraisable)

    return hook


def _renew_locks() -> None:
    """Give modules that were loaded before new locks for those that they keep as globals.

    threading's own stay real: nobody can be stopped while he holds one of them.
    """
    makers: list[tuple[type, type]] = [(originals.LockType, Lock), (originals.RLock, RLock)]
    for module in other_modules():
        if module is threading:
            continue
        for name, value in list(vars(module).items()):
            for real, maker in makers:
                if type(value) is real:
                    setattr(module, name, maker())
    logging = sys.modules.get("logging")
    for reference in logging._handlerList if logging is not None else ():
        handler = reference()
        if handler is not None:
            handler.createLock()


def _import_and_patch() -> None:
    """Patch what is only importable now that locks are the bubble's."""
    from grader.bubble import aio, pools  # noqa: PLC0415 - they import modules that make locks

    aio.patch()
    pools.patch()
