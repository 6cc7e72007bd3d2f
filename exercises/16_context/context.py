"""Kata 16: each request is handled in its own context, whatever thread that happens in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar

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


def handle_all(requests: Sequence[tuple[str, Work]], workers: int) -> list[str]:
    """Do the work of each of `requests` in a pool of `workers` threads, with `request_id` set to its name.

    As long as there are enough left, `workers` requests are handled at once, and never more. No work is done by the
    calling thread. Whatever `log` is called for has the name of that request, and of no other. A thread that goes on to
    another request carries the last one's name no longer. For the caller `request_id` is afterwards what it was before,
    or not set as before. The pool is shut down when this returns.

    Args:
        requests: the name of each and its work.
        workers: at least 1.

    Returns:
        What each ``work(log)`` returned, in the order of the requests.

    Raises:
        ValueError: if `workers` is less than 1.
    """
    raise NotImplementedError


async def handle_all_async(requests: Sequence[tuple[str, Work]]) -> list[str]:
    """Do the same from a coroutine, by `asyncio.to_thread`: all are handed over before the first is waited for."""
    raise NotImplementedError
