"""A result with everything in it, and hostile text wherever an answer can put some."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from grader.report.gradebook import Row
from grader.verdict import Check, Event, Result, Status, Verdict, Where

HOSTILE = (
    "=HYPERLINK(\"http://x\")\t;=1+1 <script>alert('1')</script> [a](http://x) ![b](c) `d` | \x1b[31mred\x1b[0m"
    " \x00 \ufffe \ud800 ]]> &amp; [[ATTACHMENT|/etc/passwd]] ##[error]e\n::error::f\r\n@all\n+1\n-1\n\u202egnp.exe"
)

ENVIRONMENT = {
    "CLASSROOM": "os-2026",
    "ASSIGNMENT": "threads",
    "ASSIGNMENT_TYPE": "individual",
    "OWNER": "ann",
    "SUBMISSION_TAG": "submit/2026-11-25T10-00-00Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/os-2026/commit/a1b2c3d",
    "RELEASE_URL": "https://example.org/os-2026/releases/tag/submit",
    "REVIEW_URL": "https://example.org/os-2026/compare/0000000...a1b2c3d",
}


def result(*katas: Verdict, **changes: Any) -> Result:
    """Return a result whose sums are those of its checks."""
    counted = [check for kata in katas for check in kata.checks if check.status.counts]
    whole = Result(
        grader="1.0",
        commit=None,
        started="2026-11-25T10:00:00Z",
        submission="submissions/ann",
        python="3.11.7",
        tier="B",
        guards={"landlock files": True},
        score=sum(check.points for check in counted),
        max_score=sum(check.max_points for check in counted),
        seconds=3.5,
        katas=katas,
    )
    return replace(whole, **changes)


def verdict(name: str, *checks: Check, status: Status, message: str = "", title: str = "First steps") -> Verdict:
    counted = [check for check in checks if check.status.counts]
    points, most = sum(check.points for check in counted), sum(check.max_points for check in counted)
    return Verdict(name, title, ("waits",), status, points, most, 1.25, message, checks)


LANES = (
    Event(0, "MainThread", "start"),
    Event(0, "worker-1", "start", "", "first.py", 3),
    Event(0, "worker-1", "sleep"),
    Event(5, "worker-1", "end"),
    Event(10, "MainThread", "end"),
)

FULL = result(
    verdict(
        "01_first",
        Check("test_adds", "It adds up.", Status.PASSED, 2, 2, 0.125, output="3\n", timeline=LANES),
        Check(
            "test_together",
            "Two threads that each wait 5 s are done after 5 s, not 10.",
            Status.FAILED,
            0,
            3,
            0.5,
            "run(5) took 10 s of the bubble's clock: nobody waits beside anybody.",
            "one\ntwo\n",
            Where("first.py", 7),
            LANES,
        ),
        Check("test_in_the_bubble", "It stops.", Status.PASSED, 0, 1, 0.1, "Its points count once it works for real."),
        status=Status.FAILED,
        message="run(5) took 10 s of the bubble's clock: nobody waits beside anybody.\n\nMainThread  |~~~~|",
    ),
    verdict(
        "02_second",
        Check("test_ends", "It ends.", Status.TIMED_OUT, 0, 2, 10.0, "It did not end in 10 s.", HOSTILE),
        Check("test_lives", "It lives.", Status.CRASHED, 0, 2, 0.2, HOSTILE, HOSTILE, Where("second.py", 1)),
        Check("test_judged", "It is judged.", Status.GRADER_ERROR, 0, 4, 0, "That is not your fault."),
        status=Status.GRADER_ERROR,
        message=HOSTILE,
    ),
    verdict(
        "03_third",
        Check("test_begun", "It is begun.", Status.NOT_STARTED, 0, 5, 0, "third.py is as it was."),
        status=Status.NOT_STARTED,
        message="third.py is as it was.",
    ),
    verdict(
        "04_fourth",
        Check("test_newer", "It is new.", Status.NOT_HERE, 0, 6, 0, "This kata needs Python 3.14 or later."),
        Check("test_real", "It is real.", Status.NOT_RUN, 0, 7, 0, "Left out by --only-bubble."),
        status=Status.NOT_HERE,
        message="This kata needs Python 3.14 or later.",
    ),
    notes=("Real-time limits were widened 2 times.",),
    time_scale=2.0,
)
"""2 of 15 points; 17 more are of checks that do not count."""

PERFECT = result(
    verdict("01_first", Check("test_adds", "It adds up.", Status.PASSED, 2, 2, 0.1), status=Status.PASSED),
    submission="submissions/bob",
)

CLASS = [Row("ann", FULL), Row("O'Neil, Bob", PERFECT), Row("=cmd|' /C calc'!A1", PERFECT)]

WORKSHEET = """\
\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",\
"Last modified (submission)","Online text","Last modified (grade)","Feedback comments"
"Participant 101","Ann Doe",ann,"Submitted for grading",,15.00,Yes,"Friday, 27 November 2026, 10:00 AM",\
"=1+1, ""kept""
as it is",-,
"Participant 102","O'Neil, Bob",bob@example.org,"Submitted for grading",1.00,15.00,Yes,-,"a \\"b\\" c",-,"Old words"
"Participant 103","Cy Roe",cy@example.org,"No submission",,15.00,Yes,-,,-,
"""
