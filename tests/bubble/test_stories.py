"""A failing schedule is told as a story: with the learner's own lines, who waits for whom, and what collides."""

from __future__ import annotations

from typing import Any

import pytest

from grader.bubble.stories import _collision
from grader.bubble.telling import Deed
from tests.bubble.exploring import explored
from tests.bubble.playing import line_of


def told(title: str) -> dict[str, Any]:
    return explored("count unlocked 2 1", "bank cross", "notified_too_early False", "lazily False")[title]


def test_the_two_accesses_that_collide_are_told() -> None:
    """One thread's write between another's read and write of the same attribute."""
    story = told("count unlocked 2 1")["story"]
    line = line_of("races", "self.value += 1", 2)
    collision = story["collision"]
    first, second = (story["steps"][number] for number in collision["mine"])
    other = story["steps"][collision["other"]]
    assert [step["what"] for step in (first, other, second)] == ["read", "write", "write"]
    assert {step["line"] for step in (first, other, second)} == {line}
    assert first["lane"] == second["lane"] != other["lane"]
    assert collision["name"] == "value"
    assert collision["words"] == "t1 read value, then t2 wrote it, before t1 wrote it"


def test_steps_have_the_learners_own_text() -> None:
    story = told("count unlocked 2 1")["story"]
    assert {step["text"] for step in story["steps"] if step["what"] == "write"} == {"self.value += 1"}
    assert {step["file"] for step in story["steps"] if step["line"]} == {"races.py"}
    assert [step["switch"] for step in story["steps"]].count(True) == 2
    assert story["lanes"] == ["t1", "t2"]


def test_a_deadlock_tells_who_waits_for_what_held_by_whom() -> None:
    found = told("bank cross")
    inner = line_of("races", "        with target.lock:")
    made = line_of("races", "self.lock = threading.Lock()", 2)
    waits = [wait for wait in found["story"]["waits"] if wait["lane"] != "MainThread"]
    assert [(wait["lane"], wait["held_by"], wait["line"]) for wait in waits] == [
        ("t1", "t2", inner),
        ("t2", "t1", inner),
    ]
    last = [step for step in found["story"]["steps"] if step["what"] == "wait" and step["lane"] != "MainThread"]
    assert {step["words"] for step in last} == {
        f"waits for lock 2 made at races.py:{made}, held by t2",
        f"waits for lock 1 made at races.py:{made}, held by t1",
    }
    assert found["story"]["collision"] is None
    assert found["message"] not in found["picture"]
    assert "MainThread" not in found["picture"]


def test_the_picture_has_a_column_for_each_thread() -> None:
    lines = told("count unlocked 2 1")["picture"].splitlines()
    assert [cell.strip() for cell in lines[0].split("│")] == ["t1", "t2"]
    assert any(line.startswith("    · writes value") for line in lines)
    assert any("│" in line and "self.value += 1" in line.split("│")[1] for line in lines)
    assert lines[-1] == "t1 read value, then t2 wrote it, before t1 wrote it."


def deed(lane: str, what: str, name: str = "x", file: str = "a.py") -> Deed:
    return Deed(0, lane, what, name, "", file, 1, file, 0.0)


@pytest.mark.parametrize(
    "told, words",
    [
        ("a read, b write, a write", "a read x, then b wrote it, before a wrote it"),
        ("a read, b write, a read", "a read x, then b wrote it, before a read it again"),
        ("a write, b read, a write", "a wrote x, then b read it"),
        ("a acquire, b read, a write, b write, a end", "b read x, then a wrote it, before b wrote it"),
        ("a write, a end, b read, b end", ""),
        ("a write, a wait, b read, a end", ""),
        ("a read, b read, a end, b end", ""),
    ],
)
def test_only_what_collides_where_a_thread_was_stopped_is_told(told: str, words: str) -> None:
    deeds = [deed(*one.split()) for one in told.split(", ")]
    collision = _collision(deeds, ())
    assert words == ("" if collision is None else collision["words"])
    assert _collision(deeds, ("a.py",)) is None


def test_a_condition_is_told_as_one() -> None:
    """Not as the locks that it is made of."""
    words = [step["words"] for step in told("notified_too_early False")["story"]["steps"]]
    made = line_of("races", "condition, flag = threading.Condition(), []")
    assert f"acquires the Condition made at races.py:{made}" in words
    assert "waits for a Condition to be notified" in words


def test_what_is_in_a_container_is_told_in_words() -> None:
    """By the name that the line calls it by."""
    collision = told("lazily False")["story"]["collision"]
    assert collision["name"] == "[]"
    assert collision["words"] == ""  # writes in a container may be of different things in it
    assert {step["words"] for step in told("lazily False")["story"]["steps"] if step["what"] == "read"} == {
        "reads what is in state"
    }
