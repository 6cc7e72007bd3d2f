"""Kata 02: what a thread does to your list, what a process does to it, and how to get the work of a process back."""

from __future__ import annotations

from typing import Any


def append_in_thread(items: list[Any], value: Any) -> list[Any]:
    """Have another thread append `value` to `items`, wait for its end, and return `items`.

    Args:
        items: any list, also an empty one.
        value: anything.

    Returns:
        The very list that was given (``result is items``), which ends with `value` now.
    """
    raise NotImplementedError


def append_in_process(items: list[Any], value: Any) -> list[Any]:
    """Have another process append `value` to `items`, wait for its end, and return `items`.

    What the process has appended to is a copy, and nobody fetches it. The process has ended when this returns, a pool's
    or manager's too.

    Args:
        items: any list whose items can be pickled, also an empty one, or one with objects of a class of the caller's.
        value: anything that can be pickled.

    Returns:
        The very list that was given (``result is items``), in which nothing has changed.
    """
    raise NotImplementedError


def append_and_send_back(items: list[Any], value: Any) -> list[Any]:
    """Have another process make the list of `items` and, at its end, `value`; fetch that list and return it.

    The list that was given stays as it is. The process has ended when this returns, a pool's or manager's too.

    Args:
        items: any list whose items can be pickled, also an empty one, one of some megabytes, or one with objects of a
            class of the caller's.
        value: anything that can be pickled.

    Returns:
        A new list, which came from the process.
    """
    raise NotImplementedError
