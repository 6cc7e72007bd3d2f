"""The picture of lanes shows what the events say, and no event can spoil it."""

from __future__ import annotations

import math
import time
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import lanes
from grader.verdict import Event
from tests.report.mixed import parsed


def print_tasks(*, together: bool) -> list[Event]:
    """Return what kata 01 does: two tasks of five waits of 2 s, beside each other or in turn."""
    events = [Event(0, "MainThread", "start")]
    for number, name in enumerate(("numbers", "letters")):
        begin = 0 if together else 10 * number
        events += [
            Event(begin, name, "start", "by MainThread", "/clone/print_tasks.py", 30 + number),
            Event(begin, "MainThread", "wait", f"for the end of {name}", "print_tasks.py", 32 + number),
        ]
        for step in range(5):
            events.append(Event(begin + 2 * step, name, "sleep", "2 s", "print_tasks.py", 9))
            events.append(Event(begin + 2 * step + 2, name, "print", f"line {step}"))
        events.append(Event(begin + 10, name, "end"))
    return [*events, Event(10 if together else 20, "MainThread", "end")]


def test_two_tasks_in_turn_are_seen_to_be_in_turn() -> None:
    picture = lanes.text(print_tasks(together=False), width=55)
    assert picture.splitlines() == [
        "MainThread  |~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~|",
        "numbers     |...*...*...*....*...*",
        "letters                          |...*....*...*...*...*",
        "            +---------+----------+----------+---------+",
        "            0         5          10         15        20 s",
        ". sleeps   ~ waits   * prints   | starts or ends",
        "     0 s  numbers is started by MainThread",
        "          (print_tasks.py:30)",
        "     0 s  MainThread waits 10 s for the end of numbers",
        "          (print_tasks.py:32)",
        "    10 s  letters is started by MainThread",
        "          (print_tasks.py:31)",
        "    10 s  MainThread waits 10 s for the end of letters",
        "          (print_tasks.py:33)",
    ]


def test_two_tasks_beside_each_other_are_seen_to_be_beside_each_other() -> None:
    _, numbers, letters, *_ = lanes.text(print_tasks(together=True)).splitlines()
    assert numbers.split()[1] == letters.split()[1]


DEADLOCK = [
    Event(0, "T1", "start"),
    Event(0, "T2", "start"),
    Event(0, "T1", "acquire", "lock a", "bank.py", 8),
    Event(0, "T2", "acquire", "lock b", "bank.py", 8),
    Event(0, "T1", "wait", "for lock b, held by T2", "bank.py", 9),
    Event(0, "T2", "wait", "for lock a, held by T1", "bank.py", 9),
]


def test_a_deadlock_in_no_time_is_drawn_by_steps_and_says_who_waits_where_for_what() -> None:
    assert lanes.text(DEADLOCK).splitlines() == [
        "T1  |###########~~~~~~",
        "T2     |###########~~~",
        "    ------------------",
        "    one step after the other; no time passed",
        "# runs   ~ waits   | starts or ends",
        "  T1 waits without end for lock b, held by T2 (bank.py:9)",
        "  T2 waits without end for lock a, held by T1 (bank.py:9)",
    ]


def test_without_events_there_is_no_picture() -> None:
    assert lanes.text([]) == ""
    assert lanes.text([Event(math.nan, "a", "run")]) == ""


def test_a_single_event_is_drawn() -> None:
    assert lanes.text([Event(3, "a", "run")]).splitlines()[0] == "a  ###"


def test_the_order_in_which_events_arrive_does_not_matter() -> None:
    events = print_tasks(together=True)
    shuffled = sorted(events, key=lambda event: event.lane)
    rows, again = lanes.text(events).splitlines(), lanes.text(shuffled).splitlines()
    assert sorted(rows) == sorted(again)


def test_a_print_is_seen_though_it_takes_no_time() -> None:
    events = [Event(0, "a", "run"), Event(500, "a", "print", "x"), Event(1000, "a", "end")]
    row = lanes.text(events).splitlines()[0]
    assert row.count("*") == 1
    assert row.index("*") == pytest.approx(3 + 69 / 2, abs=1)


