"""What the formats say, and the tables of a class, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

# --- in every format

COLUMNS: Final = ("kata", "status", "points", "seconds")
"""The head of a table of katas."""

PRINTED: Final = "What it printed"
CUT: Final = "\nOutput was truncated. Please limit to 500 chars"
"""Behind what an answer printed, as exercism words it."""

INTERRUPTED: Final = "Interrupted: this is what was graded until then."
NOTHING_JUDGED: Final = "Nothing could be judged"
NOTES: Final = "Notes"
"""What the place is called where a format has none of its own for the notes of a run."""


def points(gained: int, most: int) -> str:
    """Say how many points there were, of how many."""
    return f"{gained} of {most} points"


def score(gained: int, most: int, run: int = 0, every: int = 0) -> str:
    """Say the score, and how many checks were run where that is less than all."""
    ran = f", {run} of {every} checks run" if run < every else ""
    return f"Score: {points(gained, most)}{ran}."


def see(place: str) -> str:
    """Say at which line of the answer to look."""
    return f"See {place}."


def printed(output: str) -> str:
    """Say what the answer printed."""
    return f"It printed:\n{output}"


def not_judged(check: str, status: str, reason: str) -> str:
    """Say why a check neither gives nor costs points."""
    return f"{check} ({status}, costs no points) {reason}"


def left_behind(thing: str) -> str:
    """Say what an answer left running or lying about."""
    return f"Left behind and cleaned up: {thing}"


def more_left_behind(number: int) -> str:
    """Say how much else an answer left."""
    return f"Left behind and cleaned up: {number} more."


def isolated(tier: str, guards: Sequence[str]) -> str:
    """Say how well answers were kept in."""
    return f"Isolated: tier {tier} ({', '.join(guards)})."


# --- on the terminal

PRACTICE: Final = "Practice, not isolated (tier C): `python -m grader doctor` says what that means."
NEXT_DOCTOR: Final = "Next: the grader itself failed here. Look at: python -m grader doctor"
NEXT_AGAIN: Final = "Next: grade again, and let it end: python -m grader"
NEXT_LIST: Final = "Next: nothing here can be graded on this machine. See: python -m grader list"
NEXT_FOR_REAL: Final = "Next: grade it for real, without --only-bubble."
NEXT_KATA: Final = "Next: all of this is done. The next kata: python -m grader next"


def next_mend(kata: str) -> str:
    """Say which kata to mend, and how to get a hint."""
    return f"Next: mend {kata}. A hint: python -m grader hint {kata[:2]}"


def next_lesson(kata: str) -> str:
    """Say which lesson to read."""
    return f"Next: read the lesson of {kata}: python -m grader lesson {kata[:2]}"


def for_one_reason(checks: int) -> str:
    """Say how many checks came out so for the reason that is told below."""
    return f"{checks} checks, for one reason"


def fits(hint: int, kata: str) -> str:
    """Say which hint is about a check that failed."""
    return f"Hint {hint} is about this: python -m grader hint {kata[:2]} {hint}"


def without_points(checks: int) -> str:
    """Say how many checks passed and gave no points."""
    return f"{checks} more, without points"


def lines_before(number: int) -> str:
    """Say how much of what was printed is left out."""
    return f"... {number} line{'s' * (number != 1)} before these"


def schedules(proved: int, explored: int, searched: Sequence[str]) -> str:
    """Say how many explorations are proofs, and which of the others, or some of them, were only `searched`."""
    left = explored - proved - len(searched)
    more = f"; only searched: {', '.join(searched)}{f' and {left} more' if left else ''}" if searched else ""
    return f"Schedules: {proved} of {explored} explorations are proofs{more}."


# --- while katas or a class are graded

GOES_ON_FOR: Final = "for"
LEFT: Final = "left"
"""Behind the time that it has taken, and before the time that it will take."""


def begins(kata: str) -> str:
    """Say that a kata is graded from now on."""
    return f"{kata} begins"


# --- in a step of GitHub Actions

NOT_ISOLATED: Final = "Practice, not isolated (tier C)."


def no_room(failures: int) -> str:
    """Say how many failures have no room in the summary."""
    return f"There is no room here for {failures} more failures: see the log."


# --- what reads a format

JUNIT: Final = "JUnit XML, for GitLab, Jenkins and others"
GRADESCOPE: Final = "Gradescope's results.json"
CLASSROOM50: Final = "Classroom 50's result.json"
CLASSROOM: Final = "what GitHub Classroom's reporter reads"
EXERCISM: Final = "exercism's results.json, version 3"
HTML: Final = "a page for people, in one file"


def not_in_classroom50(variables: Sequence[str]) -> str:
    """Say which variables are missing to write Classroom 50's format."""
    return f"Classroom 50's runner sets variables that are not set here: {', '.join(variables)}."


