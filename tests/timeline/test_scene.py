"""The check that tells most is drawn, and where none can be, it is said why."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from grader.timeline import svg, terminal
from grader.timeline.scene import NothingToDrawError, choose
from grader.verdict import Event, Excerpt, Status, Verdict
from tests.report.mixed import MIXED
from tests.timeline.scenes import FILES, TASKS, check, deadlock, tasks, verdict

ALONE = (Event(0, "MainThread", "start"), Event(3, "MainThread", "end"))
SHORT = (Event(0, "a", "start"), Event(0, "b", "start"), Event(1, "b", "end"))


def test_a_check_that_failed_is_drawn_before_one_that_tells_more() -> None:
    failed = check("test_b", Status.FAILED, timeline=SHORT)
    scene = choose(verdict(check("test_a", timeline=TASKS), failed), {})
    assert (scene.check.name, scene.others) == ("test_b", ("test_a",))


def test_where_what_failed_has_no_picture_that_is_said_beside_the_one_that_is_drawn() -> None:
    checks = (check("test_a", Status.CRASHED), check("test_b", timeline=TASKS), check("test_c", Status.TIMED_OUT))
    said = "This one passed. Not passed, and without a picture: test_a (crashed), test_c (timed out)."
    scene = choose(verdict(*checks), FILES)
    assert (scene.check.name, scene.undrawn) == ("test_b", said)
    assert said in "\n".join(row.plain for row in terminal.rows(scene, 100))
    assert "Not passed, and without a picture: test_a" in svg.write(scene).decode()
    assert choose(verdict(*checks), FILES, "test_b").undrawn == "", "it is what was asked for"
    failed = (*checks, check("test_d", Status.FAILED, timeline=SHORT))
    assert choose(verdict(*failed), FILES).undrawn == "", "what failed is drawn"


def test_of_checks_that_passed_the_one_with_most_events_is_drawn() -> None:
    checks = (check("test_a", timeline=SHORT), check("test_b", timeline=TASKS), check("test_c", timeline=ALONE))
    scene = choose(verdict(*checks), {})
    assert (scene.check.name, scene.others) == ("test_b", ("test_a",))


def test_a_check_is_chosen_by_a_part_of_its_name_and_before_others_by_all_of_it() -> None:
    checks = [check(name, timeline=TASKS) for name in ("test_end", "test_ends", "test_begins")]
    assert choose(verdict(*checks), {}, "begin").check.name == "test_begins"
    assert choose(verdict(*checks), {}, "test_end").check.name == "test_end"


def test_a_schedule_is_drawn_by_steps_with_its_lines() -> None:
    scene = deadlock()
    assert scene.by_steps
    assert [(event.lane, event.what, event.detail) for event in scene.events if event.what in ("wait", "acquire")] == [
        ("t1", "acquire", "lock 1"),
        ("t2", "acquire", "lock 2"),
        ("t2", "wait", "for lock 1, held by t1"),
        ("t1", "wait", "for lock 2, held by t2"),
    ]
    assert [(line.place, line.text) for line in scene.lines] == [
        ("bank.py:22", "with a.lock:"),
        ("bank.py:23", "with b.lock:"),
    ]


def test_it_is_said_which_schedule_is_drawn() -> None:
    assert deadlock().which == "This is a schedule under which it goes wrong."
    assert tasks().which == ""
    (counter,) = [kata for kata in MIXED.katas if kata.kata == "30_counter"]
    collision = "thread 1 read _busy, then thread 2 wrote it, before thread 1 wrote it"
    assert choose(counter, {}).which == f"This is a schedule under which it goes wrong: {collision}."
    events = (Event(0, "a", "run"), Event(0, "a", "ready"), Event(0, "b", "run"), Event(3, "b", "sleep"))
    passed = check("test_a", timeline=events, schedules=("f(): proved: all 6 different schedules",))
    scene = choose(verdict(passed), {})
    assert scene.by_steps, "where somebody is ready, order counts"
    assert scene.which == "This is one of the schedules of f(): proved: all 6 different schedules."


def test_lines_are_those_of_the_answer_or_those_that_the_result_has() -> None:
    assert [(line.place, line.text) for line in tasks().lines] == [
        ("tasks.py:1", "with lock:"),
        ("tasks.py:2", "    start()"),
        ("tasks.py:3", "join()"),
    ]
    excerpt = Excerpt("tasks.py", 3, 2, ("    start()", "join()"))
    kept = choose(verdict(replace(check("test_a", Status.FAILED, timeline=TASKS), excerpt=excerpt)), {})
    assert [line.place for line in kept.lines] == ["tasks.py:2", "tasks.py:3"]
    assert kept.source(TASKS[3]) == "join()"
    assert kept.source(TASKS[0]) == ""


@pytest.mark.parametrize(
    "of, name, why",
    [
        (
            Verdict("01_a", "A", (), Status.NOT_STARTED, 0, 1, message="It is the stub."),
            "",
            "There is nothing to draw of 01_a, which is not started: It is the stub.",
        ),
        (
            Verdict("01_a", "A", (), Status.NOT_RUN, 0, 1),
            "",
            "There is nothing to draw of 01_a, which is not run: no check was run.",
        ),
        (
            verdict(check("test_a", timeline=ALONE)),
            "",
            "There is nothing to draw of 32_bank: in its checks no thread or process was seen beside the main one.",
        ),
        (
            verdict(check("test_a", timeline=ALONE), check("test_b", timeline=TASKS)),
            "test_a",
            "There is nothing to draw of test_a (passed): in it no thread or process was seen beside the main one.",
        ),
        (
            verdict(check("test_a", Status.CRASHED, message="Python can't read bank.py:\n  File ..."), check("test_b")),
            "",
            "There is nothing to draw of 32_bank (crashed): Python can't read bank.py.",
        ),
        (
            verdict(check("test_a", timeline=TASKS), check("test_b", Status.TIMED_OUT, message="f(): no end.\n\nIt")),
            "test_b",
            "There is nothing to draw of test_b (timed out): f(): no end.",
        ),
        (verdict(check("test_a"), check("test_b")), "c", "32_bank has no check 'c'; it has test_a, test_b."),
    ],
)
def test_where_nothing_can_be_drawn_one_sentence_says_why(of: Verdict, name: str, why: str) -> None:
    with pytest.raises(NothingToDrawError) as caught:
        choose(of, FILES, name)
    assert str(caught.value) == why


def test_the_courses_own_locks_and_places_are_not_drawn() -> None:
    """What probes do is no part of the answer: nobody can look it up, and it hides what is."""
    own = (
        Event(0, "t1", "start", "by MainThread", "probes.py", 3),
        Event(0, "t1", "acquire", "the lock made at probes.py:37", "course/probes.py", 54),
        Event(0, "t1", "note", "writes what is in a container", "probes.py", 45),
        Event(0, "t2", "wait", "for the lock made at probes.py:37, held by t1", "probes.py", 54),
        Event(1, "t1", "release", "the lock made at probes.py:37", "probes.py", 54),
        Event(1, "t1", "sleep", "2 s", "a.py", 1),
        Event(1, "t2", "acquire", "the lock made at a.py:1", "a.py", 1),
    )
    scene = choose(verdict(check("test_a", timeline=own)), {})
    assert [(event.lane, event.what, event.detail, event.file) for event in scene.events] == [
        ("t1", "start", "by MainThread", ""),
        ("t2", "wait", "in what the check itself does", ""),
        ("t1", "sleep", "2 s", "a.py"),
        ("t2", "acquire", "the lock made at a.py:1", "a.py"),
    ]


def test_a_long_sentence_of_a_failure_is_told_whole() -> None:
    message = "Nobody can go on: " + "thread 1 waits for the lock of thread 2; " * 10 + "the end."
    scene = choose(verdict(check("test_a", Status.FAILED, timeline=TASKS, message=f"{message}\nOf 42 schedules.")), {})
    assert scene.fault == message


def test_a_check_that_was_not_asked_for_can_still_be_named() -> None:
    checks = check("test_a", timeline=TASKS), check("test_real", Status.NOT_RUN), check("test_nothing")
    assert choose(verdict(*checks), FILES).others == ("test_real",)
