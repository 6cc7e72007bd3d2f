"""Events tell what each thread did, when, and at which of the learner's own lines."""

from __future__ import annotations

from tests.bubble.playing import Played, line_of, play


def played(name: str) -> Played:
    return play("tales").functions[name]


def test_a_sleeping_and_a_waiting_thread_are_told_line_by_line() -> None:
    nap, join = line_of("tales", "# the nap"), line_of("tales", "# the join")
    start, line = line_of("tales", "# the start"), line_of("tales", "# the print")
    lane, end = "Thread-1 (print_numbers)", ("", 0)
    events = played("print_numbers_in_a_thread").events
    assert [(e.at, e.lane, e.what, e.detail, e.line) for e in events[1:]] == [
        (0.0, lane, "start", "by MainThread", start),
        (0.0, "MainThread", "wait", f"for the end of {lane}", join),
        (0.0, lane, "sleep", "2.0 s", nap),
        (2.0, lane, "run", "", nap),
        (2.0, lane, "print", "1", line),
        (2.0, lane, "sleep", "2.0 s", nap),
        (4.0, lane, "run", "", nap),
        (4.0, lane, "print", "2", line),
        (4.0, lane, "end", "", end[1]),
        (4.0, "MainThread", "run", "", join),
        (4.0, "MainThread", "print", "done", join + 1),
        (4.0, "MainThread", "end", "", end[1]),
    ]
    assert (events[0].what, events[0].lane, events[0].at) == ("start", "MainThread", 0.0)
    assert {e.file for e in events} == {"tales.py", ""}


def test_the_learners_own_locks_are_told_and_threads_of_one_name_are_told_apart() -> None:
    run = played("locks_are_passed_on")
    first, second = (f"the lock made at tales.py:{line_of('tales', mark)}" for mark in ("# made at", "# made in"))
    assert [told for told in run.told("acquire", "release", "wait") if told[1] != "MainThread"] == [
        (0.0, "worker", "acquire", first),
        (0.0, "worker", "acquire", second),
        (0.0, "worker#2", "wait", f"for {first}, held by worker"),
        (1.0, "worker", "release", second),
        (1.0, "worker", "release", first),
        (1.0, "worker#2", "acquire", first),
        (1.0, "worker#2", "acquire", second),
        (2.0, "worker#2", "release", second),
        (2.0, "worker#2", "release", first),
    ]
    assert [thread[0] for thread in run.threads] == ["worker", "worker#2"]


def test_a_lock_that_a_dataclass_makes_is_the_learners_own() -> None:
    made = f"the lock made at tales.py:{line_of('tales', '# made by a dataclass')}"
    told = played("a_dataclass_makes_a_lock").told("acquire", "release")
    assert [(what, detail) for _, _, what, detail in told] == [("acquire", made), ("release", made)]


def test_the_locks_inside_events_conditions_and_queues_are_not_told() -> None:
    """Nor is a wait that does not block."""
    assert played("inner_locks_are_not_told").told("acquire", "release", "wait", "sleep") == []


def test_a_pools_worker_starts_at_the_line_of_submit() -> None:
    run = played("a_pool_is_used")
    (start,) = [e for e in run.events if e.what == "start" and e.lane == "ThreadPoolExecutor-0_0"]
    assert (start.file, start.line) == ("tales.py", line_of("tales", "# the submit"))
    assert run.threads[0][3:5] == ["tales.py", start.line]


def test_a_wait_is_told_in_the_learners_words() -> None:
    run = played("waits_have_words")
    assert [told for told in run.told("wait") if told[1] == "MainThread"] == [
        (0.0, "MainThread", "wait", "for an Event to be set"),
        (2.0, "MainThread", "wait", "for an item in a Queue"),
    ]


def test_raw_threads_have_lanes_and_their_exceptions_are_kept() -> None:
    run, fails = played("a_raw_thread_is_started"), played("a_raw_thread_fails")
    assert [(t[0], t[1], t[2], t[5]) for t in run.threads] == [("raw", 0.0, 1.0, True)]
    assert fails.value == ["raw"]
    assert fails.threads[0][6]["e"][:2] == ["ValueError", "raw"]


def test_events_are_capped_and_the_rest_is_counted() -> None:
    """12,000 sleeps and wakings: 20,000 events are kept, and what is printed and ends after them too."""
    events = played("far_too_much_happens").events
    assert [event.what for event in events[19_999:]] == ["sleep", "print", "end", "note"]
    assert events[-1].detail == "4001 more events were not kept"