def test_the_state_of_most_of_a_cell_is_drawn() -> None:
    events = [Event(0, "a", "run"), Event(0.001, "a", "sleep"), Event(9, "a", "run"), Event(10, "b", "end")]
    row = lanes.text(events).splitlines()[0]
    assert row.startswith("a  ...")
    assert row.endswith("####")


def test_on_the_real_clock_nobody_claims_that_a_thread_runs_all_the_time() -> None:
    events = [Event(0.0001, "a", "start", "by MainThread", "x.py", 3), Event(2, "a", "print"), Event(4, "a", "end")]
    rows = lanes.text(events).splitlines()
    assert rows[2].split()[0] == "0", "a start a moment after 0 does not move the axis"
    assert rows[3:] == [
        "# runs or waits, which is not seen from outside   * prints   | starts or ends",
        "     0 s  a is started by MainThread (x.py:3)",
    ]


def test_a_note_becomes_a_sentence() -> None:
    events = [Event(0, "a", "run"), Event(2, "a", "note", "gives up", "x.py", 7), Event(4, "a", "end")]
    assert "     2 s  a: gives up (x.py:7)" in lanes.text(events).splitlines()


def test_at_most_twelve_lanes_are_drawn_those_that_are_stuck_among_them() -> None:
    events = [Event(0, f"w{number:02}", "run") for number in range(30)]
    events += [Event(1, "w29", "wait", "for a lock"), Event(2, "w00", "end")]
    rows = lanes.text(events).splitlines()
    drawn = [row.split()[0] for row in rows if row.startswith("w")]
    assert drawn == [*(f"w{number:02}" for number in range(11)), "w29"]
    assert "(and 18 more that are not drawn)" in rows


def test_at_most_twelve_moments_are_told_the_longest_waits_first() -> None:
    events = [
        event
        for number in range(20)
        for event in (
            Event(100 * number, "a", "wait", f"for lock {number}"),
            Event(100 * number + number + 1, "a", "run"),
        )
    ]
    told = [row for row in lanes.text(events).splitlines() if "waits" in row and "lock" in row]
    assert [row.split()[-1] for row in told] == [str(number) for number in range(8, 20)]


def test_no_hostile_text_reaches_the_picture() -> None:
    events = [
        Event(0, "\x1b[31mred\nname" + "x" * 100, "start", "", "/secret/\x1b]0;owned\x07a.py", 3),
        Event(1, "b", "wait", "\x1b[2J" + "long " * 1000, "..\\dir\\b.py", 4),
        Event(2, "", "print"),
    ]
    picture = lanes.text(events)
    assert picture.isascii()
    assert all(row.isprintable() and len(row) <= 80 for row in picture.splitlines())
    assert "secret" not in picture
    assert "(b.py:4)" in picture


def test_twenty_thousand_events_are_drawn_at_once() -> None:
    kinds = ("start", "run", "sleep", "wait", "print", "end")
    events = [Event(float(n * 7 % 9973), f"w{n % 400}", kinds[n % 6], "x" * 2000, "a.py", n) for n in range(20_000)]
    began = time.process_time()
    picture = lanes.text(events)
    assert time.process_time() - began < 3
    assert len(picture.splitlines()) < 80


KINDS = st.sampled_from(["start", "run", "sleep", "wait", "end", "print", "acquire", "release", "note", "?"])
TIMES = st.floats() | st.floats(0, 1e-300) | st.integers(-(10**30), 10**30)


@given(st.lists(st.builds(Event, TIMES, st.text(max_size=5), KINDS, st.text(max_size=20), st.text(max_size=8),
                          st.integers(-5, 2**70)), max_size=40), st.integers(-5, 200))  # fmt: skip
def test_whatever_the_events_are_there_is_a_picture_in_ascii(events: list[Event], width: int) -> None:
    picture = lanes.text(events, width)
    assert picture.isascii()
    assert all(character.isprintable() or character == "\n" for character in picture)
    assert len(picture.splitlines()) <= lanes.MAX_LANES + 4 + 40 * lanes.MAX_MOMENTS


