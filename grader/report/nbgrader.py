"""Scores in the columns of ``nbgrader export``: a row for each submission and kata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from grader.report import wording
from grader.report.gradebook import Row, cell, table

_HEADER: Final = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


def write(rows: Sequence[Row]) -> bytes:
    """Return the scores of `rows`. What the grader does not know (dates, names) is left empty."""
    scores = [
        (cell(kata.kata), "", "", cell(row.name), "", "", "", gained, 0, gained, most)
        for row in rows
        for kata in row.result.katas
        for gained, most in [wording.points_of(kata)]
    ]
    return table([_HEADER, *scores])
