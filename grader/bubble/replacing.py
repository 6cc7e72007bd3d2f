"""Putting one thing in the place of another, wherever modules have bound it."""

from __future__ import annotations

import sys
from typing import Any


def put(owner: Any, **attributes: Any) -> None:
    """Set `attributes` of the module or class `owner`."""
    for name, value in attributes.items():
        setattr(owner, name, value)


def replace_everywhere(pairs: list[tuple[Any, Any]]) -> None:
    """Put each stand-in wherever a module has bound the original, be it under another name or as a default.

    Args:
        pairs: an original and what stands for it, each.
    """
    standins = {id(original): standin for original, standin in pairs}
    for module in other_modules():
        for name, value in list(vars(module).items()):
            if id(value) in standins:
                setattr(module, name, standins[id(value)])
            elif module.__name__ in ("sched", "timeit"):
                _replace_defaults(value, standins)


def _replace_defaults(value: Any, standins: dict[int, Any]) -> None:
    functions = vars(value).values() if isinstance(value, type) else (value,)
    for function in functions:
        defaults = getattr(function, "__defaults__", None)
        if defaults:
            function.__defaults__ = tuple(standins.get(id(default), default) for default in defaults)


def other_modules() -> list[Any]:
    """Return the modules loaded so far, but for the bubble's own."""
    package = __name__.rpartition(".")[0]
    return [
        module
        for name, module in list(sys.modules.items())
        if hasattr(module, "__dict__") and name != package and not name.startswith(f"{package}.")
    ]
