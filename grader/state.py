"""What is remembered of a learner: the hints that were shown, attempts, days, and which answers passed.

All of it is in one plain file of the clone, ``.grader/state.json``, which nothing but this module reads and writes. No
answer is in it: a kata is done while the answer that lies in the clone is one that passed. Several processes may write
at once, each under a lock.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import itertools
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Annotated, Final

import msgspec
from msgspec.structs import replace

from grader import messages
from grader.course import Kata
from grader.report.saving import save
from grader.submission import Answer
from grader.verdict import Status, Verdict

FOLDER: Final = ".grader"
FILE: Final = "state.json"
MAX_PASSED: Final = 100
"""How many answers to one kata are remembered as passed, the newest of them."""

_OLD_HINTS: Final = "hints.json"
_TRIED: Final = (Status.PASSED, Status.FAILED, Status.TIMED_OUT, Status.CRASHED)
_Count = Annotated[int, msgspec.Meta(ge=0)]


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is remembered of one kata.

    Attributes:
        hints: how many of its hints were shown.
        attempts: how often an answer was graded that had not passed before.
        passed: digests of the answers that passed every check, the newest last.
    """

    hints: _Count = 0
    attempts: _Count = 0
    passed: tuple[str, ...] = ()


class State(msgspec.Struct, frozen=True, tag_field="schema", tag="grader/state/v1", omit_defaults=True):
    """What is remembered, by the names of katas.

    Attributes:
        days: those on which something was graded, in order.
        remark: a sentence for the learner where what was kept could not be read, else ``""``; it is not kept.
    """

    katas: dict[str, Record] = {}
    days: tuple[datetime.date, ...] = ()
    remark: str = ""

    def of(self, kata: Kata) -> Record:
        """Return what is remembered of `kata`."""
        return self.katas.get(kata.name, Record())

    def done(self, kata: Kata, answer: Answer) -> bool:
        """Return whether this very `answer` to `kata` has passed in full."""
        return digest(answer) in self.of(kata).passed

    def hints_shown(self, kata: Kata) -> int:
        """Return how many of the hints of `kata` were shown."""
        return self.of(kata).hints


def load(root: Path) -> State:
    """Return what is remembered in the clone at `root`; a damaged file is kept under another name, and remarked."""
    folder = root / FOLDER
    if not folder.is_dir():
        return State(remark=_IN_THE_WAY if os.path.lexists(folder) else "")
    with locked(folder):
        return _read(folder)[0]


def note_attempts(root: Path, verdicts: Iterable[Verdict], answers: Mapping[str, Answer], today: datetime.date) -> str:
    """Remember what came of the clone's own answers.

    Returns:
        A sentence for the learner if something is wrong with what is kept, else ``""``.
    """
    tried = [(verdict, digest(answers[verdict.kata])) for verdict in verdicts if verdict.status in _TRIED]

    def noted(state: State) -> State:
        katas = dict(state.katas)
        for verdict, content in tried:
            katas[verdict.kata] = _attempted(katas.get(verdict.kata, Record()), verdict, content)
        return replace(state, katas=katas, days=tuple(sorted({*state.days, today})))

    return _change(root, noted) if tried else ""


def note_hint(root: Path, kata: Kata, number: int) -> str:
    """Remember that the first `number` hints of `kata` were shown; return a sentence as `note_attempts` does."""

    def noted(state: State) -> State:
        record = state.of(kata)
        return replace(state, katas=state.katas | {kata.name: replace(record, hints=max(record.hints, number))})

    return _change(root, noted)


def digest(answer: Answer) -> str:
    """Return what stands for the content of `answer`: its code, whatever the line ends and outputs of cells."""
    every = hashlib.sha256()
    for name, data in sorted(answer.files.items()):
        code = _code(name, data)
        every.update(f"{len(name)} {name} {len(code)} ".encode("utf-8", "surrogateescape") + code)
    return every.hexdigest()


