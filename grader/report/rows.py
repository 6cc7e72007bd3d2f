"""Files of results, read again, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.course import EXERCISES
from grader.printable import line
from grader.report import messages
from grader.report import result as results
from grader.report.gradebook import Row
from grader.verdict import Result

_ANSWERS: Final = (".py", ".ipynb")


class ExportError(ValueError):
    """What was named can't be exported; the text says why in a sentence."""


def read(path: Path) -> Result:
    """Return the result in the file at `path`.

    Raises:
        ExportError: if there is none, or it is no result.
    """
    try:
        return results.decode(path.read_bytes())
    except OSError as error:
        raise ExportError(messages.unreadable(path, error)) from error
    except results.UnreadableError as error:
        raise ExportError(f"{path}: {error}") from error


def rows(paths: Sequence[Path], name: str | None = None) -> list[Row]:
    """Return a gradebook's rows of the results at `paths`, in that order; a single one may be given its `name`.

    What does not tell its owner is called after its file, as `class` calls files.

    Raises:
        ExportError: if a file is no result, or two are of one name.
    """
    if name is not None and len(paths) != 1:
        raise ExportError(messages.NAME_FOR_ONE)
    found: dict[str, Path] = {}
    made = []
    for path in paths:
        result = read(path)
        called = name or owner(result) or line(path.stem)
        if called in found:
            raise ExportError(messages.both_of(found[called], path, called))
        found[called] = path
        made.append(Row(called, result))
    return made


def owner(result: Result) -> str:
    """Return the name of the folder that was graded, ``ann`` for ``submissions/ann/exercises``; ``""`` if none is told.

    Folders and files that the course names don't count: ``exercises``, a kata's folder, an answer's file.
    """
    ours = {"", ".", "..", EXERCISES, *(kata.kata for kata in result.katas)}
    parts = re.split(r"[/\\]", result.submission)
    while parts and (parts[-1] in ours or parts[-1].endswith(_ANSWERS)):
        parts.pop()
    return line(parts[-1]) if parts else ""
