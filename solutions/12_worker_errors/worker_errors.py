"""The reference for kata 12."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any


def run_all(tasks: Sequence[Callable[[], Any]], workers: int) -> list[Any]:
    """Call each of `tasks` once, in threads, and return their values in the order of the tasks.

    Raises:
        ValueError: if `workers` is less than 1 (the pool itself says so).
        ExceptionGroup: what tasks raised, in the order of the tasks, when all have ended.
        SystemExit: if a task raised it, when all have ended.
    """
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(task) for task in tasks]
    # The block has waited for all tasks. Each future has a value or an exception, and who asks for neither loses it.
    values: list[Any] = []
    errors: list[Exception] = []
    for future in futures:
        try:
            values.append(future.result())
        except Exception as error:  # noqa: BLE001 - tasks may raise anything; a SystemExit goes on from here
            errors.append(error)
    if errors:
        raise ExceptionGroup("tasks failed", errors)
    return values


@contextmanager
def watch_threads() -> Iterator[None]:
    """Raise at the end of the block what ended threads meanwhile, as one `ExceptionGroup`."""
    errors: list[Exception] = []
    before = threading.excepthook

    def keep(args: threading.ExceptHookArgs) -> None:
        # The hook gets whatever ends a thread, a SystemExit too. append is one step: two threads may die together.
        if isinstance(args.exc_value, Exception):
            errors.append(args.exc_value)
        else:
            before(args)

    threading.excepthook = keep
    try:
        yield
    except BaseException as error:
        if errors:
            _oldest(error).__context__ = ExceptionGroup("threads failed", errors)
        raise
    finally:
        threading.excepthook = before
    if errors:
        raise ExceptionGroup("threads failed", errors)


def _oldest(error: BaseException) -> BaseException:
    """Return the last in the chain of what happened before `error`; in its place something older can be put."""
    while error.__context__ is not None:
        error = error.__context__
    return error
