"""Fills the grading worksheet that a teacher downloads from a Moodle assignment.

Moodle's importer wants the columns that it wrote, named in the teacher's language, so nothing is made up here: the
cells of two columns are filled in for the submissions that there are results of, and every other byte stays
(moodle/moodle, mod/assign/feedback/offline/importgradeslib.php). Moodle shows the feedback as HTML.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from grader.printable import line
from grader.report import messages, wording
from grader.report.gradebook import Row, feedback

_BOM: Final = "\ufeff"
_CELL: Final = re.compile(r'("(?>[^"\\]+|""|\\"(?![,\r\n]|\Z)|\\)*+"|[^",\r\n]*)(,|\r\n|\n|\r|\Z)')
"""A cell and what ends it. PHP, which wrote it, may leave a quote after a backslash as it is."""

_DOWNLOADED: Final = re.compile(r"_(\d+)_assignsubmission_")
"""In the name of a folder in Moodle's archive of all submissions: ``Ann Doe_123_assignsubmission_file``."""


_Places = defaultdict[str, list[int]]


class WorksheetError(ValueError):
    """The file can't be filled in; the text says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the two columns to fill are called, and the one that ends those of names: Moodle translates them."""

    grade: str = "Grade"
    feedback: str = "Feedback comments"
    status: str = "Status"


@dataclass(frozen=True, slots=True)
class Filled:
    """A worksheet with scores in it.

    Attributes:
        data: the file.
        missing: names of submissions that no row of it is about.
        unclear: sentences on those that more than one row can be about; none of these is filled in.
        remarks: sentences for the teacher.
    """

    data: bytes
    missing: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Cell:
    raw: str
    end: str

    @property
    def text(self) -> str:
        quoted = self.raw.startswith('"')
        return (self.raw[1:-1].replace('""', '"') if quoted else self.raw).strip()

    def put(self, text: str) -> None:
        self.raw = f'"{text}"' if text else ""


def fill(worksheet: bytes, rows: Sequence[Row], columns: Columns | None = None) -> Filled:
    """Return `worksheet` with the scores of `rows` in it.

    Raises:
        WorksheetError: if it is no such worksheet, or two of `rows` are the same one of it.
    """
    named = columns or Columns()
    bom, header, students = _read(worksheet)
    grade = _column(header, named.grade)
    comments = _column(header, named.feedback) if _has(header, named.feedback) else None
    missing, unclear, taken = [], [], dict[int, str]()
    end = min(_column(header, name) for name in (named.grade, named.status) if _has(header, name))
    names, numbers = _places(students, end)
    for row in rows:
        number = _DOWNLOADED.search(row.name)
        found = names[_same(row.name)] if number is None else numbers[number[1]]
        if not found:
            missing.append(row.name)
            continue
        if len(found) > 1:
            unclear.append(messages.can_be_many_rows(line(row.name), len(found)))
            continue
        index = found[0]
        if index in taken:
            raise WorksheetError(messages.same_row(taken[index], row.name))
        taken[index] = row.name
        students[index][grade].put(str(wording.points(row.result)[0]))
        if comments is not None:
            students[index][comments].put(feedback(row.result))
    data = (bom + "".join(cell.raw + cell.end for each in (header, *students) for cell in each)).encode()
    filled = [students[index] for index in taken]
    return Filled(data, tuple(missing), tuple(unclear), (*_no_comments(named, comments), *_scale(filled, grade, rows)))


def _read(worksheet: bytes) -> tuple[str, list[_Cell], list[list[_Cell]]]:
    """Return the byte order mark, if there is one, the header, and the other rows."""
    try:
        text = worksheet.decode()
    except UnicodeDecodeError as error:
        raise WorksheetError(messages.NO_TEXT) from error
    first = text.partition("\n")[0]
    if "," not in first and re.search("[;\t]", first):
        raise WorksheetError(messages.NO_COMMAS)
    bom = _BOM if text.startswith(_BOM) else ""
    table = list(_rows(text.removeprefix(_BOM)))
    if not table:
        raise WorksheetError(messages.EMPTY)
    for number, row in enumerate(table, 1):
        if len(row) != len(table[0]) and any(cell.raw for cell in row):
            raise WorksheetError(messages.row_unlike_header(number, len(row), len(table[0])))
    return bom, table[0], table[1:]


def _rows(text: str) -> Iterator[list[_Cell]]:
    place, row = 0, list[_Cell]()
    while place < len(text) or row:
        match = _CELL.match(text, place)
        if match is None:
            raise WorksheetError(messages.quotes_unpaired(text.count("\n", 0, place) + 1))
        place = match.end()
        row.append(_Cell(match[1], match[2]))
        if match[2] != ",":
            yield row
            row = []


def _has(header: list[_Cell], name: str) -> bool:
    return name in [cell.text for cell in header]


def _column(header: list[_Cell], name: str) -> int:
    names = [cell.text for cell in header]
    if name not in names:
        raise WorksheetError(messages.no_column(name, line(", ".join(names), 600)))
    return names.index(name)


def _places(students: list[list[_Cell]], end: int) -> tuple[_Places, _Places]:
    """Return in which rows a name stands, in a cell left of the column `end`; and a participant's number."""
    names, numbers = _Places(list), _Places(list)
    for index, row in enumerate(students):
        for name in {_same(cell.text) for cell in row[:end]}:
            names[name].append(index)
        number = re.fullmatch(r"\D+(\d+)", row[0].text)
        if number is not None:
            numbers[number[1]].append(index)
    return names, numbers


def _same(name: str) -> str:
    """Return `name` in the form that it is compared in."""
    return " ".join(unicodedata.normalize("NFC", name.casefold()).split())  # a Mac's files have accents of their own


def _no_comments(columns: Columns, comments: int | None) -> Iterator[str]:
    if comments is None:
        yield messages.no_feedback(columns.feedback)


def _scale(filled: list[list[_Cell]], grade: int, rows: Sequence[Row]) -> Iterator[str]:
    """Yield a remark where Moodle counts in other points than the results; it has its own beside the grade."""
    beside = {row[grade + 1].text for row in filled if grade + 1 < len(row)}
    found = {float(text.replace(",", ".")) for text in beside if re.fullmatch(r"\d+(?:[.,]\d+)?", text)}
    ours = max((wording.points(row.result)[1] for row in rows), default=0)
    if found and found != {float(ours)}:
        theirs = ", ".join(f"{most:g}" for most in sorted(found))
        yield messages.other_maximum(theirs, ours)
