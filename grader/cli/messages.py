"""What the commands of learners and authors say, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.course import Kata

NO_TERMINAL: Final = "This asks first, and there is no terminal to ask on. Say --yes to do it without asking."
YES_OR_NO: Final = "Type y for yes, or n for no."
INTERRUPTED: Final = "Interrupted: nothing was changed."
NOTHING_CHANGED: Final = "Nothing was changed."
NOT_SHOWN: Final = "It is not shown."
NOTHING_LEFT: Final = "What is left can't be run on this machine, or there is nothing left: python -m grader list"


def done(number: int, every: int) -> str:
    """Say how many katas are done."""
    return f"{number} of {every} katas are done."


def following(kata: Kata) -> str:
    """Say which kata comes next, and how to begin."""
    number = kata.name[:2]
    return (
        f"Next: {kata.name}, {kata.title} ({kata.points} points)\n\n"
        f"read the lesson   python -m grader lesson {number}\n"
        f"write the answer  python -m grader open {number}\n"
        f"grade it          python -m grader run {number}"
    )


def lost(kata: Kata, names: Sequence[str]) -> str:
    """Say that files of a kata are not there."""
    return f"{_are(names)} not there. To get back what is lost: python -m grader reset {kata.name[:2]}"


def opening(paths: Sequence[Path]) -> str:
    """Say what is opened."""
    return f"Opening {', '.join(map(str, paths))}"


def as_it_was(kata: Kata) -> str:
    """Say that there is nothing to put back."""
    return f"{kata.name} is as at the beginning: nothing to do."


def ask_reset(names: Sequence[str]) -> str:
    """Ask whether files are to be put back."""
    return f"Put back {', '.join(names)} as at the beginning? What you wrote is kept beside it."


def put_back(kata: Kata, names: Sequence[str], kept: Sequence[str]) -> str:
    """Say what was put back, and where the text before is kept."""
    told = f"{_are(names)} as at the beginning."
    return f"{told}\nWhat you wrote is kept in {kata.folder}: {', '.join(kept)}" if kept else told


def ask_solution(kata: Kata, unread: int) -> str:
    """Ask whether the course's answer is wanted before its time."""
    return f"Your answer to {kata.name} has not passed, and {unread} of its hints are left. See the course's?"


def ask_solution_again(kata: Kata) -> str:
    """Ask once more."""
    return f"A hint gives less away: python -m grader hint {kata.name[:2]}. Are you sure?"


def to_be_written(name: str) -> str:
    """Say what comes after a new kata was made."""
    return f"What is still to be written: python -m grader check {name[:2]}"


def _are(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
