"""Tiny courses, graded here: answers in, a result out."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader import course, grading, submission
from grader.verdict import Check, Result, Verdict
from tests import tiny_course


class Heard:
    """A listener that keeps what it hears, in order."""

    def __init__(self) -> None:
        self.planned_checks: dict[str, int] = {}
        self.checks: list[tuple[str, str]] = []
        self.verdicts: list[Verdict] = []
        self.waited: list[str] = []

    def planned(self, kata: str, count: int) -> None:
        self.planned_checks[kata] = count

    def check(self, kata: str, check: Check) -> None:
        self.checks.append((kata, check.name))

    def verdict(self, verdict: Verdict) -> None:
        self.verdicts.append(verdict)

    def waits(self, sentence: str) -> None:
        self.waited.append(sentence)


def clone(root: Path, katas: Mapping[str, str], needs: str = "io", probes: str = "") -> Path:
    """Write a clone to `root` whose katas have these checks; each hands in ``answer.py``."""
    files: dict[str, str | None] = {}
    for name, checks in katas.items():
        manifest = tiny_course.KATA_TOML.replace("double.py", "answer.py").replace('"io"', f'"{needs}"')
        files[f"exercises/{name}/kata.toml"] = manifest
        files[f"exercises/{name}/test_answer.py"] = textwrap.dedent(checks)
        files[f"exercises/{name}/answer.py"] = "def call():\n    raise NotImplementedError\n"
        files[f"exercises/{name}/probes.py"] = textwrap.dedent(probes) or None
    tiny_course.make(root, changes=files)
    if "01_double" not in katas:
        shutil.rmtree(root / "exercises" / "01_double")
        shutil.rmtree(root / "solutions" / "01_double")
    return root


def grade(
    root: Path,
    answers: Mapping[str, str],
    options: grading.Options | None = None,
    listener: grading.Listener | None = None,
    **given: Any,
) -> Result:
    """Grade answers of these sources; the others are as they are in ``exercises``. What is `given` goes to `grade`."""
    found = course.load(root)
    for name, source in answers.items():
        (root / "exercises" / name / "answer.py").write_text(textwrap.dedent(source), encoding="utf-8")
    judged = {kata.name: submission.find(kata, root) for kata in found.katas}
    return grading.grade(found.katas, judged, options or grading.Options(), listener or Heard(), **given)
