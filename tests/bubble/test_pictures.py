"""The picture of a story fits the width that it is given, keeps the end, and leaves out what is boring."""

from __future__ import annotations

from typing import Any

import pytest

from grader.bubble.pictures import picture, wrapped

LOCK = "lock {} made at bank.py:5"


def step(lane: str, text: str, what: str = "write", name: str = "value", **more: Any) -> dict[str, Any]:
    """Return a step in a line with this text; its number is made of it."""
    verb = {"write": "writes", "read": "reads", "acquire": "acquires", "start": "starts", "wait": "waits for"}[what]
    told = {"lane": lane, "what": what, "name": name, "words": f"{verb} {name}", "file": "bank.py", "line": 7}
    return told | {"text": text} | more


def story(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    lanes = list(dict.fromkeys(step["lane"] for step in steps))
    return {"lanes": lanes, "steps": list(steps), "collision": None, "message": "It hangs."} | more


@pytest.mark.parametrize("threads", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("width", [60, 90])
def test_a_picture_fits_the_width_whatever_it_tells(threads: int, width: int) -> None:
    text = "self._balance = self._combine(self._total_of_all_accounts_that_are_open_now_and_were_before, amount)"
    lanes = [f"ThreadPoolExecutor-0_{number} (with a long name)" for number in range(threads)]
    rows = picture(story(*(step(lane, text) for lane in lanes)), width).splitlines()
    assert max(map(len, rows)) <= width
    assert sum("self._balance" in row for row in rows) == threads


def test_threads_that_have_no_room_beside_each_other_stand_below_each_other() -> None:
    rows = picture(story(step("a", "x = 1"), step("b", "x = 2"), step("a", "x = 3")), 40).splitlines()
    assert rows[:4] == ["a:", "    7 x = 1", "      · writes value", "b:"]


def test_what_a_thread_repeats_is_told_once() -> None:
    loop = [step("a", "x = 1"), step("a", "y = 2", line=8)]
    rows = picture(story(*loop * 30, step("a", "last = 3", line=9)), 60).splitlines()
    assert [row.strip() for row in rows[2:]] == [
        "7 x = 1",
        "· writes value",
        "8 y = 2",
        "· writes value",
        "… 29 times more",
        "9 last = 3",
        "· writes value",
    ]


def test_of_a_long_picture_the_middle_of_long_stretches_goes_first_and_never_the_end() -> None:
    steps = [step("a", f"x = {number}", line=number) for number in range(1, 100)]
    short = picture(story(*steps, step("b", "y = 1")), 60, rows=20)
    assert "… 95 lines more" in short
    assert "x = 99" in short
    assert "y = 1" in short.splitlines()[-2]
    turns = [step("ab"[number % 2], f"x = {number}", line=number) for number in range(100)]
    rows = picture(story(*turns), 60, rows=20).splitlines()
    assert len(rows) <= 23
    assert rows[2] == "… 90 lines before these"
    assert "x = 99" in rows[-2]


def test_of_what_goes_on_for_ever_both_ends_are_told() -> None:
    turns = [step("ab"[number % 2], f"x = {number}", line=number) for number in range(100)]
    rows = picture(story(*turns, kind="limit"), 60, rows=40).splitlines()
    assert "… 90 lines more" in rows
    assert any("x = 4" in row for row in rows)
    assert "x = 99" in rows[-2]
    assert len(rows) < 25


def test_what_collides_is_never_left_out_of_a_stretch() -> None:
    steps = [step("a", f"x = {number}", line=number) for number in range(1, 60)]
    told = story(*steps, step("b", "y = 1"), collision={"mine": [30], "other": 59, "words": "a wrote it, b too"})
    text = picture(told, 60, rows=20)
    assert "x = 31" in text
    assert text.endswith("\n\na wrote it, b too.")


def test_where_a_lock_was_made_is_said_once_and_several_things_in_one_go() -> None:
    taken = [step("a", "with a, b:", "acquire", LOCK.format(number)) for number in (1, 2)]
    again = step("a", "a.acquire()", "wait", LOCK.format(1), line=9)
    begun = [step("a", "thread.start()", "start", name, line=3) for name in ("b", "c")]
    rows = picture(story(*begun, *taken, again), 90).splitlines()
    assert [row.strip() for row in rows if "·" in row] == [
        "· starts b, c",
        "· acquires lock 1 made at bank.py:5, acquires lock 2 made at bank.py:5",
        "· waits for lock 1",
    ]


def test_what_is_wrong_is_not_said_again() -> None:
    assert "It hangs." not in picture(story(step("a", "x = 1")))
    assert picture(story()) == ""


def test_lines_of_another_file_are_told_with_its_name() -> None:
    other = [step("a", "attempt()", file="probes.py", line=line) for line in (42, 43)]
    rows = picture(story(step("a", "x = 1"), *other), 60, ["probes.py"]).splitlines()
    assert rows[2] == "  7 x = 1"
    assert "probes.py:43 attempt()" in rows


@pytest.mark.parametrize(
    "text, width, rows",
    [
        ("  one two", 20, ["  one two"]),
        ("  one two three", 12, ["  one two", "      three"]),
        ("self._combine(self._total, sample)", 20, ["self._combine(", "      self._total,", "      sample)"]),
        ("acquires the lock made at counter.py:5", 26, ["acquires the lock made at", "      counter.py:5"]),
        ("x" * 40, 20, ["xxxxxxxxxxxxx…"]),
    ],
)
def test_rows_break_at_spaces_then_after_punctuation_and_are_cut_else(text: str, width: int, rows: list[str]) -> None:
    assert wrapped(text, width, "      ") == rows
