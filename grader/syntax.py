"""Read the text of an answer as Python reads it, in time and memory that its length bounds."""

from __future__ import annotations

import ast
import re
import threading
from typing import Final

from grader import messages

_MOST_PARTS: Final = 4000
_NAME_ALONE: Final = re.compile(r"(?:[ \t\f]|\\\r?\n)*+\w*+(?:[ \t\f]|\\\r?\n)*+")
"""What stands between two dots of one name."""


_ONE_AT_A_TIME: Final = threading.Lock()
"""CPython 3.11 counts how deep it is in a tree for all threads together, and fails if two are in one."""


class TooLongError(SyntaxError):
    """A name has so many parts that reading it would take minutes and gigabytes."""


def parsed(text: str, file: str = "<unknown>") -> ast.Module:
    """Return the tree of `text`.

    Raises:
        TooLongError: if a name has too many parts: CPython's time and memory grow with the square of their number.
        SyntaxError, RecursionError, MemoryError, ValueError, OverflowError: as `ast.parse`.
    """
    if _has_long_name(text):
        raise TooLongError(messages.long_name(_MOST_PARTS))
    with _ONE_AT_A_TIME:
        return ast.parse(text, file)


def _has_long_name(text: str) -> bool:
    run = 0
    for part in text.split("."):
        run = run + 1 if _NAME_ALONE.fullmatch(part) else 0
        if run > _MOST_PARTS:
            return True
    return False
