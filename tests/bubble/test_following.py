"""Schedules that people write: each name leads to the next mark, and what can't be followed is told by its number."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from tests.bubble.playing import HERE, child, line_of

MARKED = HERE / "programs" / "marked.py"
DEPOSIT = "stands before line {}: balance = seen + amount"

VALUES: dict[str, object] = {
    "deposits": 30,
    "deposits ann": 30,
    "deposits ann ann bob": 30,
    "deposits bob bob ann ann": 30,
    "deposits ann bob": 20,
    "deposits bob ann": 20,
    "deposits ann bob bob ann": 10,
    "cakes": ["ann", "bob"],
    "cakes ann ann cid cid bob bob": ["bob", "nothing"],
    "cakes ann ann bob bob cid cid": ["ann", "bob"],
    "transfers ann ann ann bob": "done",
}
"""Schedules that can be followed to the end, and what the program returns."""

IMPOSSIBLE = {
    "deposits ann ann ann": "Entry 2, 'ann', is impossible: ann has ended by then.",
    "deposits ann bob ann bob ann": "Entry 4, 'ann', is impossible: ann has ended by then.",
    "deposits Ann": "Entry 0, 'Ann', is impossible: no thread of that name has been started, only ann and bob.",
    "deposits ann bob ann bob eve": (
        "Entry 4, 'eve', is impossible: no thread of that name has been started, only ann and bob."
    ),
    "deposits MainThread": (
        "Entry 0, 'MainThread', is impossible: it is never named, since it goes first whenever it can."
    ),
    "starts_late bob": "Entry 0, 'bob', is impossible: no thread of that name has been started, only ann.",
}
"""Schedules that can't, and what is said of them."""

CASES = (
    *VALUES,
    *IMPOSSIBLE,
    "deposits ann bob ann",
    "marks bob bob",
    "marks " + "ann " * 10,
    "transfers ann ann bob bob",
    "transfers ann ann bob bob ann bob",
    "transfers ann ann bob bob ann ann",
    "transfers ann ann bob bob ann bob ann",
    "cakes ann ann ann",
    "starts_late ann bob",
    "raises ann",
    "endless",
)


def followed_now(*cases: str) -> list[dict[str, Any]]:
    """Return what comes of the cases, like "deposits ann bob", in a child."""
    split = [case.split() for case in cases]
    done = child(str(HERE / "follow.py"), str(MARKED), json.dumps([[name, names] for name, *names in split]))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def followed(case: str) -> dict[str, Any]:
    """Return what comes of one of the `CASES`; all are followed once for each test run."""
    return _all_followed()[case]


@functools.cache
def _all_followed() -> dict[str, dict[str, Any]]:
    return dict(zip(CASES, followed_now(*CASES), strict=True))


def place(text: str, nth: int = 1) -> str:
    """Return how the line of the program that holds `text` is told, with its number."""
    return f"marked.py:{line_of('marked', text, nth)}"


@pytest.mark.parametrize("case", VALUES)
def test_a_schedule_makes_the_program_give_the_same_each_time(case: str) -> None:
    found = followed(case)
    assert (found["value"], found["kind"], found["impossible"]) == (VALUES[case], "", "")


def test_the_same_schedules_have_the_same_outcome_in_another_process_and_order() -> None:
    cases = [*reversed(CASES), *CASES]
    assert followed_now(*cases) == [followed(case) for case in cases]


def test_an_entry_leads_to_just_before_the_next_mark_and_the_next_one_does_that_line() -> None:
    line = line_of("marked", "balance = seen + amount")
    found = followed("deposits ann bob ann")
    stands = DEPOSIT.format(line)
    assert found["entries"] == [["ann", stands], ["bob", stands], ["ann", "has ended"]]
    assert found["rest"] == [["bob", "has ended"]]


def test_a_thread_can_be_stopped_before_statements_of_all_kinds() -> None:
    """In a loop each time, at an elif when it is asked, at a while before each look, at a with on the way in only."""
    marks = ['{name} 1")', "{name} loop", "{name} loop", "if done is None", 'elif name == "ann"']
    marks += ["while left", "while left", "while left", "with lock"]
    lines = [line_of("marked", text) for text in marks]
    stands = [words.partition(":")[0] for _, words in followed("marks " + "ann " * 10)["entries"]]
    assert stands == [*(f"stands before line {line}" for line in lines), "has ended"]


def test_after_the_list_the_first_that_can_go_on_is_named_again_and_again() -> None:
    done = followed("marks bob bob")["value"]
    assert done[:2] == ["bob begins", "bob 1"]
    assert [word.split()[0] for word in done[2:]] == ["ann"] * 9 + ["bob"] * 6


def test_both_wait_for_each_other_and_that_is_a_hang() -> None:
    found = followed("transfers ann ann bob bob ann bob")
    second = place("with target:")
    assert (found["kind"], found["impossible"], found["rest"]) == ("deadlock", "", [])
    assert found["message"].startswith("Nobody can go on: MainThread waits at ")
    made = place("first, second = ")
    assert found["entries"][-2:] == [
        ["ann", f"waits at {second} for lock 2 made at {made}, held by bob"],
        ["bob", f"waits at {second} for lock 1 made at {made}, held by ann"],
    ]
    assert followed("transfers ann ann bob bob")["kind"] == "deadlock"


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_an_entry_that_can_not_be_followed_is_told_with_its_number(case: str) -> None:
    assert followed(case)["impossible"] == IMPOSSIBLE[case]


def test_an_entry_for_who_waits_is_impossible_and_told_with_what_for() -> None:
    told = followed("cakes ann ann ann")["impossible"]
    waits = f"ann waits at {place('baked.wait()')} for a Condition to be notified, and can't go on."
    assert told == f"Entry 2, 'ann', is impossible: {waits}"
    told = followed("transfers ann ann bob bob ann bob ann")["impossible"]
    assert told.startswith(f"Entry 6, 'ann', is impossible: ann waits at {place('with target:')} for lock 2")
    told = followed("transfers ann ann bob bob ann ann")["impossible"]
    assert told.startswith(f"Entry 5, 'ann', is impossible: ann waits at {place('with target:')} for lock 2")


def test_the_main_thread_goes_first_and_is_never_stopped() -> None:
    found = followed("starts_late ann bob")
    assert (found["value"], found["impossible"]) == (["main", "ann", "main", "bob"], "")


def test_what_a_thread_raises_and_what_does_not_end_is_told() -> None:
    found = followed("raises ann")
    assert (found["kind"], found["message"]) == ("thread error", "ann was ended by ValueError: no.")
    assert followed("endless") == {"refused": "It takes too many steps."}


def test_the_picture_has_a_column_for_each_that_did_something() -> None:
    rows = followed("deposits ann bob bob ann")["picture"].splitlines()
    assert [name.strip() for name in rows[0].split("│")] == ["ann", "bob"]
    assert "bob read balance, then ann wrote it." not in rows[0]
    assert any("# step" in row for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        "for _ in range(2):  # step\n    pass\n",
        "if x:\n    pass\nelse:  # step\n    pass\n",
        "total = (\n    1  # step\n)\n",
        "x = 1\n# step\n",
    ],
)
def test_a_mark_where_no_statement_begins_is_refused(text: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(text)
    done = child(str(HERE / "follow.py"), str(program), "[]")
    assert "'# step' has to be where a statement begins that is no for loop." in done.stderr


def test_a_comment_or_text_that_only_looks_like_a_mark_is_none(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("x = '# step'\ny = 1  # step by step\n# steps\n")
    assert child(str(HERE / "follow.py"), str(program), "[]").returncode == 0