# --- in full


def test_in_full_locks_are_drawn_and_told_and_no_row_is_too_wide() -> None:
    rows = lanes.text(DEADLOCK, 60, full=True).splitlines()
    assert rows[:2] == ["T1  |#####[#####~~~~~~", "T2     |#####[#####~~~"]
    assert "  T1 takes lock a (bank.py:8)" in rows
    wide = lanes.text(print_tasks(together=False), 55, full=True).splitlines()
    assert max(map(len, wide)) <= 55


def test_by_steps_the_order_counts_though_time_passed_and_that_is_said() -> None:
    events = [Event(0, "a", "run"), Event(0, "b", "ready"), Event(9, "b", "run"), Event(9, "a", "ready")]
    assert lanes.text(events, by_steps=True).splitlines()[:4] == [
        "a  #########---",
        "b     ---######",
        "   ------------",
        "   one step after the other",
    ]


def test_below_a_bar_stands_which_locks_a_lane_has_as_long_as_it_has_them() -> None:
    events = [
        Event(0, "a", "run"),
        Event(2, "a", "acquire", "lock 1"),
        Event(4, "a", "acquire", "lock 2"),
        Event(6, "a", "release", "lock 2"),
        Event(6, "a", "release", "lock 1"),
        Event(8, "a", "release", "lock 3"),
        Event(10, "a", "end"),
    ]
    drawn = lanes.drawing(events, full=True)
    assert drawn is not None
    held = [one for one in parsed(drawn.svg) if one.get("class") == "holds"]
    assert [(one.get("x"), one.get("width"), one.findtext("title")) for one in held] == [
        ("20%", "20%", "a has lock 1"),
        ("40%", "20%", "a has lock 1 and lock 2"),
    ]
    assert ("holds", "has a lock") in drawn.legend


# --- as SVG


def elements(events: list[Event]) -> list[ElementTree.Element]:
    drawn = lanes.drawing(events)
    assert drawn is not None
    return list(parsed(drawn.svg))


def bars(events: list[Event]) -> list[tuple[str, float, float]]:
    """Return what each bar is, where it begins and how wide it is, in hundredths of the whole."""
    found = [element.attrib for element in elements(events) if element.tag == "rect"]
    return [(one["class"], float(one["x"][:-1]), float(one["width"][:-1])) for one in found]


def test_the_drawing_has_a_bar_for_each_thing_that_a_lane_does() -> None:
    assert bars([Event(0, "a", "run"), Event(5, "a", "sleep", "2 s"), Event(20, "a", "end")]) == [
        ("runs", 0, 25),
        ("sleeps", 25, 75),
    ]
    drawn = lanes.drawing(print_tasks(together=False))
    assert drawn is not None
    assert drawn.legend == (
        ("sleeps", "sleeps"),
        ("waits", "waits"),
        ("prints", "prints"),
        ("edge", "starts or ends"),
    )
    assert drawn.sentences[0] == "0 s  numbers is started by MainThread (print_tasks.py:30)"


def test_a_print_at_the_border_of_two_bars_hides_neither() -> None:
    events = [Event(0, "a", "start"), Event(5, "a", "print"), Event(5, "a", "sleep"), Event(10, "a", "end")]
    assert [kind for kind, _, _ in bars(events)] == ["runs", "sleeps"]
    assert [element.tag for element in elements(events)].count("circle") == 1


def test_the_axis_of_the_drawing_has_few_words_none_of_them_outside() -> None:
    words = [(one.text, one.get("text-anchor")) for one in elements(print_tasks(together=True)) if one.text][-6:]
    assert words == [
        ("0", "start"),
        ("2", "middle"),
        ("4", "middle"),
        ("6", "middle"),
        ("8", "middle"),
        ("10 s", "end"),
    ]


def test_where_no_time_passed_the_drawing_says_so_and_who_is_stuck_waits_to_its_end() -> None:
    assert [one.text for one in elements(DEADLOCK)][-1] == "one step after the other; no time passed"
    kind, begin, width = bars(DEADLOCK)[-1]
    assert (kind, round(begin + width)) == ("waits", 100)


