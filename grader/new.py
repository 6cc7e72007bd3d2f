"""`new NN_name`: the two folders of a kata to be, with what `check` then asks for, fault by fault."""

from __future__ import annotations

import keyword
import re
import sys
from pathlib import Path
from typing import Any, Final

from grader import messages
from grader.course import EXERCISES, SOLUTIONS, Course

_NAME: Final = re.compile(r"(\d\d)_([a-z][a-z0-9_]*)")
_TOML: Final = """\
title = "{title}"
part = {part}
points = 10
files = ["{name}.py"]
needs = "waits"
"""
_STUB: Final = '''\
"""Kata {number}: {asked[0]}.

The lesson is in README.md beside this file, hints are in hints.md. When you think that you are done:
``python -m grader run {number}``.
"""

from __future__ import annotations


def {name}(number: int) -> int:
    """Return twice `number`: {asked[1]}, with units and errors."""
    raise NotImplementedError
'''
_CHECKS: Final = '''\
"""The checks of kata {number}."""

import pytest


@pytest.mark.points(10)
def test_{name}(learner):
    run = learner.call("{name}", 21)
    assert run.value == 42, f"{name}(21) should return 42, it returned {{run.value!r}}. {asked[2]}."
'''


class NewError(Exception):
    """The kata can't be made; the text is a sentence. Nothing was written."""


def make(course: Course, word: str) -> list[Path]:
    """Write the folders of a kata that is called `word`, ``50_name``; return the files.

    Raises:
        NewError: if that is no name for a kata, or it is taken.
        OSError: if they can't be written.
    """
    number, name = _parted(word)
    taken = next((kata for kata in course.katas if kata.number == int(number)), None)
    if taken is not None:
        raise NewError(messages.new_number_taken(number, taken.name))
    folders = [course.root / side / word for side in (EXERCISES, SOLUTIONS)]
    for folder in folders:
        if folder.exists():
            raise NewError(messages.folder_is_there(folder.relative_to(course.root)))
    before = [kata.part for kata in course.katas if kata.number < int(number)]
    title, part = name.replace("_", " ").capitalize(), (before or [1])[-1]
    words: dict[str, Any] = {
        "number": number,
        "name": name,
        "title": title,
        "part": part,
        "asked": messages.ASKED_OF_AUTHORS,
    }
    exercise, solution = folders
    texts = {
        exercise / "kata.toml": _TOML.format(**words),
        exercise / "README.md": "",
        exercise / "hints.md": "",
        exercise / f"{name}.py": _STUB.format(**words),
        exercise / f"test_{name}.py": _CHECKS.format(**words),
        solution / f"{name}.py": _STUB.format(**words),
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (solution / "wrong").mkdir()
    return [*texts]


def _parted(word: str) -> tuple[str, str]:
    found = _NAME.fullmatch(word)
    if found is None:
        raise NewError(messages.no_name(word))
    number, name = found[1], found[2]
    if keyword.iskeyword(name):
        raise NewError(messages.is_a_keyword(name))
    if name in sys.stdlib_module_names or name.startswith("test_") or name in ("probes", "conftest"):
        raise NewError(messages.hides_another(name))
    return number, name
