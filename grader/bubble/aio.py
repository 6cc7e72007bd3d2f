"""asyncio in the bubble. Its loops wait by selectors, so what is left is to make it do the same each time."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from grader.bubble.numbering import ordinal_hash
from grader.bubble.replacing import replace_everywhere


def patch() -> None:
    """Let tasks and futures hash by order of creation, and `as_completed` start its coroutines in the order given."""
    pairs = [(kind, _with_ordinal_hash(kind)) for kind in (asyncio.Future, asyncio.Task)]
    replace_everywhere([*pairs, (asyncio.as_completed, _in_order(asyncio.as_completed))])
    if sys.platform == "win32":  # the proactor's loop waits where no selector is
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())


def _with_ordinal_hash(kind: type) -> type:
    return type(kind.__name__, (kind,), {"__hash__": ordinal_hash, "__module__": kind.__module__})


def _in_order(original: Any) -> Any:
    def as_completed(fs: Any, *, timeout: float | None = None) -> Any:
        if asyncio._get_running_loop() is not None and not asyncio.isfuture(fs) and not asyncio.iscoroutine(fs):
            fs = [asyncio.ensure_future(awaitable) for awaitable in dict.fromkeys(fs)]
        return original(fs, timeout=timeout)

    return as_completed
