"""Grades what was handed in to Gradescope: `run_autograder` calls this in the course, with the places of both."""
# ruff: noqa: INP001 - it is run by its name, and goes with the script beside it; nothing imports it

from __future__ import annotations

import json
import sys
from pathlib import Path

from grader.cli import main
from grader.course import CourseError, load
from grader.handed_in import Refused, answers_in, lone_answer
from grader.report import Exit


def grade(submission: Path, results: Path) -> int:
    """Write `results`, and return 0 if grading ran, whatever the score."""
    try:
        places = words(submission)
    except Refused as reason:
        results.write_text(json.dumps({"score": 0, "output": f"Not graded: {reason}."}), encoding="utf-8")
        return 0
    code = main(["run", *places, "--gradescope", str(results)])
    return 0 if code is Exit.FAILED else code  # a wrong answer is a result


def words(submission: Path) -> list[str]:
    """Return what says to `run` where the answers are: those to one kata may lie there as they are, in no folder.

    Raises:
        Refused: if they are in several places.
    """
    folder = answers_in(submission)
    alone = lone_answer(folder)
    try:
        katas = load(Path.cwd()).katas
    except CourseError:
        katas = ()  # `run` says it
    if alone is None or len(katas) != 1:
        return ["--submission", str(folder)]
    whole = alone.parent if alone.is_file() and len(katas[0].files) > 1 else alone  # it says there what is lacking
    return [katas[0].name, "--answer", str(whole)]


if __name__ == "__main__":
    sys.exit(grade(*map(Path, sys.argv[1:])))