# --- files of results

NAME_FOR_ONE: Final = "--name is for one result."


def no_result(reason: object) -> str:
    """Say why bytes are no result."""
    return f"This is not a result of the grader: {reason}."


def another_kind(schema: str, expected: str) -> str:
    """Say that a result has another schema."""
    return f"This result is of another kind: {schema}; {expected} is expected."


WHOLE: Final = "the whole"


def impossible(fault: str) -> str:
    """Say what is wrong in a result that no run can have."""
    return f"No run gives such a result: {fault}. Somebody changed it: grade again."


def has(name: str, points: str, summed: str = "") -> str:
    """Say how many points something has, and how many its checks have."""
    return f"{name} has {points}" + (f", and its checks have {summed}" if summed else "")


def twice(name: str) -> str:
    """Say that something is in a result more than once."""
    return f"{name} is there twice"


def unreadable(path: Path, error: OSError) -> str:
    """Say why a file can't be read."""
    return f"{path} can't be read: {error.strerror}."


def both_of(first: Path, second: Path, name: str) -> str:
    """Say that two results have the same name."""
    return f"{first} and {second} are both of {name}."


# --- gradebooks

ASSIGNMENT: Final = "Threads and processes"
"""What the column of the scores is called."""


def not_started(katas: int, every: int) -> str:
    """Say how many katas were not begun."""
    return f"Not started: {katas} of {every} katas."


def and_more(number: int) -> str:
    """Say how many sentences have no room."""
    return f"And {number} more."


def not_judged_in_full(name: str, lost: int) -> str:
    """Say that points of a submission could not be given."""
    return f"{name}: {lost} points could not be given, as some checks were not judged. Grade it again."


def with_notes(names: Sequence[str]) -> str:
    """Say whose results have notes: not every gradebook has room for them."""
    shown = ", ".join(names[:20])
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""  # noqa: PLR2004 - as many as above
    return f"There are notes in the results of: {shown}{more}. Read them there."


def out_of_unlike_points(named: Sequence[tuple[int, Sequence[str]]]) -> str:
    """Say whose results are out of how many points."""
    parts = [f"{most} ({_few(names)})" for most, names in named]
    return f"Not all results are out of the same number of points: {', '.join(parts)}."


def _few(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def both_of_one(first: str, second: str) -> str:
    """Say that two results are about one student."""
    return f"{first} and {second} are both of one student: leave one of them out."


# --- Moodle's worksheet

NO_TEXT: Final = "It is no text in UTF-8. Download it from Moodle again."
NO_COMMAS: Final = "A spreadsheet saved it without commas. Download it from Moodle again, and don't open it."
EMPTY: Final = "It is empty."


def same_row(first: str, second: str) -> str:
    """Say that two results are about one row."""
    return f"{first} and {second} are the same row of the worksheet."


def row_unlike_header(number: int, cells: int, columns: int) -> str:
    """Say that a row has not as many cells as the header."""
    wrong = f"row {number} has {cells} cells and the header {columns}"
    return f"It can't be read: {wrong}. Download it from Moodle again."


def quotes_unpaired(number: int) -> str:
    """Say in which line a quote has no other."""
    return f"It can't be read: the quotes of line {number} don't pair."


def no_column(name: str, names: str) -> str:
    """Say that there is no column of a name, and which there are."""
    return f"It has no column {name!r}. Its columns are: {names}."


def can_be_many_rows(name: str, rows: int) -> str:
    """Say that it is not clear which row is meant, and how to say it."""
    how = "Export this result alone, with the e-mail address or participant as --name."
    return f"{name} can be {rows} rows of the worksheet, and is in none. {how}"


def no_feedback(column: str) -> str:
    """Say that there is no column for feedback."""
    return f"The worksheet has no column {column!r}, so there is no feedback in it."


def other_maximum(theirs: str, ours: int) -> str:
    """Say that Moodle counts in other points than the results."""
    return f"Moodle's maximum grade is {theirs}, the results are out of {ours}: set it to {ours} in the assignment."
