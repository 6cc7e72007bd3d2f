"""asyncio in the bubble. Its loops wait by selectors, so what is left is to make it do the same each time."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from grader.bubble.numbering import ordinal_hash
from grader.bubble.replacing import replace_everywhere


class _Named(type):
    """Lets a stand-in be called as what it stands for."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> _Named:
        return super().__new__(cls, name, bases, body | {"__module__": bases[0].__module__, "__qualname__": name})


def patch() -> None:
    """Let tasks and futures hash by order of creation, and `as_completed` start its coroutines in the order given."""
    future = _Named("Future", (asyncio.Future,), {"__hash__": ordinal_hash})
    task = _Named("Task", (asyncio.Task,), {"__hash__": ordinal_hash})
    replace_everywhere(
        [
            (asyncio.Future, future),
            (asyncio.Task, task),
            (asyncio.as_completed, _in_order(asyncio.as_completed)),
        ]
    )
    if sys.platform == "win32":  # the proactor's loop waits where no selector is
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())


def _in_order(original: Any) -> Any:
    def as_completed(fs: Any, *, timeout: float | None = None) -> Any:
        if asyncio._get_running_loop() is not None and not asyncio.isfuture(fs) and not asyncio.iscoroutine(fs):
            fs = [asyncio.ensure_future(awaitable) for awaitable in dict.fromkeys(fs)]
        return original(fs, timeout=timeout)

    return as_completed
