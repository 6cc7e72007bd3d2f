"""What the commands say, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.course import Kata

HELP: Final = """Grades your answers to the katas, and says what to do next.

\b
python -m grader              grade everything in exercises/
python -m grader next         say which kata comes next
python -m grader lesson 01    read the lesson of the first kata
python -m grader watch        judge it each time that you save
python -m grader run 01       grade that kata
python -m grader hint 01      get a hint; ask again for the next one

A KATA is meant by its number (01), its name (01_print_tasks) or a part of it (print)."""

STOPPED: Final = "Interrupted."
FAULT: Final = "This is a fault of the grader, not of your answer. Please report it."

# --- questions

NO_TERMINAL: Final = "This asks first, and there is no terminal to ask on. Say --yes to do it without asking."
YES_OR_NO: Final = "Type y for yes, or n for no."
INTERRUPTED: Final = "Interrupted: nothing was changed."
NOTHING_CHANGED: Final = "Nothing was changed."
NOT_SHOWN: Final = "It is not shown."


def prompt(question: str) -> str:
    """Ask a question, with what is taken for an answer."""
    return f"{question} [y/N]: "


# --- words of a command

ANSWER_OR_SUBMISSION: Final = "Give --answer or --submission, not both."
ANSWER_OR_RESULT: Final = "Give --answer or --from, not both: a result is drawn as it is."
ANSWER_TO_ONE: Final = "--answer is for one kata. Name it: python -m grader run 01 --answer PATH"
SINCE_OF_WHAT: Final = "--changed-since goes with --submission: it asks git in that folder."
NOT_ON_GITHUB: Final = "--github: GITHUB_STEP_SUMMARY is not set: this is for a step of GitHub Actions."
NO_SCALE: Final = "a number from 1 to 100 is expected."
NO_SHARD: Final = "two numbers like 1/4 are expected: the first of four parts."


def no_command(word: str, known: Sequence[str]) -> str:
    """Say that a word is no command, and which there are."""
    hint = f"To grade a kata: python -m grader run {word}. The commands are: {', '.join(known)}."
    return f"There is no command {word!r}. {hint}"


def no_answer(path: Path) -> str:
    """Say that there is no answer at the path that --answer names."""
    return f"--answer: there is no {path}."


def no_submission_folder(folder: Path) -> str:
    """Say that there is no folder where --submission says."""
    return f"--submission: there is no folder {folder}."


def is_no_file(option: str) -> str:
    """Say that what is meant for a file is not written between what is told on the output."""
    return f"{option}: - is no file, and the output has what is told to you. Name a file."


def is_a_folder(option: str, path: Path) -> str:
    """Say that a file can't be written where a folder is."""
    return f"{option}: {path} is a folder. Name a file in it."


def is_of_a_kata(option: str, path: Path) -> str:
    """Say that a file of a kata is not overwritten."""
    return f"{option}: {path} is a file of a kata, and would be overwritten. Name another."


def no_folder_for(option: str, path: Path) -> str:
    """Say that there is no folder to write a file into."""
    return f"{option}: there is no folder {path.parent}. Make it first."


# --- grading


def unknown_schedule(kata: Kata, schedule: str) -> str:
    """Say that no check can be run under a schedule, and why that may be."""
    reason = (
        "It belongs to another answer (is yours changed since?), another kata, or another version of Python, "
        "or what it chooses never comes."
    )
    return f"No check of {kata.name} knows the schedule {schedule}. {reason}"


SUMMARY_OF_NOTHING: Final = "## Nothing to grade\n\nNo answer is changed.\n"


def summary_of_no_comparison(told: str) -> str:
    """Say in the summary of a step that nobody can tell what changed."""
    return f"## Nothing was graded\n\n    {told}\n\nDoes this branch begin at a commit of the course's?\n"


def nothing_to_grade(since: str | None) -> str:
    """Say that no answer was changed since a commit."""
    return f"Nothing to grade: no answer differs from {since}."


def uncommitted(katas: Sequence[Kata]) -> str:
    """Say which answers were changed and not looked at, as only commits are compared."""
    names = ", ".join(kata.name for kata in katas)
    return f"Changed, but not committed, so not graded: {names}. Commit first: --changed-since compares commits."


def incomplete(kata: Kata, reason: object) -> str:
    """Say that a kata was not graded because its author has not completed it."""
    return f"{kata.name} is not complete, and was not graded. {reason}"


