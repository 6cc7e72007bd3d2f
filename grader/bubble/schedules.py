"""The name of a schedule: by it a run can be made again, in another process too."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import sys
from typing import TYPE_CHECKING, Final

from grader.bubble import messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PYTHON: Final = f"{sys.version_info[0]}.{sys.version_info[1]}"

_NAME: Final = re.compile(r"(\d+\.\d+)-([0-9a-z]*)(-early|-naps)?-(\d+:\d+(?:,\d+:\d+)*)?")


class Unfit(ValueError):
    """A schedule can't be replayed here; the text says why."""


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """Which threads were chosen, where it was not the one that goes on by default.

    Its text is its name: ``3.11-5f0c21aa-4:1,9:2`` is a schedule of Python 3.11, of files with that digest, in which
    the second of those that could go on was chosen at the fifth choice, and the third at the tenth.

    >>> schedule = Schedule.parse("3.11-5f0c21aa-4:1,9:2")
    >>> schedule.choices, str(schedule)
    (((4, 1), (9, 2)), '3.11-5f0c21aa-4:1,9:2')

    Attributes:
        choices: pairs: the number of a choice among several threads, and which of them was chosen; both from 0.
        python: the version of Python, without its last part: another may have other instructions.
        digest: of the learner's files.
        early: which waits may have ended by their deadlines while others could run: ``""`` for none, ``"early"`` for
            all timed ones, ``"naps"`` for the learner's own, but those for locks.
    """

    choices: tuple[tuple[int, int], ...]
    python: str = PYTHON
    digest: str = ""
    early: str = ""

    def __str__(self) -> str:
        early = f"-{self.early}" if self.early else ""
        return f"{self.python}-{self.digest}{early}-" + ",".join(f"{place}:{index}" for place, index in self.choices)

    @classmethod
    def parse(cls, name: str) -> Schedule:
        """Return the schedule with that name.

        Raises:
            Unfit: if it is none.
        """
        match = _NAME.fullmatch(name)
        if match is None:
            raise Unfit(messages.no_schedule(name))
        python, digest, early, choices = match.groups()
        pairs = [choice.split(":") for choice in choices.split(",")] if choices else []
        return cls(tuple((int(place), int(index)) for place, index in pairs), python, digest, (early or "")[1:])

    def check(self, digest: str) -> None:
        """Check that it can be replayed here, with files of that `digest`.

        Raises:
            Unfit: if not.
        """
        if self.python != PYTHON:
            raise Unfit(messages.other_python(self.python, PYTHON))
        if self.digest != digest:
            raise Unfit(messages.OTHER_FILES)


def digest_of(files: Iterable[str]) -> str:
    """Return eight hexadecimal digits that tell the text of `files` from any other; ``""`` if there are none."""
    paths = sorted(path for root in files for path in _sources(os.fspath(root)))
    if not paths:
        return ""
    digest = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib is no part of what the bubble needs otherwise
            content = file.read().replace(b"\r\n", b"\n")
        digest.update(f"{os.path.basename(path)} {len(content)} ".encode() + content)  # noqa: PTH119
    return digest.hexdigest()[:8]


def _sources(root: str) -> Iterator[str]:
    if os.path.isfile(root):  # noqa: PTH113
        yield root
    for folder, _, names in os.walk(root):
        yield from (os.path.join(folder, name) for name in names if name.endswith(".py"))  # noqa: PTH118
