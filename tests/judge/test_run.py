"""What a check can ask of a run: values with their types, overlaps, threads, and sentences that teach."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import wire
from grader.judge.faults import LearnerFault, stacks_of
from grader.judge.run import Run, brief, computing_together, overlapping, same
from grader.sandbox.launch import ProcessSeen
from grader.verdict import Event, Status, Where


def run(*events: tuple[Any, ...], **seen: Any) -> Run:
    usual = dict.fromkeys(("value", "error", "where")) | {
        name: [] for name in ("out", "left", "processes", "leftovers", "left_threads", "shared_memory")
    }
    usual |= dict.fromkeys(("text", "stderr", "told"), "") | {"cpu_here": 0.0, "cpu_children": 0.0}
    usual |= {"exit_code": 0, "peak_threads": 1, "own_memory": 0, "stall": 0.0}
    return Run("f(1)", 1.0, timeline=tuple(Event(*event) for event in events), **(usual | seen))


TOGETHER = (
    (0.0, "MainThread", "start"),
    (0.0, "a", "start", "by MainThread", "x.py", 3),
    (0.0, "a", "sleep"),
    (0.0, "b", "start", "by MainThread", "x.py", 4),
    (0.0, "b", "sleep"),
    (0.0, "MainThread", "wait", "a to end", "x.py", 5),
    (2.0, "a", "end"),
    (3.0, "b", "end"),
    (3.0, "MainThread", "run"),
)
IN_TURN = (
    (0.0, "a", "start", "by MainThread", "x.py", 3),
    (0.0, "a", "sleep"),
    (0.0, "MainThread", "wait", "a to end", "x.py", 4),
    (2.0, "a", "end"),
    (2.0, "b", "start", "by MainThread", "x.py", 5),
    (2.0, "b", "sleep"),
    (4.0, "b", "end"),
)


# --- same


@pytest.mark.parametrize(
    "left, right",
    [
        (1, True),
        (1, 1.0),
        ([1], (1,)),
        ([1], [True]),
        ({1: 2}, {True: 2}),
        ({1: 2}, {1: 2.0}),
        ({1}, {True}),
        ({1}, frozenset({1})),
        ({(1,)}, {(True,)}),
        ([[1, [2]]], [[1, [2.0]]]),
        (b"a", "a"),
        (None, False),
        (wire.Unsendable("A"), wire.Unsendable("B")),
        ([1, 2], [1]),
        ({1: 2}, {1: 2, 3: 4}),
    ],
)
def test_values_of_different_types_are_not_the_same_at_any_depth(left: object, right: object) -> None:
    assert not same(left, right)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(PLAIN)
def test_a_value_is_the_same_as_what_crossed_to_the_other_side(value: object) -> None:
    assert same(value, wire.decode(wire.encode(value)))


# --- what was returned


def test_what_is_asked_for_passes() -> None:
    run(value=[1, (2,)]).returned([1, (2,)])


def test_what_is_not_says_what_was_asked_what_came_and_why_it_matters() -> None:
    with pytest.raises(AssertionError) as caught:
        run(value=3).returned(4, "Four is two and two.")
    assert str(caught.value) == "f(1) should return 4, it returned 3. Four is two and two."


def test_a_different_type_is_said_to_be_all_the_difference() -> None:
    with pytest.raises(AssertionError) as caught:
        run(value=[1.0, True]).returned([1, 1])
    assert str(caught.value).endswith("of different types: list of int is asked for, not list of bool, float.")


def test_an_unsendable_value_is_named_by_its_type() -> None:
    with pytest.raises(AssertionError, match="it returned <an object of type Thread>"):
        run(value=wire.Unsendable("Thread")).returned(4)


def test_a_call_that_raised_has_no_value_but_an_explanation() -> None:
    where = Where("x.py", 3)
    raised = run(error=wire.Raised("KeyError", "'a'"), told="KeyError: 'a'\n  File x.py", where=where)
    with pytest.raises(LearnerFault) as caught:
        raised.returned(4)
    assert caught.value.status is Status.FAILED
    assert caught.value.message == "f(1) raised an exception:\nKeyError: 'a'\n  File x.py"
    assert caught.value.where == where


def test_what_is_not_written_yet_is_called_that() -> None:
    with pytest.raises(LearnerFault) as caught:
        _ = run(error=wire.Raised("NotImplementedError", "")).value
    assert caught.value.message == "f(1) is not written yet: it raises NotImplementedError."


def test_only_looking_at_the_error_deals_with_it() -> None:
    raised = run(error=wire.Raised("KeyError", "'a'"))
    assert raised.raised
    assert not raised.error_seen
    assert raised.error is not None
    assert raised.error_seen


# --- overlap, working, threads


def test_threads_that_overlap_need_no_sentence() -> None:
    assert run(*TOGETHER).overlap() == ""


def test_threads_that_do_not_are_told_with_the_lines_that_make_it_so() -> None:
    assert run(*IN_TURN).overlap() == (
        "b (started at x.py:5) was only started when a had ended: x.py:4 waits for a before x.py:5 starts b."
    )


def test_without_threads_there_is_nothing_to_tell() -> None:
    assert run().overlap() == ""
    assert run().working() == 0
    assert [life.name for life in run().threads] == ["MainThread"]


def test_how_many_slept_at_once_is_counted() -> None:
    assert run(*TOGETHER).working() == 2
    assert run(*IN_TURN).working() == 1


def test_who_ends_as_another_begins_does_not_overlap() -> None:
    events = ((0.0, "a", "sleep"), (1.0, "a", "end"), (1.0, "b", "sleep"), (2.0, "b", "end"))
    assert run(*events).working() == 1


def test_the_spans_of_a_state_end_where_the_next_begins() -> None:
    assert run(*TOGETHER).spans_by_lane() == {"a": [(0.0, 2.0)], "b": [(0.0, 3.0)]}
    assert run(*TOGETHER).spans("wait") == [(0.0, 3.0)]


def test_threads_are_told_by_start_with_their_ends() -> None:
    lives = [(life.name, life.started, life.ended) for life in run(*IN_TURN).threads]
    assert lives[1:] == [("a", 0.0, 2.0), ("b", 2.0, 4.0)]


def test_the_peak_of_threads_counts_the_caller() -> None:
    assert run(*TOGETHER).peak_threads == 3
    assert run(*IN_TURN).peak_threads == 2


def test_a_thread_that_outlived_the_call_has_no_end() -> None:
    assert run((0.0, "a", "start")).threads[1].ended is None


def test_any_events_can_be_asked_anything() -> None:
    """They come from inside: their order, names and times may be anything."""
    odd = run((5.0, "b", "end"), (1.0, "a", "sleep"), (0.5, "a", "end"), (0.0, "", "what"), (9.0, "b", "start"))
    assert odd.overlap() == ""
    assert odd.working() == 0
    assert odd.peak_threads >= 1


# --- words


def test_what_is_long_is_cut_and_says_so() -> None:
    assert brief("x" * 1000).endswith(" … (1002 characters)")
    assert len(brief("x" * 1000)) < 330


@pytest.mark.parametrize("value", [10**5000, [10**5000], {"a": (10**5000,)}], ids=["int", "list", "dict"])
def test_numbers_that_python_does_not_write_are_told_all_the_same(value: object) -> None:
    assert 0 < len(brief(value)) < 330


def test_stacks_are_shown_without_the_graders_own_frames_and_folders() -> None:
    text = (
        "noise\nFatal Python error: Aborted\n\n"
        "Thread 0x1 (most recent call first):\n"
        '  File "/tmp/gr-1-x/1.1/w/answer.py", line 3 in work\n'
        '  File "/usr/lib/python3.11/threading.py", line 900 in run\n\n'
        "Current thread 0x2 (most recent call first):\n"
        '  File "C:\\\\w\\\\answer.py", line 9 in call\n'
        '  File "/clone/grader/inside/serve.py", line 1 in serve\n'
        '  File "<string>", line 1 in <module>\n\n'
        "Extension modules: x\nmore\n"
    )
    assert stacks_of(text) == (
        "Thread 0x1 (most recent call first):\n"
        '  File "answer.py", line 3 in work\n'
        '  File "threading.py", line 900 in run\n\n'
        "Current thread 0x2 (most recent call first):\n"
        '  File "answer.py", line 9 in call'
    )


def test_without_a_crash_there_are_no_stacks() -> None:
    assert stacks_of("Traceback (most recent call last):") == ""


def test_an_exception_that_was_asked_for_is_told_by_its_name_or_its_base() -> None:
    """A subclass will do; another exception, or none, fails the check with what came instead."""
    error = wire.describe(UnicodeError("no"))
    run(error=error).raises("ValueError")
    with pytest.raises(AssertionError, match=r"f\(1\) should raise KeyError, it raised UnicodeError: no. Because."):
        run(error=error).raises("KeyError", "Because.")
    with pytest.raises(AssertionError, match=r"should raise KeyError, it returned 7\."):
        run(value=7).raises("KeyError")


@pytest.mark.parametrize(
    "stall, cpu, disturbed",
    [(0.0, 0.0, False), (0.24, 0.0, False), (0.25, 0.0, True), (0.25, 0.6, False)],
    ids=["quiet", "a little late", "late", "late by its own computing"],
)
def test_a_machine_that_keeps_others_waiting_disturbs(*, stall: float, cpu: float, disturbed: bool) -> None:
    """Unless it is the answer itself that computes."""
    assert run(stall=stall, cpu_here=cpu).disturbed is disturbed


def test_processes_overlap_if_two_lived_at_once() -> None:
    """One that begins when the other has ended does not."""
    first, second, later = (ProcessSeen(1, 0, "child", 0.1, *life) for life in ((0.0, 1.0), (0.5, 2.0), (1.0, 2.0)))
    assert overlapping([second, first])
    assert not overlapping([later, first])
    assert not overlapping([first])


def test_processes_compute_together_if_the_middle_halves_of_their_work_overlap() -> None:
    halves = ((0.0, 1.0), (0.5, 2.0), (1.0, 2.0))
    first, second, later = (ProcessSeen(1, 0, "child", 0.1, 0.0, 9.0, 0, *half) for half in halves)
    assert computing_together([second, first])
    assert not computing_together([later, first])
    assert not computing_together([first])


def test_the_peak_of_memory_is_that_of_the_largest_process() -> None:
    children = [ProcessSeen(1, 0, "child", 0.1, 0.0, 1.0, memory) for memory in (70, 30)]
    assert run(own_memory=50, processes=children).peak_memory == 70
    assert run(own_memory=90, processes=children).peak_memory == 90
    assert run().peak_memory == 0


# --- history


def test_on_the_real_clock_the_history_has_a_lane_for_each_process_from_the_beginning_of_the_call() -> None:
    processes = [
        ProcessSeen(pid, 1, kind, 0.25, first, last)
        for pid, kind, first, last in ((40, "child", 1.5, 2.0), (30, "child", 0.5, 3.0), (20, "helper", 0.1, 4.0))
    ]
    seen = run(*IN_TURN, processes=processes, loading=1.0)
    assert seen.history() == (
        *seen.timeline,
        Event(0.0, "process 1", "start"),
        Event(2.0, "process 1", "note", "computes 0.25 s"),
        Event(2.0, "process 1", "end"),
        Event(0.5, "process 2", "start"),
        Event(1.0, "process 2", "note", "computes 0.25 s"),
        Event(1.0, "process 2", "end"),
    )
    assert run(*IN_TURN, processes=processes).history() == seen.timeline, "the bubble's clock is another"
