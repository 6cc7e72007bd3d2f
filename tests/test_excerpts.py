"""The lines that a check is about are found, and read from what was handed in."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from grader import excerpts
from grader.verdict import Check, Excerpt, Status, Where

FAILED = Check("t", "T.", Status.FAILED, 0, 1)
FILES = {"a.py": "".join(f"line {number}\n" for number in range(1, 11)).encode(), "b.py": b"x = 1\n"}

TRACEBACK = 'ValueError: x\n  File "a.py", line 2, in f\n  File "b.py", line 1, in g\n  File "threading.py", line 7'


def where(file: str, line: int) -> Where:
    return Where(file, line)


@pytest.mark.parametrize(
    "check,expected",
    [
        (replace(FAILED, where=where("a.py", 3), message="b.py:1"), where("a.py", 3)),
        (replace(FAILED, where=where("probes.py", 3), message="T1 waits (probes.py:3), T2 (b.py:1)"), where("b.py", 1)),
        (replace(FAILED, message=TRACEBACK), where("b.py", 1)),
        (replace(FAILED, message="T1 is started (a.py:4), T2 (a.py:5)"), where("a.py", 4)),
        (replace(FAILED, message="not/a.py:4x b.py:0"), where("a.py", 4)),
        (replace(FAILED, message="nothing"), None),
        (replace(FAILED, where=where("a.py", 0)), None),
    ],
)
def test_a_check_is_about_the_line_that_is_blamed_or_named(check: Check, expected: Where | None) -> None:
    assert excerpts.spot(check, FILES) == expected


def test_of_a_collision_it_is_the_line_that_collides_first() -> None:
    steps = [
        {"lane": lane, "what": "read", "words": "", "file": "a.py", "line": line, "text": ""}
        for lane, line in (("x", 2), ("x", 5), ("y", 6), ("x", 9))
    ]
    story = {
        "lanes": ["x", "y"],
        "steps": steps,
        "waits": [],
        "schedule": "",
        "collision": {"mine": [1, 3], "other": 2, "words": ""},
    }
    assert excerpts.spot(replace(FAILED, story=story, where=where("a.py", 9)), FILES) == where("a.py", 5)


@pytest.mark.parametrize("line,first,last", [(1, 1, 4), (5, 2, 8), (10, 7, 11)])
def test_three_lines_before_and_after_are_added(line: int, first: int, last: int) -> None:
    found = excerpts.added(replace(FAILED, where=where("a.py", line)), FILES).excerpt
    rows = ["", *(f"line {number}" for number in range(1, 11)), ""]
    assert found == Excerpt("a.py", line, first, tuple(rows[first : last + 1]))


@pytest.mark.parametrize(
    "check",
    [
        replace(FAILED, where=where("a.py", 12)),
        replace(FAILED, where=where("c.py", 1)),
        replace(FAILED, status=Status.PASSED, where=where("a.py", 1)),
    ],
)
def test_nothing_is_added_where_nothing_is_wrong_or_nothing_is_there(check: Check) -> None:
    assert excerpts.added(check, FILES) == check


def test_lines_are_counted_as_python_counts_them_and_cleaned_and_cut() -> None:
    data = "\ufeffa\r\nb\rc\x0cd\u2028e\n\tf \x1b[31m\n".encode() + b"\xff" + b"y" * 500
    found = excerpts.added(replace(FAILED, where=where("a.py", 4)), {"a.py": data}).excerpt
    assert found is not None
    assert found.lines == ("a", "b", "c\\x0cd\\u2028e", "        f", "\ufffd" + "y" * 196 + "...")
