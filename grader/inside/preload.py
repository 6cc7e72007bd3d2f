"""The standard library modules that a starter imports once, so that no learner's process has to."""

from __future__ import annotations

import contextlib
import importlib

_BOTH = (
    "abc atexit bisect collections contextlib contextvars copy dataclasses datetime decimal enum faulthandler "
    "fractions functools heapq inspect io itertools json linecache logging math operator os pathlib pickle queue "
    "random re runpy sched signal statistics string struct subprocess sys tempfile textwrap threading time timeit "
    "traceback types typing warnings weakref concurrent.futures concurrent.futures.thread "
    "multiprocessing multiprocessing.pool multiprocessing.dummy multiprocessing.queues multiprocessing.synchronize"
)
_REAL = (
    "concurrent.futures.process csv hashlib multiprocessing.connection "
    "multiprocessing.forkserver multiprocessing.managers multiprocessing.popen_fork "
    "multiprocessing.popen_forkserver multiprocessing.popen_spawn_posix multiprocessing.shared_memory "
    "multiprocessing.spawn select shutil socket"
)


def preload(kind: str) -> None:
    """Import what answers of this `kind` usually need; a module that is not on this system is left out."""
    for name in (_BOTH if kind == "bubble" else f"{_BOTH} {_REAL}").split():
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
