"""Gradescope's ``results.json``: https://gradescope-autograders.readthedocs.io/en/latest/specs/.

Every text is sent as ``text``, the one format that Gradescope does not render. Checks that do not count are no tests
here, since Gradescope knows only passed and failed; the summary names them.
"""

from __future__ import annotations

from typing import Any

from grader.report import messages, wording
from grader.verdict import Check, Result, Verdict


def write(result: Result) -> bytes:
    """Return `result` as Gradescope reads it."""
    score, _ = wording.points(result)
    return wording.as_json(
        {
            "score": score,
            "execution_time": result.seconds,
            "output": wording.summary(result),
            "output_format": "text",
            "test_output_format": "text",
            "test_name_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "extra_data": {"grader": result.grader, "tier": result.tier},
            "tests": [
                _test(f"{kata_number}.{check_number}", kata, check)
                for kata_number, kata in enumerate(result.katas, 1)
                for check_number, check in enumerate(kata.checks, 1)
                if check.status.counts
            ],
        }
    )


def _test(number: str, kata: Verdict, check: Check) -> dict[str, Any]:
    told, printed = wording.message(check), wording.output(check)
    return {
        "name": wording.label(kata, check),
        "number": number,
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if wording.full(check) else "failed",
        "output": "\n\n".join(filter(None, (told, messages.printed(printed) if printed else ""))),
        "output_format": "text",
        "tags": list(kata.needs),
        "visibility": "visible",
    }
