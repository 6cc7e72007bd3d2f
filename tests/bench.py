"""Learners at hand, without pytest's side of the judge: what `Learner` and `Run` are tested with."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from grader.judge.learner import Learner
from grader.judge.setup import Setup, Starters


class Bench:
    """Makes learners whose answer is a few lines of text.

    Args:
        base: a folder with a short path; Unix sockets are made below it.
    """

    def __init__(self, base: Path) -> None:
        self.base = base
        self.starters = Starters()
        self._count = 0

    def learner(self, source: str, *, real_time: bool = False, probes: str = "", **setup: Any) -> Learner:
        """Return the learner of an answer with this source; `setup` are settings of `Setup`."""
        self._count += 1
        answer, runs = self.base / f"a{self._count}", self.base / f"r{self._count}"
        answer.mkdir()
        runs.mkdir()
        (answer / "answer.py").write_text(textwrap.dedent(source), encoding="utf-8")
        settings: dict[str, Any] = {
            "module": "answer",
            "file": "answer.py",
            "waits": False,
            "starters": self.starters,
        } | setup
        made = Setup(answer=answer, runs=runs, probes=textwrap.dedent(probes), **settings)
        return Learner(made, real_time=real_time)

    def close(self) -> None:
        """End what was started."""
        self.starters.close()
