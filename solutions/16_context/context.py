"""The reference for kata 16."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

request_id: ContextVar[str] = ContextVar("request_id")
"""Given: the name of the request that is being handled. Where none is, it is not set."""


def log(text: str) -> str:
    """Return `text` with the name of the present request before it; this one is given.

    Raises:
        LookupError: if no request is being handled here.
    """
    return f"{request_id.get()}: {text}"


Work = Callable[[Callable[[str], str]], str]
"""Is called as ``work(log)``, any number of times calls `log`, the one it is handed or this file's, and returns a text.

It raises nothing."""


def handle(name: str, work: Work) -> str:
    """Do `work` with `request_id` set to `name`, in the present context, which is changed."""
    request_id.set(name)
    return work(log)


def handle_all(requests: Sequence[tuple[str, Work]], workers: int) -> list[str]:
    """Do the work of each of `requests` in a pool of `workers` threads, with `request_id` set to its name.

    Raises:
        ValueError: if `workers` is less than 1 (the pool itself says so).
    """
    with ThreadPoolExecutor(max_workers=workers) as pool:
        # A copy for each request: one context can't be entered twice at once. What is set in it stays in it, so neither
        # the thread nor the caller has anything to put back.
        futures = [pool.submit(copy_context().run, handle, name, work) for name, work in requests]
        return [future.result() for future in futures]


async def handle_all_async(requests: Sequence[tuple[str, Work]]) -> list[str]:
    """Do the same from a coroutine: to_thread runs what it is given in a copy of the context, as above."""
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
