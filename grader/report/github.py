"""A result in a step of GitHub Actions: the summary of the step, and annotations on the learner's own lines.

A runner takes some lines that a step prints for commands, and renders the summary as Markdown. So what an answer has a
part in stands in fenced blocks that it can't end, or is escaped.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader import excerpts
from grader.course import EXERCISES, Kata
from grader.messages import ALL_TO_FILL_IN, ALL_TO_WRITE
from grader.printable import clean, line, shorten
from grader.report import messages, wording
from grader.submission import Answer
from grader.verdict import Check, Result, Status, Verdict

MAX_SUMMARY: Final = 900 * 1024
"""Bytes; a step's summary of more than 1 MiB is not shown at all."""

MAX_ANNOTATIONS: Final = 10
"""A step's errors after these are dropped in silence."""

_BAD: Final = (Status.GRADER_ERROR, Status.CRASHED, Status.TIMED_OUT, Status.FAILED)
_PART: Final = 12_000
_LEAST: Final = 400
_CELL: Final = ", cell "
_WIDTH: Final = 96

Files = Mapping[str, Mapping[str, str]]
"""Kata → name of a file of the answer → its path in the repository."""


# --- the log


@contextlib.contextmanager
def inert(say: Callable[[str], object]) -> Iterator[None]:
    """Keep the runner from taking anything for a command that is printed in the block.

    The word that ends this is made up here and known to no answer.
    """
    token = secrets.token_hex(16)
    say(f"::stop-commands::{token}")
    try:
        yield
    finally:
        say(f"::{token}::")


# --- annotations


@dataclass(frozen=True, slots=True)
class _Spot:
    path: str
    line: int
    check: Check
    kata: Verdict


def commands(result: Result, files: Files) -> list[str]:
    """Return the commands that put what is wrong on the learner's lines: one a kata, then more while there is room.

    A kata whose answer is not there is a warning: beside another that passes nothing else would be seen of a folder
    that was renamed.
    """
    spots = [list(_spots(kata, files.get(kata.kata, {}))) for kata in result.katas]
    rounds = max(map(len, spots), default=0)
    in_turn = [one[number] for number in range(rounds) for one in spots if number < len(one)]
    absent = [kata for kata in result.katas if _is_absent(kata)]
    return [*map(_annotation, in_turn[:MAX_ANNOTATIONS]), *map(_warning, absent[:MAX_ANNOTATIONS])]


def _is_absent(kata: Verdict) -> bool:
    """Whether no answer to `kata` is there, and not even the stub of one."""
    return kata.status is Status.NOT_STARTED and kata.message not in ("", ALL_TO_WRITE, ALL_TO_FILL_IN)


def _warning(kata: Verdict) -> str:
    title = _property(line(f"{kata.kata}: {kata.status}"))
    return f"::warning title={title}::{_data(clean(kata.message, 1_000))}"


def _spots(kata: Verdict, files: Mapping[str, str]) -> Iterator[_Spot]:
    """Yield a spot for each line at which checks of `kata` failed, told by the first of them."""
    bad = sorted((check for check in kata.checks if check.status in _BAD), key=lambda check: _BAD.index(check.status))
    known: set[tuple[str, int]] = set()
    for check in bad:
        where = excerpts.spot(check, files)
        place = (files[where.file], where.line) if where is not None else (next(iter(files.values()), ""), 0)
        if place not in known and place[0]:
            known.add(place)
            yield _Spot(*place, check, kata)


def _annotation(spot: _Spot) -> str:
    level = "warning" if spot.check.status is Status.GRADER_ERROR else "error"
    at = f",line={spot.line}" if spot.line and not spot.path.endswith(".ipynb") else ""
    title = _property(line(f"{spot.kata.kata}: {spot.check.status}: {spot.check.title or spot.check.name}"))
    message = clean(spot.check.message.partition("\n\n")[0], 1_000) or spot.check.status
    return f"::{level} file={_property(spot.path)}{at},title={title}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def files_of(katas: Iterable[Kata], answers: Mapping[str, Answer]) -> dict[str, dict[str, str]]:
    """Return where in its repository each file of each answer is; the kata's own file is the first."""
    return {kata.name: _files(kata, answers[kata.name]) for kata in katas}


def _files(kata: Kata, answer: Answer) -> dict[str, str]:
    source = Path(answer.source)
    folder, alone = (source, "") if source.is_dir() else (source.parent, source.name)
    made = {module.file: module.notebook for module in answer.notebooks}
    own = {name: alone or made.get(name, name) for name in kata.files[:1]}
    paths = own | {name: made.get(name, name) for name in kata.files[1:]}
    paths |= {name: name.partition(_CELL)[0] for name in answer.parts if name not in paths}
    return {name: _in_repository(folder / path, kata) for name, path in paths.items()}


