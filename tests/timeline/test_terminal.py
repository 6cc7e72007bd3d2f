"""The picture on a terminal: lanes, sentences and lines of source, in whatever width and with no letter that acts."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Literal

import pytest
from rich.console import Console

from grader.timeline.scene import Scene, choose
from grader.timeline.terminal import rows
from tests.report.mixed import MIXED, NASTY
from tests.timeline.scenes import deadlock, of_a_stranger, tasks


def shown(scene: Scene, width: int, *, terminal: bool = False) -> str:
    colours: Literal["standard"] | None = "standard" if terminal else None
    out = Console(file=io.StringIO(), width=width, force_terminal=terminal, color_system=colours, no_color=False)
    for row in rows(scene, width):
        out.print(row, soft_wrap=True, markup=False, emoji=False, highlight=False)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_a_deadlock_says_who_waits_in_which_line_for_which_lock_and_who_has_it() -> None:
    assert shown(deadlock(), 80).splitlines() == [
        "32_bank test_ends: timed out",
        "What test_ends wants.",
        "This is a schedule under which it goes wrong.",
        "",
        "t1  ###[##------------###~~~",
        "t2           ###[##~~~~~~~~~",
        "    ------------------------",
        "    one step after the other; no time passed",
        "# runs   ~ waits   - could go on, but another does   [ takes a lock",
        "  t1 takes lock 1 (bank.py:22)",
        "  t2 takes lock 2 (bank.py:22)",
        "  t2 waits without end for lock 1, held by t1 (bank.py:23)",
        "  t1 waits without end for lock 2, held by t2 (bank.py:23)",
        "",
        "bank.py:22  with a.lock:",
        "bank.py:23  with b.lock:",
    ]


def test_the_picture_in_the_documentation_is_what_is_drawn() -> None:
    told = (Path(__file__).parents[2] / "docs/timeline.md").read_text(encoding="utf-8")
    (sample,) = re.findall(r"<!-- sample: begin -->\n```text\n(.*?)```\n<!-- sample: end -->", told, re.DOTALL)
    (bank,) = [kata for kata in MIXED.katas if kata.kata == "32_bank"]
    assert sample == shown(choose(bank, {}), 100)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_row_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, shown(tasks(), width).splitlines())) <= width


def test_colours_are_where_a_terminal_has_them_and_the_letters_are_the_same() -> None:
    coloured = shown(deadlock(), 80, terminal=True)
    assert "\x1b[34m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == shown(deadlock(), 80)
    assert shown(deadlock(), 80).isascii()


@pytest.mark.parametrize("text", NASTY)
def test_no_text_of_an_answer_acts(text: str) -> None:
    for scene in of_a_stranger(text):
        printed = shown(scene, 80)
        assert all(letter.isprintable() or letter in "\n\ufffe" for letter in printed)
        assert not any(row.startswith("::") or "##[" in row for row in printed.splitlines())
