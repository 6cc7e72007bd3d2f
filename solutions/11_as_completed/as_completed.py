"""The reference for kata 11."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any


def first_success(jobs: Sequence[Callable[[], Any]], timeout: float) -> Any:
    """Begin all `jobs` at once and return the value of the first that succeeds, as soon as it is there.

    Raises:
        ValueError: if there are no jobs.
        TimeoutError: when `timeout` seconds have passed and there is no answer yet.
        Exception: if all jobs failed: the exception that came last.
    """
    if not jobs:
        raise ValueError("there are no jobs, and so there is no first")
    errors: list[Exception] = []
    # No `with` here: its end waits for all jobs, and so keeps no timeout. And len(jobs), since the pool's own choice of
    # a size may be smaller.
    pool = ThreadPoolExecutor(max_workers=len(jobs))
    try:
        # The TimeoutError of as_completed comes out of the `for`, outside of the `try`; a job's own is no timeout.
        for future in as_completed([pool.submit(job) for job in jobs], timeout=timeout):
            try:
                return future.result()
            except Exception as error:  # noqa: BLE001 - jobs may raise anything
                errors.append(error)
    finally:
        pool.shutdown(wait=False)  # the threads end when their jobs do
    raise errors[-1]


def gather(jobs: Sequence[Callable[[], Any]], workers: int) -> tuple[list[Any], list[Exception]]:
    """Do all `jobs`, up to `workers` at once, and return values and exceptions, each in the order of ending.

    Raises:
        ValueError: if `workers` is less than 1 (the pool itself says so).
    """
    values: list[Any] = []
    errors: list[Exception] = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            try:
                values.append(future.result())
            except Exception as error:  # noqa: BLE001 - jobs may raise anything
                errors.append(error)
    return values, errors