def _in_repository(path: Path, kata: Kata) -> str:
    """Return `path` as its repository has it; where there is none, as a clone of the course has it."""
    path = Path(os.path.abspath(path))  # noqa: PTH100 - a link is what the repository has there
    root = next((above for above in path.parents if (above / ".git").exists()), None)
    return path.relative_to(root).as_posix() if root is not None else f"{EXERCISES}/{kata.name}/{path.name}"


# --- the summary


def write_summary(result: Result, path: Path) -> None:
    """Add the summary of `result` to what is in the file `path`.

    Raises:
        OSError: if it can't be written.
    """
    there = path.stat().st_size if path.exists() else 0
    with path.open("ab") as file:
        file.write(summary(result, MAX_SUMMARY - there))


def summary(result: Result, limit: int = MAX_SUMMARY) -> bytes:
    """Return `result` as Markdown, at most `limit` bytes of UTF-8: the score, the katas, and each failure.

    Each failure is cut, so that there is room for all; what has no room nevertheless is left out, and that is said.
    """
    bad = [(kata, check) for kata in result.katas for check in kata.checks if check.status in _BAD]
    head = _head(result)
    room = limit - len(_encoded(head)) - _LEAST
    share = min(_PART, max(_LEAST, room // max(1, len(bad)) - _LEAST))
    parts = [head] if room > 0 else []
    for number, (kata, check) in enumerate(bad):
        part = _failure(kata, check, share)
        room -= len(_encoded(part))
        if room < 0:
            parts.append(f"\n{messages.no_room(len(bad) - number)}\n")
            break
        parts.append(part)
    data = _encoded("".join(parts))
    return data if len(data) <= limit else b""


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _head(result: Result) -> str:
    score, most = wording.points(result)
    rows = [
        f"## {messages.points(score, most)}",
        "",
        f"| {' | '.join(messages.COLUMNS)} |",
        "| --- | --- | ---: | ---: |",
    ]
    for kata in result.katas:
        points, seconds = f"{kata.points}/{kata.max_points}", f"{kata.seconds:.1f}"
        rows.append(f"| {_inline(kata.kata)} | {_mark(kata.status)} | {points} | {seconds} |")
    return "\n".join([*rows, "", *_unstarted(result), *_remarks(result), ""])


def _unstarted(result: Result) -> Iterator[str]:
    """Yield which answers are not there, and of which only the stub is if no kata was started at all."""
    none = all(kata.status is Status.NOT_STARTED for kata in result.katas)
    katas = [kata for kata in result.katas if _is_absent(kata) or (none and kata.message)]
    told = [line(f"{kata.kata}: {kata.message}", 400) for kata in katas]
    yield from [_block("\n".join(told), _PART)] if told else []


def _mark(status: Status) -> str:
    return f"**{status}**" if status in _BAD else str(status)


def _remarks(result: Result) -> Iterator[str]:
    told = wording.summary(result).splitlines()[1:]
    told += [messages.left_behind(left) for left in result.leftovers]
    guards = [guard for guard, on in result.guards.items() if on]
    told.append(messages.isolated(result.tier, guards) if result.tier != "C" else messages.NOT_ISOLATED)
    yield _fenced(clean("\n".join(part for row in told for part in _wrapped(line(row, 400))), 8_000))


def _failure(kata: Verdict, check: Check, share: int) -> str:
    title = f"### {_inline(kata.kata)}: {check.status}: {_inline(check.title or check.name)}"
    rows = ["", title, "", _block(_told(check), share * 3 // 4)]
    output = wording.output(check).strip("\n")
    if output:
        printed = _block(output, share // 4)
        rows += [f"<details><summary>{messages.PRINTED}</summary>", "", printed, "</details>", ""]
    return "\n".join(rows)


def _told(check: Check) -> str:
    message = "\n".join(wrapped for row in wording.message(check).split("\n") for wrapped in _wrapped(row))
    return "\n\n".join(part for part in (message, _excerpt(check)) if part)


def _wrapped(row: str) -> list[str]:
    indent = " " * min(20, len(row) - len(row.lstrip()))
    return textwrap.wrap(row, _WIDTH, subsequent_indent=indent) if len(row) > _WIDTH else [row]


def _excerpt(check: Check) -> str:
    """Return the learner's lines, an arrow before the one that is meant."""
    found = check.excerpt
    if found is None:
        return ""
    rows = [f"{line(found.file)}:"]
    for number, row in enumerate(found.lines[:40], found.first):
        rows.append(f"{'->' if number == found.line else '  '} {number:>4}  {row}")
    return clean("\n".join(rows), 8_000)


def _block(text: str, size: int) -> str:
    """Return `text` as a block of at most `size` bytes, shortened where it has to be."""
    limit, block = size, _fenced(text)
    while len(_encoded(block)) > size and limit > 0:
        block = _fenced(shorten(text, limit))
        limit = limit * 3 // 4
    return block


def _fenced(text: str) -> str:
    """Return `text`, which is cleaned, as a block of code; no line in it can be the end of the block."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.rstrip(chr(10))}\n{fence}\n"


def _inline(text: str) -> str:
    """Return `text` as one line of Markdown that means just its characters."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line(text))
