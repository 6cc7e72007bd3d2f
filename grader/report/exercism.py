"""Exercism's ``results.json``, version 3: github.com/exercism/docs, building/tooling/test-runners/interface.md.

Exercism has no points. ``error`` is only for an answer of which nothing could be run; what crashed in one check is a
``fail`` of that check. What this machine can't judge (another Python, a check left out) is no test.
The website shows a message of the whole only with an error: else the notes of a run are a test of their own, passed.
"""

from __future__ import annotations

from typing import Any

from grader.report import messages, wording
from grader.verdict import Check, Result, Status, Verdict

_UNTESTED = (Status.NOT_HERE, Status.NOT_RUN)


def write(result: Result) -> bytes:
    """Return `result` as exercism's website reads it."""
    shown = [(kata, c) for kata in result.katas for c in kata.checks if c.status not in _UNTESTED]
    notes = wording.notes_as_text(result)
    statuses = {check.status for _, check in shown}
    if statuses <= {Status.CRASHED, Status.GRADER_ERROR}:
        told = wording.message(shown[0][1]) if shown else ""
        reason = "\n\n".join(filter(None, (told, notes))) if told else wording.summary(result)
        return wording.as_json({"version": 3, "status": "error", "message": reason, "tests": []})
    status = "pass" if statuses == {Status.PASSED} else "fail"
    tests = [_test(kata, check, alone=len(result.katas) == 1) for kata, check in shown]
    if notes:
        tests.append({"name": messages.NOTES, "status": "pass", "message": notes, "output": wording.short(notes)})
    return wording.as_json({"version": 3, "status": status, "message": None, "tests": tests})


def _test(kata: Verdict, check: Check, *, alone: bool) -> dict[str, Any]:
    """Return what came of a check; the name of a kata that is `alone` is known to the reader."""
    name = wording.label(kata, check)
    test: dict[str, Any] = {
        "name": name.removeprefix(f"{kata.kata}: ") if alone else name,
        "status": _status(check.status),
    }
    if check.status is not Status.PASSED:
        test["message"] = wording.message(check) or check.status
    printed = wording.short_output(check)
    return test | ({"output": printed} if printed else {})


def _status(status: Status) -> str:
    match status:
        case Status.PASSED:
            return "pass"
        case Status.GRADER_ERROR:
            return "error"
        case _:
            return "fail"
