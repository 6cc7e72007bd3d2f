"""Classroom 50's ``result.json``, ``classroom50/result/v1``: github.com/foundation50/classroom50, schemas/.

Its runner calls an autograder with variables that say whose work this is; they go into the result unchanged. The
runner renders ``test-name`` as Markdown, with nothing but ``|`` escaped, and takes an empty list of tests for "no
autograder configured", a success. The top is closed, so the notes of a run are a test that is worth nothing, and the
name of it says them too: that is what is shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Final

from grader.printable import line
from grader.report import messages, wording
from grader.verdict import Check, Result, Verdict

_NEEDED: Final = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
_MARKDOWN: Final = re.compile(r"[\\`*\[\]<>&~!]")


def lacks(environment: Mapping[str, str] | None = None) -> str:
    """Return what `environment`, by default the process's own, lacks to write this format; ``""`` if nothing."""
    found = os.environ if environment is None else environment
    missing = [name for name in _NEEDED if not found.get(name)]
    if not (found.get("OWNER") or found.get("USERNAME")):
        missing.append("OWNER")
    return messages.not_in_classroom50(missing) if missing else ""


def write(result: Result, environment: Mapping[str, str] | None = None) -> bytes:
    """Return `result` as Classroom 50 collects it; `environment` as its runner sets it, by default the process's own.

    Raises:
        KeyError: if `environment` `lacks` something.
    """
    known = os.environ if environment is None else environment
    score, most = wording.points(result)
    tests = [_test(kata, check) for kata, check in wording.counted(result)]
    notes = wording.notes_as_text(result)
    return wording.as_json(
        {
            "schema": "classroom50/result/v1",
            "classroom": known["CLASSROOM"],
            "assignment": known["ASSIGNMENT"],
            "assignment_type": known.get("ASSIGNMENT_TYPE") or "individual",
            "owner": known.get("OWNER") or known["USERNAME"],
            "submission": known["SUBMISSION_TAG"],
            "commit": known["COMMIT_URL"],
            "release": known["RELEASE_URL"],
            "review": known.get("REVIEW_URL") or known["COMMIT_URL"],
            "datetime": result.started,
            "graded_at": result.started,
            "score": score,
            "max-score": most,
            "tests": [*(tests or [_nothing(wording.summary(result))]), *([_noted(notes)] if notes else [])],
        }
    )


def _test(kata: Verdict, check: Check) -> dict[str, Any]:
    return {
        "test-name": _inert(wording.label(kata, check)),
        "passed": wording.full(check),
        "score": check.points,
        "max-score": check.max_points,
        "status": check.status,
        "message": wording.message(check),
    }


def _nothing(reason: str) -> dict[str, Any]:
    return {"test-name": messages.NOTHING_JUDGED, "passed": False, "score": 0, "max-score": 0, "message": reason}


def _noted(notes: str) -> dict[str, Any]:
    name = _inert(line(f"{messages.NOTES}: {notes}", 400))
    return {"test-name": name, "passed": True, "score": 0, "max-score": 0, "message": notes}


def _inert(name: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", name)
