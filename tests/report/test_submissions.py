"""While a class is graded, something moves; what a submission is called cannot disturb it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from grader.report.submissions import Bar, Lines


def test_where_there_is_no_terminal_each_submission_is_a_line() -> None:
    out = io.StringIO()
    with Lines(out) as listener:
        listener.planned(2)
        listener.graded("ann", "3 of 3 points", problem=False)
        listener.graded("b\nob\x1b[2J", "no archive", problem=True)
    assert out.getvalue() == "1/2 ann: 3 of 3 points\n2/2 b ob: no archive\n"


def test_on_a_terminal_a_bar_counts_and_goes_away_and_problems_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    terminal = Console(file=out, force_terminal=True, width=120, legacy_windows=False)
    monkeypatch.setattr("grader.report.terminal.console", lambda: terminal)
    with Bar() as listener:
        listener.planned(3)
        listener.graded("ann", "3 of 3 points", problem=False)
        listener.graded("[bold]bob\x1b[2J", "no archive", problem=True)
    text = out.getvalue()
    assert "2/3" in text
    assert text.count("\n[bold]bob: no archive") + text.count("\x1b[2K[bold]bob: no archive") == 1
    assert "\x1b[2J" not in text
    assert text.endswith("\x1b[2K"), "the last thing is that the bar is erased"
