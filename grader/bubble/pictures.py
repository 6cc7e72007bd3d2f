"""A story as text: a column for each thread, its own lines in it, time going down."""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import TYPE_CHECKING, Any, Final

from grader.bubble import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

_NARROWEST: Final = 22
"""Characters that a column has at least; else the threads are told one below the other."""

_MOST_ROWS: Final = 64
"""Rows that a picture may have; beyond that, what is in the middle of long stretches is left out first."""

_LONGEST_REPEATED: Final = 12
_LONG: Final = 6
"""Lines that a thread runs in a row, of which none needs to be left out."""

_MANY: Final = ("start", "join", "read", "write")
"""What is done with several things in one go, told in one."""

_INDENT: Final = "      "
_LOCK: Final = re.compile(rf"(.+){messages.MADE_AT}\S+:\d+")
_BREAKS: Final = re.compile(r"[^,()\[\]{}=]*[,()\[\]{}=]+|[^,()\[\]{}=]+")
_DOTS: Final = re.compile(r"[^.]*\.|[^.]+")


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    """What one thread does in one line, or words that stand for what is left out.

    Attributes:
        lane: the thread's name, ``""`` if it is no one's.
        head: the line.
        steps: of the story.
        kept: whether it may not be left out.
    """

    lane: str
    head: str
    steps: tuple[dict[str, Any], ...] = ()
    kept: bool = False

    @property
    def same(self) -> tuple[str, str, tuple[str, ...]]:
        """What two that do the same have in common."""
        return self.lane, self.head, tuple(step["words"] for step in self.steps)


