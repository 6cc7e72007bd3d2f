"""What a grader of GitHub Classroom handed to ``classroom-resources/autograding-grading-reporter``.

The service has ended; the format lives on in workflows that kept the reporter. A step passes it on as its output
``result``, in base64. The reporter sums ``score`` over ``tests``, fails without ``tests``, makes ``NaN`` of an empty
list, and prints a ``line_no`` of null. It reads no message of the whole, and of a test that is no error prints only
``test_code``: so the notes of a run stand there too, in the first test. One of their own would change its table.
"""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from grader.printable import line
from grader.report import messages, wording
from grader.verdict import Check, Result, Verdict

_MOST: Final = 96 * 1024
"""Bytes of an output of a step: the reporter gets it in its environment, where Linux takes 128 KiB a variable."""

_CUTS: Final = (100_000, 2_000, 300, 0)
"""Characters that a message may have, and what was printed, until all fits."""


def write(result: Result, most: int = _CUTS[0]) -> bytes:
    """Return `result` as the reporter reads it, no text in it longer than `most` characters."""
    counted = wording.counted(result)
    _, points = wording.points(result)
    tests = [_test(kata, check, most) for kata, check in counted]
    status = "pass" if all(wording.full(check) for _, check in counted) else "fail"
    if not tests:
        status, tests = "error", [_nothing(wording.summary(result))]
    notes = _cut(wording.notes_as_text(result), most)
    if notes:
        tests[0] |= {"test_code": f"{messages.NOTES}:\n{notes}"}
    message = {"message": notes} if notes else {}
    return wording.as_json({"version": 3, "status": status, **message, "max_score": points, "tests": tests})


def output(result: Result) -> str:
    """Return the line for ``GITHUB_OUTPUT`` that makes `result` a step's output ``result``, with texts that fit in."""
    encoded = ""
    for most in _CUTS:
        encoded = base64.b64encode(write(result, most)).decode()
        if len(encoded) <= _MOST:
            break
    return f"result={encoded}\n"


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


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _test(kata: Verdict, check: Check, most: int) -> dict[str, Any]:
    return {
        "name": wording.label(kata, check),
        "status": "pass" if wording.full(check) else "fail",
        "score": check.points,
        "message": _cut(wording.message(check), most) or None,
        "test_code": "",
        "filename": line(f"exercises/{kata.kata}/{check.where.file}", 400) if check.where else "",
        "line_no": check.where.line if check.where else 0,
        "execution_time": f"{check.seconds:.2f}s",
        "output": _cut(wording.short_output(check), most),
    }


def _nothing(reason: str) -> dict[str, Any]:
    return {"name": messages.NOTHING_JUDGED, "status": "error", "score": 0, "message": reason, "line_no": 0}
