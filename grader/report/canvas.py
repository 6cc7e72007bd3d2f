"""A CSV file for Canvas' gradebook, as its importer reads it: instructure/canvas-lms, lib/gradebook_importer.rb.

Canvas looks a student up by its own ID, by SIS login ID, and then by name. A file of its download has the first in its
name, ``doeann_101_9001_work.zip``; of others we know one name, and put it in the last two. The title of an assignment
ends with its number in Canvas, ``Katas (12345)``; Canvas offers to create one else.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.handed_in import CANVAS
from grader.printable import line
from grader.report import messages, wording
from grader.report.gradebook import Row, cell, table


class TwiceError(ValueError):
    """Two results are one student's; the text says whose."""


def write(rows: Sequence[Row], assignment: str = messages.ASSIGNMENT) -> bytes:
    """Return the scores of `rows` as a gradebook of one assignment.

    Raises:
        TwiceError: if two of `rows` are about the same student: Canvas would silently take the last.
    """
    _check_once(rows)
    header = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", cell(assignment))
    most = max((wording.points(row.result)[1] for row in rows), default=0)
    scores = [(*_student(row.name), "", wording.points(row.result)[0]) for row in rows]
    return table([header, ("    Points Possible", "", "", "", "", most), *scores])


def _check_once(rows: Sequence[Row]) -> None:
    taken: dict[tuple[str, str, str, str], str] = {}
    for row in rows:
        student = _student(row.name)
        key = ("", *student[1:]) if student[1] else student
        if key in taken:
            raise TwiceError(messages.both_of_one(line(taken[key]), line(row.name)))
        taken[key] = row.name


def _student(name: str) -> tuple[str, str, str, str]:
    """Return name, ID, SIS user ID and SIS login ID, as far as a submission's `name` tells them."""
    match = CANVAS.fullmatch(name)
    return (cell(match["name"]), match["id"], "", "") if match else (cell(name), "", "", cell(name))
