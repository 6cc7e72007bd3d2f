"""While katas are graded, something moves; what an answer is called cannot disturb it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from grader.report import progress
from grader.verdict import Check, Status, Verdict

PASSED = Check("test_a", "It is \x1b[2J[bold]right.", Status.PASSED, 1, 1)
DONE = Verdict("01_a", "A", ("io",), Status.PASSED, 1, 1, 0.25, checks=(PASSED,))


def test_where_there_is_no_terminal_each_kata_is_a_line() -> None:
    out = io.StringIO()
    with progress.Plain(out) as listener:
        listener.planned("01_a", 1)
        listener.check("01_a", PASSED)
        assert out.getvalue() == ""
        listener.waits("It waits.")
        listener.verdict(DONE)
    assert out.getvalue() == "It waits.\n01_a: passed, 1 of 1 points, 0.2 s\n"


def test_on_a_terminal_one_line_counts_checks_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    terminal = Console(file=out, force_terminal=True, width=100, legacy_windows=False)
    monkeypatch.setattr("grader.report.terminal.console", lambda: terminal)
    with progress.Live() as listener:
        listener.planned("01_a", 1)
        listener.planned("02_b", 2)
        listener.waits("It waits.")
        listener.check("01_a", PASSED)
    text = out.getvalue()
    assert "1/3" in text
    assert "It waits." in text
    assert "01_a: passed: It is [bold]right." in text
    assert "\x1b[2J" not in text
    assert text.endswith("\x1b[2K"), "the last thing is that the line is erased"


def test_a_live_line_that_never_began_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.Live():
        pass
    assert capsys.readouterr() == ("", "")