def picture(told: dict[str, Any], width: int = 100, course: Collection[str] = (), *, rows: int = _MOST_ROWS) -> str:
    """Return a `story` as text: a column for each thread, its own lines in it, time going down.

    Where columns would be too narrow, the threads are told one below the other. What is wrong, the story's ``message``,
    is not repeated.

    Args:
        told: what `story` returned.
        width: of the text, in characters.
        course: files that are not the learner's own, whose lines are told with their names.
        rows: how many there may be, but for some; what is left out of the middle is counted.
    """
    lanes = told["lanes"]
    if not lanes:
        return ""
    column = (width - 3 * (len(lanes) - 1)) // len(lanes)
    layout = _Columns(lanes, column) if column >= _NARROWEST or len(lanes) == 1 else _List(width)
    parts = _without_repeats(list(_parts(told, course)))
    if _count(parts, layout) > rows:
        parts = list(_without_middles(parts))
    if told.get("kind") == "limit":  # what goes on and on says the least
        parts = _both_ends(parts, lambda some: _count(some, layout) <= rows // 4)
    parts = _last(parts, lambda some: _count(some, layout) <= rows)
    text = [*layout.top(), *_drawn(parts, layout)]
    if told["collision"] is not None and told["collision"]["words"]:
        text += ["", *wrapped(told["collision"]["words"] + ".", width, "")]
    return "\n".join(text)


# --- what is told


def _parts(told: dict[str, Any], course: Collection[str]) -> Iterator[_Part]:
    """Yield the steps of one thread in one line together."""
    collision = told["collision"]
    hit = {*collision["mine"], collision["other"]} if collision is not None else set()
    files = [step["file"] for step in told["steps"] if step["line"] and step["file"] not in course]
    main = max(files, key=files.count, default="")
    numbered = enumerate(told["steps"])
    for _, group in itertools.groupby(numbered, key=lambda one: (one[1]["lane"], one[1]["file"], one[1]["line"])):
        numbers, steps = zip(*group, strict=True)
        first = steps[0]
        place = f"{first['line']:>3}" if first["file"] == main else f"{first['file']}:{first['line']}"
        head = f"{place} {first['text']}" if first["line"] else ""
        yield _Part(first["lane"], head, steps, kept=not hit.isdisjoint(numbers))


def _without_repeats(parts: list[_Part]) -> list[_Part]:
    """Return the parts with what a thread does again and again, three times or more, told once."""
    told: list[_Part] = []
    place = 0
    while place < len(parts):
        length, times = _repeat(parts, place)
        told += parts[place : place + length]
        if times > 1:
            told.append(_Part(parts[place].lane, messages.more_times(times - 1)))
        place += length * times
    return told


def _repeat(parts: Sequence[_Part], place: int) -> tuple[int, int]:
    """Return how many parts from `place` on are repeated, and how often they are there; 1 and 1 if they are not."""
    for length in range(1, min(_LONGEST_REPEATED, (len(parts) - place) // 3) + 1):
        pattern = [part.same for part in parts[place : place + length]]
        if any(same[0] != pattern[0][0] for same in pattern):
            break
        times = 1
        while _is_at(parts, pattern, place + length * times):
            times += 1
        if times > 2:  # noqa: PLR2004 - two are soon read
            return length, times
    return 1, 1


def _is_at(parts: Sequence[_Part], pattern: list[tuple[str, str, tuple[str, ...]]], place: int) -> bool:
    there = parts[place : place + len(pattern)]
    return [part.same for part in there] == pattern and not any(part.kept for part in there)


def _without_middles(parts: list[_Part]) -> Iterator[_Part]:
    """Yield the parts without the middle of what a thread does in many lines in a row."""
    for lane, turn in itertools.groupby(parts, key=lambda part: part.lane):
        rest = list(turn)
        keep = {number for number, part in enumerate(rest) if part.kept}
        keep |= {0, 1, len(rest) - 2, len(rest) - 1} if len(rest) > _LONG else {*range(len(rest))}
        for kept, some in itertools.groupby(enumerate(rest), key=lambda one: one[0] in keep):
            left = [part for _, part in some]
            if kept or len(left) == 1:
                yield from left
            else:
                yield _Part(lane, messages.more_lines(len(left)))


def _last(parts: list[_Part], fits: Callable[[list[_Part]], bool]) -> list[_Part]:
    """Return as many of the last parts as fit, and before them how many are left out."""
    first = 0
    while first < len(parts) - 1 and not fits(parts[first:]):
        first += 1
    return [_Part("", messages.lines_before(first)), *parts[first:]] if first else parts


def _both_ends(parts: list[_Part], fits: Callable[[list[_Part]], bool]) -> list[_Part]:
    """Return as many of the first parts as fit, how many are left out, and as many of the last parts as fit."""
    first, last = 1, 1
    while first < len(parts) and fits(parts[: first + 1]):
        first += 1
    while last < len(parts) and fits(parts[-last - 1 :]):
        last += 1
    left = len(parts) - first - last
    return [*parts[:first], _Part("", messages.more_lines(left)), *parts[-last:]] if left > 1 else parts


# --- in words


class _Words:
    """Says what is done; where a lock was made is said once."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        names = {step["name"] for part in parts for step in part.steps}
        short = [(name, match[1]) for name in sorted(names) if (match := _LOCK.fullmatch(name))]
        calls = [said for _, said in short]
        self._short = {name: said for name, said in short if calls.count(said) == 1}
        self._said: set[str] = set()

    def of(self, part: _Part) -> str:
        """Return what is done in `part`, each thing once."""
        done: list[str] = []
        for step in part.steps:
            words, name = self._of_step(step), step["name"]
            verb = words.removesuffix(name) if step["what"] in _MANY else words
            if verb != words and done and done[-1].startswith(verb):
                done[-1] += f", {name}" if name not in done[-1].split(", ")[1:] and done[-1] != words else ""
            elif words not in done:
                done.append(words)
        return ", ".join(done)

    def _of_step(self, step: dict[str, Any]) -> str:
        name, words = step["name"], str(step["words"])
        if name not in self._short:
            return words
        if name in self._said:
            return words.replace(name, self._short[name])
        self._said.add(name)
        return words


# --- text


class _Columns:
    """A column for each thread."""

    def __init__(self, lanes: Sequence[str], width: int) -> None:
        self._lanes = lanes
        self.width = width

    def top(self) -> list[str]:
        """Return the heading."""
        return [self._row({lane: _cut(lane, self.width) for lane in self._lanes}), self._row(rule=True)]

    def rows(self, part: _Part, lines: list[str], *, first: bool) -> Iterator[str]:  # noqa: ARG002 - as a list's
        """Yield the rows of a part, `first` of its thread's turn."""
        for line in lines:
            yield self._row({part.lane: line}) if part.lane else line

    def _row(self, cells: dict[str, str] | None = None, *, rule: bool = False) -> str:
        texts = ["─" * self.width if rule else (cells or {}).get(lane, "") for lane in self._lanes]
        return " │ ".join(text.ljust(self.width) for text in texts).rstrip()


class _List:
    """A thread's name, and below it what it does until another goes on."""

    def __init__(self, width: int) -> None:
        self.width = width - 2

    def top(self) -> list[str]:
        """Return no heading."""
        return []

    def rows(self, part: _Part, lines: list[str], *, first: bool) -> Iterator[str]:
        """Yield the rows of a part, `first` of its thread's turn."""
        if first and part.lane:
            yield f"{part.lane}:"
        for line in lines:
            yield f"  {line}"


def _drawn(parts: Sequence[_Part], layout: _Columns | _List) -> Iterator[str]:
    words = _Words(parts)
    before = ""
    for part in parts:
        lines = wrapped(part.head, layout.width, _INDENT) if part.head else []
        lines += wrapped(f"    · {words.of(part)}", layout.width, _INDENT) if part.steps else []
        yield from layout.rows(part, lines, first=part.lane != before)
        before = part.lane


def _count(parts: Sequence[_Part], layout: _Columns | _List) -> int:
    return sum(1 for _ in _drawn(parts, layout))


def wrapped(text: str, width: int, indent: str) -> list[str]:
    """Return `text` in rows of at most `width` characters: broken at spaces, else after punctuation, else cut.

    Args:
        text: one line.
        width: of the rows.
        indent: of the second row and all that follow.
    """
    if len(text) <= width:
        return [text]
    begin = text[: len(text) - len(text.lstrip())]
    rows = [begin]
    for word in text.split():
        for number, piece in enumerate(_pieces(word, width - len(indent))):
            gap = " " if number == 0 and rows[-1].strip() else ""
            if len(rows[-1]) + len(gap) + len(piece) <= width:
                rows[-1] += gap + piece
            else:
                rows.append(indent + piece)
    return rows


def _pieces(word: str, room: int) -> Iterator[str]:
    """Yield `word`, or its pieces if it is too long for a row."""
    if len(word) <= room:
        yield word
    else:
        for piece in _BREAKS.findall(word):
            yield from [piece] if len(piece) <= room else (_cut(part, room) for part in _DOTS.findall(piece))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
