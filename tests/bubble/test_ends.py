"""A run ends when all have ended, can't go on or take too long, and whatever is left is ended with it."""

from __future__ import annotations

from tests.bubble.playing import Played, line_of, play, play_now


def played(name: str) -> Played:
    return play("ends").functions[name]


def test_a_thread_that_outlives_the_function_is_named_and_runs_on() -> None:
    """`seconds` is when the function returned; the thread's own end is in its record."""
    late = played("a_thread_is_left_running")
    assert (late.value, late.seconds, late.left) == ("returned", 1.0, ["late"])
    assert late.threads[0][:3] == ["late", 0.0, 5.0]


def test_daemon_threads_end_with_the_run() -> None:
    ticker = played("a_daemon_is_left_running")
    assert (ticker.seconds, ticker.left, ticker.over_limit) == (2.5, [], "")
    assert ticker.threads[0][2] is None


def test_a_thread_that_waits_for_ever_ends_with_the_run_and_is_no_deadlock() -> None:
    """The function has returned, so it is left, not stuck."""
    stuck = played("a_thread_is_left_waiting_for_ever")
    assert (stuck.left, stuck.deadlock, stuck.threads[0][2]) == (["stuck"], "", None)


def test_a_pool_that_is_never_shut_down_leaves_its_worker() -> None:
    pool = played("a_pool_is_never_shut_down")
    assert pool.value == 8
    assert all(name.startswith("ThreadPoolExecutor") for name in pool.left)


def test_who_polls_for_ever_is_named_at_the_limit() -> None:
    polls, line = played("a_worker_polls_for_ever"), line_of("ends", "# for the poller")
    assert polls.over_limit == (
        "after 60.0 s of the bubble's clock it had not ended; "
        f"MainThread waits at ends.py:{line} for the end of worker-1; worker-1 polls every 0.02 s"
    )
    assert (polls.value, polls.error, polls.deadlock) == (None, None, "")


def test_the_main_thread_may_be_who_polls() -> None:
    assert "MainThread polls every 0.5 s" in played("the_main_thread_polls_for_ever").over_limit


def test_who_only_asks_the_clock_reaches_the_limit_too() -> None:
    asks = played("the_clock_is_asked_for_ever")
    assert "MainThread keeps asking without a wait" in asks.over_limit
    assert asks.cpu < 1


def test_a_thread_that_polls_after_the_function_returned_reaches_the_limit() -> None:
    left = played("a_thread_is_left_polling")
    assert (left.value, left.left) == (1, ["poller"])
    assert "they had not ended; poller polls every 7.0 s" in left.over_limit


def test_abandoned_threads_unwind_without_a_word() -> None:
    """Also those that swallow what ends them, or had not even begun; they print nothing and the run ends."""
    unwound = played("abandoned_threads_unwind")
    assert unwound.value == "returned"
    assert unwound.out == []
    assert unwound.left == ["careful", "waiting", "stubborn", "very_stubborn", "starter", "not begun"]
    assert unwound.cpu < 2


def test_no_thread_is_left_in_threadings_books_but_those_that_can_not_be_ended() -> None:
    assert played("after_that_all_is_as_before").value == ["MainThread", "very_stubborn", "starter"]


def test_exceptions_of_threads_reach_the_excepthook_and_the_record() -> None:
    """SystemExit is none of them: it is how a thread may leave."""
    fails = played("threads_fail")
    assert fails.value == ["SystemExit", "KeyError"]
    assert [thread[6] and thread[6]["e"][0] for thread in fails.threads] == ["KeyError", None]


def test_what_the_function_raises_is_the_outcomes_error() -> None:
    fails = played("the_function_fails")
    assert fails.error is not None
    assert (fails.error.type, fails.error.text, fails.seconds) == ("LookupError", "no", 1.0)


def test_the_main_thread_can_be_joined() -> None:
    assert played("main_is_joined").out == ["main has ended [False]"]


def test_nothing_goes_to_stderr() -> None:
    assert play("ends").stderr == ""


def test_each_run_starts_afresh_whatever_came_before() -> None:
    """A function alone in its process does what it does after ten others."""
    alone = play_now("ends", "threads_fail").functions["threads_fail"]
    assert alone.events == played("threads_fail").events