def test_without_events_there_is_no_drawing() -> None:
    assert lanes.drawing([]) is None


@given(
    st.lists(
        st.builds(
            Event,
            at=st.floats(),
            lane=st.text(max_size=30),
            what=st.sampled_from(["start", "run", "sleep", "wait", "end", "print", "note", "odd"]),
            detail=st.text("<>&\"'\x00\x1b]x", max_size=20),
            file=st.text(max_size=20),
            line=st.integers(-5, 10**20),
        ),
        max_size=40,
    )
)
def test_any_events_give_a_drawing_that_is_well_formed_and_not_large(events: list[Event]) -> None:
    drawn = lanes.drawing(events)
    assert (drawn is None) == (lanes.text(events) == "")
    if drawn is not None:
        tags = {element.tag for element in parsed(drawn.svg)}
        assert tags <= {"title", "text", "rect", "line", "circle"}
        assert len(drawn.svg) < 12 * 240 * 120


def test_a_flood_of_events_gives_a_drawing_of_bounded_size() -> None:
    events = [Event(number, f"lane {number % 40}", ("run", "sleep", "print")[number % 3]) for number in range(20_000)]
    drawn = lanes.drawing(events)
    assert drawn is not None
    assert len(drawn.svg) < 12 * 240 * 120
    assert drawn.sentences[0] == "(and 28 more that are not drawn)"


def polling(times: int) -> list[Event]:
    """Return what is done where one looks again and again, and another sleeps, prints and waits without end."""
    events = [Event(0, "MainThread", "start"), Event(0, "other", "start"), Event(0, "other", "sleep")]
    for at in range(times):
        events += [Event(at, "MainThread", "sleep", "1 s"), Event(at + 1, "MainThread", "run")]
    events += [Event(times, "other", "run"), Event(times, "other", "print", "late")]
    return [*events, Event(times, "other", "wait", "for ever"), Event(times, "MainThread", "end")]


def test_of_many_events_those_that_tell_more_are_kept_and_it_is_said_where_the_others_were() -> None:
    few = lanes.thinned(polling(100), 300)
    assert few == tuple(polling(100))
    many = lanes.thinned(polling(100), 103)
    said = "blank: most of what came after the first 103 events was not kept"
    assert many == (
        *polling(100)[:103],
        Event(50, "MainThread", "note", said),
        Event(100, "other", "note", said),
        Event(100, "other", "print", "late"),
        Event(100, "other", "wait", "for ever"),
        Event(100, "MainThread", "end"),
    )
    picture = lanes.text(many, width=60).splitlines()
    assert picture[0] == "MainThread  |.......................                       |"
    assert picture[1] == "other       |..............................................~"
    assert " ".join(picture[4:6]) == f"({said})"
    assert "other waits without end for ever" in picture[-1]
    drawing = lanes.drawing(many)
    assert drawing is not None
    assert f"({said})" in drawing.sentences
    assert not any("MainThread:" in sentence for sentence in drawing.sentences)


def test_what_was_waited_for_at_the_cut_is_not_drawn_as_a_wait_without_end() -> None:
    events = [Event(0, "a", "start")]
    for at in range(100):
        events += [Event(at, "a", "wait", "for b"), Event(at + 1, "a", "run")]
    cut = lanes.thinned([*events, Event(100, "a", "end")], 100)
    assert len(cut) == 102
    assert "50 s" not in lanes.text(cut)
    assert "without end" not in lanes.text(cut)


@given(
    st.lists(st.builds(Event, st.floats(0, 9), st.sampled_from("ab"), st.sampled_from([*lanes.DOES, "print", "end"]))),
    st.integers(1, 9),
)
def test_what_is_thinned_is_part_of_what_was_done_in_its_order(events: list[Event], most: int) -> None:
    rest = iter(events)
    assert all(lanes.is_remark(event) or event in rest for event in lanes.thinned(events, most))
