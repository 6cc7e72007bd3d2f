"""What a grader of GitHub Classroom handed to ``classroom-resources/autograding-grading-reporter``.

The service has ended; the format lives on in workflows that kept the reporter. A step passes it on as its output
``result``, in base64. The reporter sums ``score`` over ``tests``, fails without ``tests``, makes ``NaN`` of an empty
list, and prints a ``line_no`` of null. It reads no message of the whole, and of a test that is no error prints only
``test_code``: so the notes of a run stand there too, in the first test. One of their own would change its table.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from grader.printable import line
from grader.report import messages, wording
from grader.verdict import Check, Result, Verdict


def write(result: Result) -> bytes:
    """Return `result` as the reporter reads it."""
    counted = wording.counted(result)
    _, most = wording.points(result)
    tests = [_test(kata, check) for kata, check in counted]
    status = "pass" if all(wording.full(check) for _, check in counted) else "fail"
    if not tests:
        status, tests = "error", [_nothing(wording.summary(result))]
    notes = wording.notes_as_text(result)
    if notes:
        tests[0] |= {"test_code": f"{messages.NOTES}:\n{notes}"}
    message = {"message": notes} if notes else {}
    return wording.as_json({"version": 3, "status": status, **message, "max_score": most, "tests": tests})


def output(result: Result) -> str:
    """Return the line for ``GITHUB_OUTPUT`` that makes `result` a step's output ``result``."""
    return f"result={base64.b64encode(write(result)).decode()}\n"


def notices(result: Result) -> list[str]:
    """Return the commands of a workflow by which the reporter tells the points; none where there are none to get."""
    score, most = wording.points(result)
    if not most:
        return []
    points = json.dumps({"totalPoints": score, "maxPoints": most}, separators=(",", ":"))
    return [
        f"::notice title=Autograding complete::Points {score}/{most}",
        f"::notice title=Autograding report::{points}",
    ]


def _test(kata: Verdict, check: Check) -> dict[str, Any]:
    return {
        "name": wording.label(kata, check),
        "status": "pass" if wording.full(check) else "fail",
        "score": check.points,
        "message": wording.message(check) or None,
        "test_code": "",
        "filename": line(f"exercises/{kata.kata}/{check.where.file}", 400) if check.where else "",
        "line_no": check.where.line if check.where else 0,
        "execution_time": f"{check.seconds:.2f}s",
        "output": wording.short_output(check),
    }


def _nothing(reason: str) -> dict[str, Any]:
    return {"name": messages.NOTHING_JUDGED, "status": "error", "score": 0, "message": reason, "line_no": 0}
