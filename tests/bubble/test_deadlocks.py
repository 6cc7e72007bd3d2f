"""A deadlock is seen the moment it happens, and told in words with the lines where the threads stand."""

from __future__ import annotations

import pytest

from tests.bubble.playing import line_of, play

NAME = "deadlocks"


def test_two_locks_are_told_with_who_holds_them_and_where() -> None:
    """The report names each thread, its line, the lock's line and the holder; the main thread waits for one."""
    played = play(NAME).functions["two_locks_in_opposite_order"]
    a, b, inner = line_of(NAME, "# lock a"), line_of(NAME, "# lock b"), line_of(NAME, "# the second lock")
    join = line_of(NAME, "# for one")
    assert played.deadlock == (
        f"Nobody can go on: MainThread waits at deadlocks.py:{join} for the end of one; "
        f"one waits at deadlocks.py:{inner} for the lock made at deadlocks.py:{b}, held by two; "
        f"two waits at deadlocks.py:{inner} for the lock made at deadlocks.py:{a}, held by one."
    )
    assert (played.value, played.error, played.seconds) == (None, None, 1.0)


def test_a_thread_that_waits_for_its_own_lock_is_told_so() -> None:
    played = play(NAME).functions["a_lock_is_taken_twice"]
    made = line_of(NAME, "# the lock itself")
    assert played.stuck == [
        ["MainThread", f"the lock made at deadlocks.py:{made}", "MainThread", NAME + ".py", made + 1]
    ]
    assert "held by itself" in played.deadlock


@pytest.mark.parametrize(
    "name, words",
    [
        ("a_queue_without_producer", "an item in a Queue"),
        ("a_full_queue_without_consumer", "room in a Queue"),
        ("a_queue_whose_items_are_never_done", "an item in a SimpleQueue"),
        ("an_event_that_is_never_set", "an Event to be set"),
        ("a_condition_that_is_never_notified", "a Condition to be notified"),
        ("a_semaphore_that_is_never_released", "a Semaphore to be released"),
        ("a_barrier_for_one_too_many", "the others at a Barrier"),
        ("a_future_that_nobody_completes", "a Future's result"),
        ("a_pool_that_can_not_be_left", "the pool to end"),
        ("an_asyncio_future_that_nobody_completes", "an event in the event loop"),
        ("a_join_of_a_stuck_thread", "the end of worker"),
    ],
)
def test_what_is_waited_for_has_a_name(name: str, words: str) -> None:
    """The main thread's wait is told as the learner wrote it, not as the lock within."""
    played = play(NAME).functions[name]
    main = played.stuck[0]
    assert main[:3] == ["MainThread", words, ""]
    assert main[3] == "deadlocks.py"


def test_a_pool_that_waits_for_itself_is_told_by_its_worker_too() -> None:
    """Idle workers say nothing, one that stands in the learner's code does."""
    played = play(NAME).functions["a_pool_that_waits_for_itself"]
    line = line_of(NAME, "# in a pool")
    assert [stuck[:2] + stuck[4:] for stuck in played.stuck] == [
        ["MainThread", "a Future's result", line],
        ["ThreadPoolExecutor-0_0", "a Future's result", line],
    ]


def test_a_worker_that_was_given_a_lock_to_acquire_is_told_one_without_work_is_not() -> None:
    """It stands in no line of the learner's, and yet is what the main thread waits for."""
    played = play(NAME).functions["a_pool_whose_worker_stands_in_no_line_of_the_learners"]
    made = line_of(NAME, "# taken by main")
    assert [stuck[:3] for stuck in played.stuck] == [
        ["MainThread", "the pool to end", ""],
        ["ThreadPoolExecutor-0_0", f"the lock made at deadlocks.py:{made}", "MainThread"],
    ]


def test_a_lock_can_be_held_by_a_thread_that_has_ended() -> None:
    assert play(NAME).functions["a_lock_that_its_holder_forgot"].stuck[0][2] == "worker"


def test_a_deadlock_stays_one_even_if_the_function_swallows_it() -> None:
    """What a function returns after it was given up does not count."""
    played = play(NAME).functions["a_deadlock_that_is_swallowed"]
    assert played.deadlock
    assert played.value is None


def test_all_of_it_is_silent_and_fast() -> None:
    """Threads unwind without a word on stderr, and the process goes on to the next run."""
    assert play(NAME).stderr == ""
    assert sum(played.cpu for played in play(NAME).functions.values()) < 5
