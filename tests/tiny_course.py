"""Makes a clone with a course of tiny katas: complete ones, that a test then breaks in one place."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]

KATA_TOML = """\
title = "Double: a first kata"
part = 1
points = 3
files = ["double.py"]
needs = "io"
"""

STUB = '''\
"""Write `double`."""


def double(number: int) -> int:
    """Return twice `number`."""
    raise NotImplementedError
'''

TESTS = '''\
"""The checks of double."""

import pytest


def test_doubles(learner):
    """Twice three is six."""
    run = learner.call("double", 3)
    assert run.value == 6, f"double(3) gave {run.value!r}, twice 3 is 6."


@pytest.mark.points(2)
def test_doubles_nothing(learner):
    """Twice nothing is nothing."""
    run = learner.call("double", 0)
    assert run.value == 0, f"double(0) gave {run.value!r}, twice 0 is 0."
'''


HINTS = """\
# Hints

## Start small
<!-- Fits: test_doubles -->
Try 1.

## Then think
<!-- Fits: test_doubles_nothing -->
Use `2 *`.
"""


def answer(expression: str, doc: str = "An answer.") -> str:
    """Return an answer that returns `expression`, of `number`."""
    return f'"""{doc}"""\n\n\ndef double(number):\n    return {expression}\n'


def kata(name: str = "01_double") -> dict[str, str]:
    """Return the files of a complete kata, by their paths in the clone."""
    return {
        f"exercises/{name}/kata.toml": KATA_TOML,
        f"exercises/{name}/README.md": "# Double\n\nTwice *as much*.\n",
        f"exercises/{name}/hints.md": HINTS,
        f"exercises/{name}/double.py": STUB,
        f"exercises/{name}/test_double.py": TESTS,
        f"solutions/{name}/double.py": answer("2 * number"),
        f"solutions/{name}/wrong/squares.py": answer("number ** 2", "Squares.\n\nFails: test_doubles\n"),
        f"solutions/{name}/wrong/off_by_one.py": answer(
            "2 * number + 1", "One too many.\n\nFails: test_doubles, test_doubles_nothing\n"
        ),
        f"solutions/{name}/wrong/text.py": answer("str(number) * 2", "Text.\n\nFails: test_doubles_nothing\n"),
    }


def make(root: Path, *names: str, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write a clone with katas of these names to `root`; a change of None leaves a file out."""
    files: dict[str, str | None] = {"pyproject.toml": "", "exercises/README.md": "# Exercises\n"}
    for name in names or ("01_double",):
        files |= kata(name)
    for path, text in (files | dict(changes or {})).items():
        if text is not None:
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return root


def grader(clone: Path, *words: str | Path, limit: float = 60, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m grader` with `words` in `clone`."""
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, words)],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=limit,
        check=False,
    )