def result_unwritten(path: Path, error: OSError) -> str:
    """Say that a result could not be written."""
    return f"The result can't be written to {path}: {error.strerror}."


def summary_unwritten(path: Path, error: OSError) -> str:
    """Say that the summary of a step of GitHub Actions could not be written."""
    return f"The summary can't be written to {path}: {error.strerror}."


def nothing_graded_here(reason: object) -> str:
    """Say why no kata can be graded on this machine."""
    return f"Nothing can be graded here: {reason}"


def tier_lacks(tier: str, wanted: str, lacking: Sequence[str]) -> str:
    """Say that answers are not kept in as well as is required, and which guards are missing."""
    reason = f"This is tier {tier}, and tier {wanted} is required. Missing here: {', '.join(lacking)}."
    return f"Nothing was graded. {reason} `python -m grader doctor` says more."


# --- pictures

OPEN_THE_TRACE: Final = "Open the trace at https://ui.perfetto.dev or chrome://tracing: it stays on your machine."


def says_nothing(path: Path, kata: Kata) -> str:
    """Say that a kept result is not about a kata."""
    return f"--from: {path} says nothing of {kata.name}."


def picture_written(path: Path, heading: str) -> str:
    """Say where a picture is, and what it shows."""
    return f"Written to {path}: {heading}"


def picture_unwritten(path: Path, error: OSError) -> str:
    """Say that a picture could not be written."""
    return f"The picture can't be written to {path}: {error.strerror}."


# --- what learners type

COLUMNS_OF_KATAS: Final = ("kata", "part", "points", "needs", "done", "title")
YES: Final = "yes"

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


def ask_reset(names: Sequence[str], *, kept: bool) -> str:
    """Ask whether files are to be put back; `kept` if there is anything in them."""
    beside = " What you wrote is kept beside it." if kept else ""
    return f"Put back {', '.join(names)} as at the beginning?{beside}"


def put_back(kata: Kata, names: Sequence[str], kept: Sequence[str]) -> str:
    """Say what was put back, and where the text before is kept."""
    told = f"{_are(names)} as at the beginning."
    return f"{told}\nWhat you wrote is kept in {kata.folder}: {', '.join(kept)}" if kept else told


def no_solution_yet(kata: Kata, seen: int, every: int) -> str:
    """Say when the course's answer may be seen."""
    when = f"It comes after a pass, or after all hints ({seen} of {every} shown)"
    return f"{when}. The next one: python -m grader hint {kata.name[:2]}"


def ask_solution(kata: Kata) -> str:
    """Ask whether the course's answer is wanted before a pass."""
    return f"Your answer to {kata.name} has not passed. See the course's?"


ASK_SOLUTION_AGAIN: Final = "You learn more by one more try. Are you sure?"


# --- what teachers type


def lies_within(out: Path, folder: Path) -> str:
    """Say that results can't be written among the submissions."""
    return f"--out: {out} lies in {folder}, and would be taken for a submission. Name another."


def no_submission(folder: Path) -> str:
    """Say that there is nothing to grade."""
    return f"There is no submission in {folder}."


def class_graded(graded: int, every: int, table: Path) -> str:
    """Say how many submissions were graded, and where it stands."""
    return f"{graded} of {every} submissions graded. See {table}."


def results_gone(names: str) -> str:
    """Say that there are results of what is handed in no more."""
    return f"Of no submission that is there any more: {names}. Delete what `export` should not take for marks."


def template_made(folder: Path, katas: int) -> str:
    """Say that a repository for students was made, and what comes after it."""
    return f"{folder} is a repository for students, with {katas} katas. What is next: docs/teachers.md."


def is_there(path: Path) -> str:
    """Say that a file is not written over."""
    return f"-o: there is a {path} already. Name another file."


def notebook_written(path: Path) -> str:
    """Say where a notebook is."""
    return f"Written to {path}. Open it in Jupyter."


def notebook_unwritten(path: Path, error: OSError) -> str:
    """Say that a notebook could not be written."""
    return f"The notebook can't be written to {path}: {error.strerror}."


# --- what authors type


def faults(number: int) -> str:
    """Say how many faults `check` found."""
    return f"Faults: {number}" if number else "No faults."


def to_be_written(name: str) -> str:
    """Say what comes after a new kata was made."""
    return f"What is still to be written: python -m grader check {name[:2]}"


def _are(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
