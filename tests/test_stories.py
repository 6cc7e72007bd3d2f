"""A story is read from what a hostile process may say, and drawn."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import stories
from tests.report.mixed import MIXED, NASTY, parsed
from tests.report.mixed import story as hostile


def told(name: str) -> dict[str, Any]:
    """Return a real story, as it stands in a result."""
    checks = [check for kata in MIXED.katas if kata.kata == name for check in kata.checks]
    (found,) = [check.story for check in checks if check.story is not None]
    return found


def test_a_race_is_told_turn_by_turn_and_its_collision_is_marked() -> None:
    found = stories.read(told("30_counter"))
    assert found is not None
    assert found.lanes == ("thread 1", "thread 2")
    assert [turn.lane for turn in found.turns] == [0, 1, 0, 1]
    assert [(deed.line, deed.collides) for deed in found.turns[1].deeds] == [(17, False), (19, True), (21, False)]
    assert found.turns[2].deeds[1].words == ("reads value", "writes value")
    assert found.collision == "thread 1 read _busy, then thread 2 wrote it, before thread 1 wrote it"
    assert found.waits == ()
    assert [kind for kind, _ in found.legend] == ["data", "other", "hit"]


def test_a_deadlock_is_told_with_who_waits_and_the_lock_that_was_taken_before_it() -> None:
    found = stories.read(told("32_bank"))
    assert found is not None
    assert [deed.kind for deed in found.turns[2].deeds] == ["lock", "wait"]
    assert found.waits[1] == "thread 1 waits for the lock made at bank.py:14, held by thread 2 (bank.py:23)"


def test_the_drawing_has_a_row_a_thread_a_box_a_line_and_a_line_between_turns() -> None:
    found = stories.read(told("30_counter"))
    assert found is not None
    root = parsed(stories.drawing(found))
    assert [one.text for one in root.findall("text")] == ["thread 1", "thread 2"]
    assert [group.attrib["data-turn"] for group in root.findall("g")] == ["0", "1", "2", "3"]
    assert [len(group.findall("line")) for group in root.findall("g")] == [0, 1, 1, 1]
    boxes = [box for group in root.findall("g") for box in group.findall("g")]
    assert [box.findtext("text") for box in boxes] == ["17", "17", "19", "21", "19", "21", "23", "·", "21", "23", "·"]
    assert sum("hit" in box.attrib["class"] for box in boxes) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"steps": []},
        {"steps": "none"},
        {"steps": [{"lane": 1}]},
        {"waits": None},
        {"collision": {}},
        {"collision": {"mine": ["0"], "other": 0, "words": ""}},
        {"steps": told("30_counter")["steps"] * 100},
        {"steps": [told("30_counter")["steps"][0] | {"lane": str(number)} for number in range(13)]},
        {"schedule": 3},
    ],
)
def test_what_has_not_the_shape_of_a_story_is_none(change: dict[str, Any]) -> None:
    assert stories.read(told("30_counter") | change) is None


@pytest.mark.parametrize("nothing", [None, {}, {"seed": 1}])
def test_no_story_is_none(nothing: dict[str, Any] | None) -> None:
    assert stories.read(nothing) is None


@given(st.sampled_from(NASTY) | st.text())
def test_any_text_gives_a_drawing_that_is_well_formed_and_holds_no_more_elements(text: str) -> None:
    found = stories.read(hostile(text))
    assert found is not None
    tags = [element.tag for element in parsed(stories.drawing(found)).iter()]
    plain = stories.read(hostile("plain"))
    assert plain is not None
    assert tags == [element.tag for element in parsed(stories.drawing(plain)).iter()]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_no_value_in_a_story_makes_reading_fail(value: Any) -> None:
    for key in told("30_counter"):
        stories.read(told("30_counter") | {key: value})
    stories.read(told("30_counter") | {"steps": [told("30_counter")["steps"][0] | {"line": value, "text": value}]})


def test_huge_numbers_are_no_lines() -> None:
    step = told("30_counter")["steps"][0]
    found = stories.read(told("30_counter") | {"steps": [step | {"line": 10**30}, step | {"line": -1}], "dropped": -5})
    assert found is None or (
        [deed.line for turn in found.turns for deed in turn.deeds] == [0, 0] and found.dropped == 0
    )


def test_as_events_a_thread_that_is_not_at_its_turn_is_ready_unless_it_waits() -> None:
    found = [event for event in stories.events(told("32_bank")) if event.lane != "MainThread"]
    states = [(event.lane, event.what) for event in found if event.what in ("run", "ready", "wait", "end")]
    assert states[:3] == [("thread 1", "run"), ("thread 1", "ready"), ("thread 2", "run")]
    assert {event.detail for event in found if event.what == "wait"} == {
        "for the lock made at bank.py:14, held by thread 1",
        "for the lock made at bank.py:14, held by thread 2",
    }
    assert not [event for event in found if event.what == "end"], "who is stuck does not end"
    assert stories.events(None) == ()
    assert stories.events({"steps": []}) == ()


@pytest.mark.parametrize("at", [float("inf"), float("nan"), -float("inf"), -1.0, 1e300])
def test_as_events_every_time_is_one_that_json_can_tell(at: float) -> None:
    """A judge that says "null" there is not understood, and its checks cost nothing."""
    step = told("30_counter")["steps"][0] | {"at": at}
    assert {event.at for event in stories.events(told("30_counter") | {"steps": [step]})} <= {0.0, 1e9}


def test_as_events_all_end_where_nobody_is_left_to_wait() -> None:
    found = stories.events(told("30_counter"))
    assert {event.lane for event in found if event.what == "end"} == {event.lane for event in found}


@pytest.mark.parametrize("text", NASTY)
def test_as_events_a_hostile_story_is_cut_and_clean(text: str) -> None:
    for event in stories.events(hostile(text)):
        assert len(event.lane) <= 200
        assert len(event.detail) <= 400
        assert all(letter.isprintable() or letter == "\ufffe" for letter in event.detail + event.file)
