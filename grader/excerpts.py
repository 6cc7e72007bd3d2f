"""The learner's own lines that a check is about, read from what was handed in, not from what its process says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from grader import stories
from grader.printable import clean
from grader.verdict import Check, Excerpt, Status, Where

AROUND: Final = 3
"""Lines that are shown before and after the one that is meant."""

MAX_WIDTH: Final = 200

_AS_PYTHON_SAYS: Final = re.compile(r'File "([^"\n]{1,200})", line (\d{1,7})')
_AS_PICTURES_SAY: Final = re.compile(r"([\w.\-]{1,200}\.\w{1,10}(?:, cell \d{1,6})?):(\d{1,7})")
_BAD: Final = (Status.GRADER_ERROR, Status.CRASHED, Status.TIMED_OUT, Status.FAILED)


def spot(check: Check, names: Collection[str]) -> Where | None:
    """Return the line that `check` is about, in one of the files `names` of the answer; None if it names none.

    It is the first that collides with another thread's; else the one that the judge blamed, the deepest of a traceback
    in the message, or the first that a picture in it names.
    """
    return next((where for where in _spots(check) if where.file in names and where.line > 0), None)


def _spots(check: Check) -> Iterator[Where]:
    story = stories.read(check.story)
    deeds = [deed for turn in story.turns for deed in turn.deeds] if story is not None else []
    yield from (Where(deed.file, deed.line) for deed in deeds if deed.collides)
    if check.where is not None:
        yield check.where
    traced = [Where(file, int(number)) for file, number in _AS_PYTHON_SAYS.findall(check.message)]
    yield from reversed(traced)
    yield from (Where(file, int(number)) for file, number in _AS_PICTURES_SAY.findall(check.message))


def added(check: Check, files: Mapping[str, bytes]) -> Check:
    """Return `check` with the lines of `files` that it is about, if it did not pass and names one that is there."""
    where = spot(check, files) if check.status in _BAD else None
    rows = rows_of(files[where.file]) if where is not None else []
    if where is None or where.line > len(rows):
        return check
    first = max(1, where.line - AROUND)
    shown = rows[first - 1 : where.line + AROUND]
    return replace(check, excerpt=Excerpt(where.file, where.line, first, tuple(map(_shown, shown))))


def rows_of(data: bytes) -> list[str]:
    """Return the lines of a file as Python counts them."""
    return re.split(r"\r\n|\r|\n", data.decode("utf-8-sig", "replace"))


def _shown(row: str) -> str:
    row = row.expandtabs(8)
    cut = row if len(row) <= MAX_WIDTH else row[: MAX_WIDTH - 3] + "..."
    return clean(cut).rstrip()
