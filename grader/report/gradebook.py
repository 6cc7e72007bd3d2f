"""Rows of a gradebook, and CSV cells that a spreadsheet takes for text.

A teacher opens these files in a spreadsheet, where a cell that begins with ``=``, ``+``, ``-`` or ``@`` is a formula.
Where the spreadsheet splits at ``;``, so is what follows one in the middle of a cell.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from grader.printable import line
from grader.report import messages, wording
from grader.verdict import Result, Status, Verdict

_SIGNS: Final = r"=+\-@\uff1d\uff0b\uff0d\uff20"
"""What begins a formula; some spreadsheets also take the wide forms of these, as East Asian keyboards type them."""

_FORMULA: Final = re.compile(rf"(^|[;|])(?=\s*[{_SIGNS}])")
_FORMULA_SIGNS: Final = re.compile(rf"(?:^|(?<=[;|]))[\s{_SIGNS}]+")
_FEEDBACK: Final = 8_000
MOST_NOTES: Final = 10
"""In a cell of a table."""


@dataclass(frozen=True, slots=True)
class Row:
    """A submission in a gradebook: what it is called there, and what came of it."""

    name: str
    result: Result


def cell(text: str) -> str:
    """Return `text` as one line that no spreadsheet takes for a formula: an apostrophe stands in front of one."""
    return _FORMULA.sub(r"\1'", line(text))


def html_cell(text: str) -> str:
    """Return `text` as HTML in a cell: no tag, no formula, and no backslash, which PHP reads before a quote."""
    return _FORMULA_SIGNS.sub(_as_entities, html.escape(text).replace("\\", "&#92;"))


def _as_entities(signs: re.Match[str]) -> str:
    return "".join(sign if sign.isspace() else f"&#{ord(sign)};" for sign in signs[0])


def table(rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return `rows` as CSV in UTF-8. All text is quoted, so that a comma in a name stays in its cell."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def feedback(result: Result) -> str:
    """Return a few lines of HTML for whom `result` is about: the score, notes, and of each kata that was tried its own.

    The notes come first, where no long message of a kata leaves no room for them.
    """
    score, most = wording.points(result)
    notes = wording.notes(result)
    told = [
        f"{messages.points(score, most)}.",
        *notes[:MOST_NOTES],
        *([messages.and_more(len(notes) - MOST_NOTES)] if len(notes) > MOST_NOTES else []),
        *map(_kata, (k for k in result.katas if k.status is not Status.NOT_STARTED)),
    ]
    unstarted = sum(kata.status is Status.NOT_STARTED for kata in result.katas)
    if unstarted:
        told.append(messages.not_started(unstarted, len(result.katas)))
    return "<br>".join(_that_fit([html_cell(sentence) for sentence in told]))


def _kata(kata: Verdict) -> str:
    gained, most = wording.points_of(kata)
    reason = line(kata.message.strip().partition("\n\n")[0], 240)
    return line(f"{kata.kata}: {kata.status}, {messages.points(gained, most)}.", 160) + (f" {reason}" if reason else "")


def _that_fit(sentences: list[str]) -> Iterator[str]:
    room = _FEEDBACK
    for number, sentence in enumerate(sentences):
        room -= len(sentence) + len("<br>")
        if room < 0:
            yield messages.and_more(len(sentences) - number)
            return
        yield sentence


def remarks(rows: Sequence[Row]) -> list[str]:
    """Return what whoever hands these scores out should know: who was judged in full, of how much, and has notes."""
    noted = [line(row.name) for row in rows if wording.notes(row.result)]
    return [*_cut_short(rows), *_unlike(rows), *([messages.with_notes(noted)] if noted else [])]


def _cut_short(rows: Sequence[Row]) -> Iterator[str]:
    unfair = (Status.GRADER_ERROR, Status.NOT_RUN)
    for row in rows:
        every = [check for kata in row.result.katas for check in kata.checks]
        lost = sum(check.max_points for check in every if check.status in unfair)
        if lost or row.result.interrupted:
            yield messages.not_judged_in_full(line(row.name), lost)


def _unlike(rows: Sequence[Row]) -> Iterator[str]:
    by_most: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        by_most[wording.points(row.result)[1]].append(line(row.name))
    if len(by_most) > 1:
        yield messages.out_of_unlike_points(sorted(by_most.items(), reverse=True))
