"""The trace keeps the rules of the Trace Event Format, as this reader of it checks them."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader import lanes
from grader.timeline import trace
from grader.timeline.scene import Scene, choose
from grader.verdict import Event, Status, Verdict
from tests.report.mixed import NASTY
from tests.timeline.scenes import check, deadlock, of_a_stranger, tasks

MOST = 2**53
"""The whole numbers that every reader of JSON has exactly."""


def read(scene: Scene) -> list[dict[str, Any]]:
    """Return the events of the trace of `scene`, of which every rule holds."""
    told = json.loads(trace.write(scene))
    events: list[dict[str, Any]] = told["traceEvents"]
    assert told["displayTimeUnit"] in ("ms", "ns")
    names, timed = _split(events)
    threads = {(one["pid"], one["tid"]) for one in names if one["name"] == "thread_name"}
    processes = {one["pid"] for one in names if one["name"] == "process_name"}
    assert {(one["pid"], one["tid"]) for one in timed} <= threads, "each thread has a name"
    assert {pid for pid, _ in threads} <= processes, "each process has a name"
    assert all(type(one["ts"]) is int and 0 <= one["ts"] < MOST for one in timed)
    assert all(isinstance(one["name"], str) and one["name"] for one in events)
    slices = _slices(timed)
    _check_arrows(timed, slices)
    assert all(one["s"] == "t" for one in timed if one["ph"] == "i")
    return events


def _split(events: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    kinds = {one["ph"] for one in events}
    assert kinds <= set("MXisf")
    names = [one for one in events if one["ph"] == "M"]
    timed = [one for one in events if one["ph"] != "M"]
    assert events[: len(names)] == names, "names come before what they name"
    assert timed == sorted(timed, key=lambda one: one["ts"])
    return names, timed


def _slices(timed: list[dict[str, Any]]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return from when to when each thread has slices: none is empty, and no two overlap."""
    found = defaultdict(list)
    for one in timed:
        if one["ph"] == "X":
            assert one["dur"] > 0
            found[one["pid"], one["tid"]].append((one["ts"], one["ts"] + one["dur"]))
    for spans in found.values():
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    return found


def _check_arrows(timed: list[dict[str, Any]], slices: dict[tuple[int, int], list[tuple[int, int]]]) -> None:
    """Check that each arrow has two ends, both in slices, and does not lead back in time."""
    ends = defaultdict(list)
    for one in timed:
        if one["ph"] in "sf":
            ends[one["id"]].append(one)
            assert type(one["id"]) is int, "Perfetto takes no other"
            spans = slices[one["pid"], one["tid"]]
            assert any(begin <= one["ts"] < end for begin, end in spans)
    for pair in ends.values():
        assert [one["ph"] for one in pair] == ["s", "f"]
        assert pair[0]["name"] == pair[1]["name"]
        assert pair[1]["bp"] == "e"


def said(events: list[dict[str, Any]], kind: str) -> list[tuple[Any, ...]]:
    return [(one["pid"], one["tid"], one["ts"], one.get("dur"), one["name"]) for one in events if one["ph"] == kind]


def test_what_lanes_do_are_slices_in_microseconds_with_the_lines() -> None:
    events = read(tasks())
    assert said(events, "X") == [
        (1, 1, 0, 2_000_000, "waits for the end of a"),
        (1, 2, 0, 2_000_000, "sleeps 2 s"),
        (1, 3, 0, 2_000_000, "waits for the lock, held by a"),
        (2, 1, 0, 2_000_000, "held by a"),
        (1, 1, 2_000_000, 2_000_000, "waits for the end of b"),
        (1, 3, 2_000_000, 2_000_000, "sleeps 2 s"),
        (2, 1, 2_000_000, 2_000_000, "held by b"),
    ]
    (wait,) = [one for one in events if one["name"] == "waits for the lock, held by a"]
    assert wait["args"] == {"line": "tasks.py:1", "source": "with lock:"}
    assert (1, 2, 2_000_000, None, "prints one") in said(events, "i")


def test_lanes_and_locks_have_names() -> None:
    names = [(one["pid"], one["tid"], one["args"].get("name")) for one in read(tasks()) if one["name"] == "thread_name"]
    assert names == [(1, 1, "MainThread"), (1, 2, "a"), (1, 3, "b"), (2, 1, "the lock")]


def test_arrows_lead_from_who_starts_or_ends_or_gives_a_lock_back_to_whom_that_lets_go_on() -> None:
    events = read(tasks())
    begins, ends = said(events, "s"), said(events, "f")
    assert [(one[1], one[-1]) for one in begins] == [
        (1, "starts"),
        (1, "starts"),
        (2, "ends"),
        (2, "gives back"),
        (3, "ends"),
    ]
    assert [(one[1], one[-1]) for one in ends] == [
        (2, "starts"),
        (3, "starts"),
        (1, "ends"),
        (3, "gives back"),
        (1, "ends"),
    ]


def test_a_schedule_is_drawn_by_steps_and_who_waits_without_end_a_little_longer() -> None:
    slices = said(read(deadlock()), "X")
    assert (1, 1, 0, 2_000, "runs") in slices
    assert (1, 2, 5_000, 3_160, "waits without end for lock 1, held by t1") in slices
    assert (2, 2, 4_000, 4_160, "held by t2") in slices


@pytest.mark.parametrize("text", NASTY)
def test_no_text_of_an_answer_breaks_a_rule(text: str) -> None:
    for scene in of_a_stranger(text):
        read(scene)
        assert all(letter.isprintable() or letter in "\n\ufffe" for letter in trace.write(scene).decode())


KINDS = st.sampled_from(["start", "run", "sleep", "wait", "ready", "end", "print", "acquire", "release", "note", "?"])
EVENTS = st.builds(
    Event,
    st.floats() | st.integers(-5, 10**30),
    st.sampled_from("abc"),
    KINDS,
    st.sampled_from(["", "by a", "for the lock, held by a", "for the end of b", "the lock"]),
    st.just("x.py"),
    st.integers(-5, 2**70),
)


@given(st.lists(EVENTS, min_size=1, max_size=30), st.booleans())
def test_whatever_the_events_are_the_rules_hold(events: list[Event], by_steps: bool) -> None:  # noqa: FBT001
    in_time = lanes.ordered(events)
    assume(in_time)
    read(Scene("01_a", check("test_a"), tuple(in_time), by_steps, (), ()))


def test_what_is_not_seen_from_outside_is_not_called_running() -> None:
    """Of processes only beginnings, ends and what they print are seen."""
    events = (Event(0, "MainThread", "start"), Event(0.5, "process 1", "start"), Event(2, "process 1", "end"))
    scene = choose(Verdict("06_a", "A", (), Status.PASSED, 1, 1, checks=(check("test_a", timeline=events),)), {})
    bars = [one["name"] for one in read(scene) if one["ph"] == "X"]
    assert bars == 2 * ["runs or waits, which is not seen from outside"]
    picture = lanes.drawing(scene.events, full=True)
    assert picture is not None
    assert "process 1 runs or waits, which is not seen from outside" in picture.svg
    assert "process 1 runs<" not in picture.svg
