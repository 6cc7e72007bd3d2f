"""What a judge is given: the kata, the answer, and the means to run it."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import itertools
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from grader.judge.folders import remove
from grader.sandbox.cold import ColdStarter
from grader.sandbox.launch import Child, Request, Starter

_numbers = itertools.count(1)


class Starters:
    """The warm starters, one for each clock, each started when it is first needed."""

    def __init__(self) -> None:
        self._warm: dict[str, Starter | ColdStarter] = {}

    def warm_up(self, kind: str) -> None:
        """Start the starter of `kind` now, so that it gets ready meanwhile."""
        if kind not in self._warm:
            self._warm[kind] = Starter(kind) if sys.platform == "linux" else ColdStarter(kind)

    def start(self, kind: str, request: Request) -> Child:
        """Start a learner's process of `kind` ``"bubble"`` or ``"real"``."""
        self.warm_up(kind)
        return self._warm[kind].start(request)

    def close(self) -> None:
        """End them."""
        for starter in self._warm.values():
            starter.close()
        self._warm.clear()


@dataclasses.dataclass(frozen=True, slots=True)
class Setup:
    """One kata's answer, ready to be judged.

    Attributes:
        module: the answer's module.
        file: its file.
        waits: whether calls run in the bubble unless they ask for the real clock.
        probes: the source of the course's probes, "" if there are none.
        answer: the folder that holds a copy of the answer's files.
        runs: the folder for the folders of calls.
        time_scale: how much longer real-time limits are.
        user: the uid that learner's code gets, None for ours.
        schedule: the one schedule to run where schedules are chosen, "" for all.
    """

    module: str
    file: str
    waits: bool
    probes: str
    answer: Path
    runs: Path
    starters: Starters
    time_scale: float = 1.0
    user: int | None = None
    schedule: str = ""

    def digest(self, asked: str) -> str:
        """Return a short digest of the answer, the probes and a call of them: whose schedules are alike."""
        texts = [path.read_bytes() for path in sorted(self.answer.iterdir())]
        return hashlib.sha256(b"\0".join([*texts, self.probes.encode(), asked.encode()])).hexdigest()[:8]

    def files(self) -> frozenset[str]:
        """Return the names of the answer's files."""
        return frozenset(path.name for path in self.answer.iterdir())

    @contextlib.contextmanager
    def place(self) -> Iterator[tuple[Path, Path]]:
        """Make a fresh folder with the answer's files, and one for temporary files; both go afterwards."""
        base = self.runs / f"{os.getpid():x}.{next(_numbers)}"
        work, temp = base / "w", base / "t"
        try:
            for folder in (base, work, temp):
                folder.mkdir(mode=0o700)
            for path in self.answer.iterdir():
                shutil.copyfile(path, work / path.name)
            if self.user is not None:
                self._give(base)
            yield work, temp
        finally:
            remove(base)

    @contextlib.contextmanager
    def shared(self) -> Iterator[Path]:
        """Make an empty folder that calls may be given beside their own; it goes afterwards."""
        folder = self.runs / f"{os.getpid():x}.{next(_numbers)}"
        try:
            folder.mkdir(mode=0o755)
            if self.user is not None:
                self._give(folder)
            yield folder
        finally:
            remove(folder)

    def _give(self, base: Path) -> None:
        assert self.user is not None
        for path in (base, *base.rglob("*")):
            os.chown(path, self.user, self.user)
