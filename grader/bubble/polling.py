"""Waiting for file descriptors: poll once, then let the scheduler poll while others run or time passes."""

from __future__ import annotations

import math
import selectors
from typing import Any

from grader.bubble.current import here
from grader.bubble.operations import Operation


def wait(selector: Any, real: Any, timeout: float | None) -> Any:
    """Stand for ``selector.select(timeout)``, whose real method is `real`; times out by the bubble's clock."""
    thread = here()
    if thread is None:
        return real(selector, timeout)
    ready = real(selector, 0)
    if ready:
        return ready
    if timeout is not None and timeout <= 0:
        thread.scheduler.spin(thread)
        return ready
    endless = timeout is None or math.isinf(timeout)
    operation = Operation(
        "select",
        lambda: bool(real(selector, 0)),
        wake_at=None if timeout is None or endless else thread.scheduler.deadline(thread, timeout),
        target=selector,
        block=None if _is_inner(selector) else lambda: real(selector, None),
    )
    thread.scheduler.perform(thread, operation)
    return real(selector, 0)


def _is_inner(selector: Any) -> bool:
    """Return whether only this process can make the selector ready: it holds but an event loop's wake-up call."""
    return all(_is_wake_up(key.data) for key in selector.get_map().values())


def _is_wake_up(data: Any) -> bool:
    callback = getattr(data[0], "_callback", None) if isinstance(data, tuple) else None
    return getattr(callback, "__name__", "") == "_read_from_self"


def patch_selectors() -> None:
    """Let all selectors wait by the bubble's clock."""
    for name in ("SelectSelector", "PollSelector", "EpollSelector", "DevpollSelector", "KqueueSelector"):
        kind = getattr(selectors, name, None)
        if kind is not None:
            kind.select = _make_select(kind.select)


def _make_select(real: Any) -> Any:
    def select(self: Any, timeout: float | None = None) -> Any:
        return wait(self, real, timeout)

    return select