def _code(name: str, data: bytes) -> bytes:
    if name.endswith(".ipynb"):
        from grader import cells  # noqa: PLC0415 - only who has a notebook waits for it

        with contextlib.suppress(cells.NotebookError, UnicodeDecodeError):
            return msgspec.json.encode(cells.code(cells.read(data.decode("utf-8-sig"))))
    return data.replace(b"\r\n", b"\n")


def _attempted(record: Record, verdict: Verdict, content: str) -> Record:
    if content in record.passed:
        return record
    full = all(check.status is Status.PASSED and check.points == check.max_points for check in verdict.checks)
    passed = (*record.passed, content)[-MAX_PASSED:] if full else record.passed
    return replace(record, attempts=record.attempts + 1, passed=passed)


def _change(root: Path, change: Callable[[State], State]) -> str:
    """Let `change` make what is kept anew; nobody else writes meanwhile."""
    folder = root / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        with locked(folder):
            if not (folder / ".gitignore").exists():
                save(folder / ".gitignore", b"*\n")
            state, writable = _read(folder)
            if writable:
                _write(folder, change(replace(state, remark="")))
            return state.remark
    except FileExistsError:
        return _IN_THE_WAY
    except OSError as error:
        return messages.unkept(f"{FOLDER}/{FILE}", error.strerror or error)


_STATES: Final = msgspec.json.Decoder(State)
"""Made here for the same reason as `grader.judge.orders.LINES`."""

_IN_THE_WAY: Final = messages.unkept(f"{FOLDER}/{FILE}", messages.in_the_way(FOLDER))


def _read(folder: Path) -> tuple[State, bool]:
    """Return what is kept in `folder`, and whether it may be written over."""
    path = folder / FILE
    try:
        return replace(_STATES.decode(path.read_bytes()), remark=""), True
    except FileNotFoundError:
        return State(katas=_old_hints(folder)), True
    except OSError as error:
        return State(remark=messages.unkept(f"{FOLDER}/{FILE}", error.strerror or error)), False
    except (ValueError, RecursionError):
        if _is_newer(path):
            return State(remark=messages.unkept(f"{FOLDER}/{FILE}", messages.NEWER)), False
        return _set_aside(path)


_NEWER: Final = re.compile(r"grader/state/v([2-9]|[1-9]\d+)")


def _is_newer(path: Path) -> bool:
    """Return whether a later version of this course wrote the file at `path`."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
        return _NEWER.fullmatch(msgspec.json.decode(found["schema"], type=str)) is not None
    except (OSError, ValueError, KeyError, RecursionError):
        return False


def _set_aside(path: Path) -> tuple[State, bool]:
    """Give the damaged file at `path` another name, one that is free; it is not written over where that fails."""
    names = (path.with_name(f"damaged-{number}.json") for number in itertools.count(1))
    target = next(name for name in names if not os.path.lexists(name))
    try:
        path.rename(target)
    except OSError as error:
        return State(remark=messages.unkept(f"{FOLDER}/{FILE}", messages.damaged_and(error.strerror))), False
    return State(remark=messages.damaged(f"{FOLDER}/{FILE}", f"{FOLDER}/{target.name}")), True


def _write(folder: Path, state: State) -> None:
    save(folder / FILE, msgspec.json.format(msgspec.json.encode(state), indent=2) + b"\n")
    with contextlib.suppress(OSError):
        (folder / _OLD_HINTS).unlink(missing_ok=True)


def _old_hints(folder: Path) -> dict[str, Record]:
    """Return the hints that an older version of the course counted in a file of their own."""
    try:
        found = msgspec.json.decode((folder / _OLD_HINTS).read_bytes(), type=dict[str, int])
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: Record(hints=max(0, count)) for name, count in found.items()}


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes and threads out of the block, where the system can."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # a folder that can't be written, or a drive that knows no locks
            file = stack.enter_context((folder / "lock").open("ab"))
            _lock(file)
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)
