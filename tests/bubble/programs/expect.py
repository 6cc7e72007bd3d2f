"""How a program says what is to come of it in the bubble."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def takes(seconds: float, value: Any = None, within: float = 0.0) -> Callable[[Any], Any]:
    """Mark a function: in the bubble it takes exactly `seconds`, or `within` as many more, and returns `value`."""

    def mark(function: Any) -> Any:
        function.takes = (seconds, value, within)
        return function

    return mark


def plays(function: Any) -> Any:
    """Mark a function that is to be run in the bubble, and of which a test says what is to come of it."""
    function.takes = None
    return function
