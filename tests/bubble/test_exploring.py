"""Right programs are proved, wrong ones are found within a few schedules, and what fails fails again when replayed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bubble.exploring import explored, explored_now

RIGHT = {
    "count locked 2 2": 6,
    "count locked 3 1": 6,
    "bank order": 2,
    "buffer Buffer 1 1 2": 8,
    "buffer Buffer 1 2 2": 40,
    "buffer Buffer 2 2 1": 80,
    "read_write ReadWriteLock 2 1": 250,
    "read_write ReadWriteLock 1 2": 60,
    "single_flight SingleFlight 2": 8,
    "single_flight SingleFlight 3": 360,
    "philosophers ordered 2": 2,
    "philosophers ordered 3": 6,
    "philosophers ordered 3 2": 90,
    "timed_wait True": 1,
    "lazily True": 2,
    "semaphore_limit 1": 4,
    "notified_too_early True": 2,
    "mailbox": 420,
    "barrier": 8,
    "spelt true": 2,
    "goes_over comprehension": 1,
    "goes_over enumerate": 1,
    "goes_over list": 1,
}
"""Titles of right programs, and how many schedules they have at most."""

WRONG = {
    "count unlocked 2 2": "check",
    "count unlocked 3 1": "check",
    "count apart 2 1": "check",
    "bank cross": "deadlock",
    "bank back": "check",
    "bank unlocked": "check",
    "buffer BufferIf 1 2 2": "thread error",
    "buffer BufferIf 2 2 1": "thread error",
    "buffer BufferNotify 1 2 2": "deadlock",
    "buffer BufferNotify 2 2 1": "deadlock",
    "read_write ReadWriteLockWrong 1 2": "check",
    "read_write ReadWriteLockIf 2 1": "check",
    "read_write ReadWriteLockIf 1 2": "check",
    "single_flight SingleFlightWrong 2": "check",
    "philosophers same 2": "deadlock",
    "philosophers same 3": "deadlock",
    "busy_wait False": "limit",
    "timed_wait False": "check",
    "forgotten_lock": "lock",
    "left_behind": "left",
    "lazily False": "check",
    "raises_when_unlucky": "thread error",
    "semaphore_limit 2": "check",
    "notified_too_early False": "deadlock",
    "keeps_and_tries False": "limit",
    "spelt false": "check",
    "adds comprehension": "check",
    "adds or": "check",
    "adds conditional": "check",
    "adds lambda": "check",
    "adds text": "check",
    "adds heap": "check",
}
"""Titles of wrong programs, and what is wrong with them."""

ENDLESS = (
    "back_off False budget=150",
    "back_off True budget=100",
    "busy_wait True budget=150",
    "keeps_and_tries True budget=100",
    "long budget=12",
    "naps counted budget=3",
    "naps clocked budget=3",
)
"""Right programs that have no end of schedules, since some threads may ask for ever, or only a far one."""


def told(title: str) -> dict[str, Any]:
    group = RIGHT if title in RIGHT else WRONG if title in WRONG else ENDLESS
    return explored(*group)[title]


@pytest.mark.parametrize("title", RIGHT)
def test_a_right_program_is_proved(title: str) -> None:
    """All schedules that differ are run, no more than there are, and none fails."""
    found = told(title)
    assert found["kind"] == ""
    assert found["proved"], found["doubts"]
    assert found["schedules"] <= RIGHT[title]
    assert found["words"].startswith("proved: ")


def test_of_a_right_program_a_schedule_with_switches_is_told_and_of_a_wrong_one_none() -> None:
    samples = {title: told(title)["sample"] for title in RIGHT}
    assert all(sample["kind"] == "" for sample in samples.values() if sample)
    switches = [sum(step["switch"] for step in sample["steps"]) for sample in samples.values() if sample]
    assert len(switches) > len(RIGHT) / 2
    assert max(switches) > 2
    assert not any(told(title)["sample"] for title in WRONG)


def test_what_schedules_leave_is_collected_while_nobody_joins_a_thread() -> None:
    """A finalizer may join one, too, and would then wait for a lock of threading that is held around it."""
    found = explored_now("leaves_behind budget=20")["leaves_behind budget=20"]
    assert (found["kind"], found["values"]) == ("", ["True"])
    assert found["schedules"] > 1


@pytest.mark.parametrize("title", WRONG)
def test_a_wrong_program_is_found_early_and_fails_again(title: str) -> None:
    """Within 50 schedules; replayed by the name of the schedule alone it fails in the same way."""
    found = told(title)
    assert found["kind"] == WRONG[title]
    assert found["failed_at"] <= 50
    assert not found["proved"]
    assert found["again"] == [found["kind"], found["message"]]


@pytest.mark.parametrize("title", ENDLESS)
def test_who_asks_for_ever_under_unfair_schedules_only_raises_no_alarm(title: str) -> None:
    """No livelock is called one before a fair order has had its chance; but this is no proof, and says why."""
    found = told(title)
    assert found["kind"] == ""
    assert not found["proved"]
    assert found["words"].startswith("searched ")
    assert found["doubts"]


def test_a_plain_schedule_is_told() -> None:
    """One switch is enough to lose an update; the failing schedule has no more."""
    assert told("count unlocked 2 2")["preemptions"] == 1
    assert told("bank cross")["preemptions"] == 1
    assert told("lazily False")["preemptions"] == 1


def test_without_a_check_all_values_are_told_each_with_an_example() -> None:
    found = explored("lost checked=false")["lost checked=false"]
    assert found["proved"]
    assert found["values"] == ["1", "2"]
    assert sorted(value for value, _ in found["examples"]) == ["1", "2"]


def test_timed_waits_may_be_tried_to_end_early() -> None:
    """By default the clock moves only when nobody can run, and so a wait in time is never too late."""
    late, early = "impatient", "impatient early_timeouts=true budget=300"
    found = explored(late, early)
    assert found[late]["proved"]
    assert found[early]["kind"] == "check"
    assert "-early-" in found[early]["schedule"]
    assert found[early]["again"][0] == "check"


@pytest.mark.parametrize("how", ["sleep", "event", "queue"])
def test_a_wait_keeps_nobody_apart_where_naps_are_asked_for(how: str) -> None:
    """The clock moves when nobody can run, so by default a slot of one's own does for a lock."""
    apart, asked = f"slots {how}", f"slots {how} naps=50"
    found = explored(apart, asked)
    assert found[apart]["kind"] == ""
    assert found[asked]["kind"] == "check"
    assert "-naps-" in found[asked]["schedule"]
    assert found[asked]["again"] == [found[asked]["kind"], found[asked]["message"]]


def test_who_is_right_and_waits_is_right_where_naps_are_asked_for() -> None:
    """Also who gives up waiting for a lock after a minute; and who waits for no time is proved as ever."""
    waits, still = ("naps_with_a_lock naps=50", "gives_up naps=50"), "count locked 2 2 naps=50"
    found = explored(*waits, still)
    for title in waits:
        assert found[title]["kind"] == "", found[title]["message"]
        assert "it sleeps, and on a slow machine a sleep may end at any moment" in found[title]["doubts"]
    assert found[still]["proved"]


def test_what_is_too_large_is_searched() -> None:
    """The budget is one of schedules; what was found out is told in words."""
    large, wrong = "buffer Buffer 2 2 2 budget=120", "deep 6 budget=400"
    found = explored(large, wrong)
    assert found[large]["words"].startswith("searched 1")
    assert "not all schedules" in found[large]["doubts"][0]
    assert found[wrong]["kind"] == "check"


def test_what_can_not_be_seen_is_told() -> None:
    """And is a place to switch at all the same: it may be found to be wrong there."""
    found = explored("hidden true", "hidden false")
    assert found["hidden true"]["kind"] == ""
    assert not found["hidden true"]["proved"]
    assert "it uses setattr()" in found["hidden true"]["doubts"]
    assert found["hidden false"]["kind"] == "check"


@pytest.mark.parametrize("kind", ["Lock", "RLock", "Semaphore"])
def test_a_lock_of_multiprocessing_is_a_place_to_switch_but_nothing_to_prove_with(kind: str) -> None:
    locked, apart = f"count_between_processes locked {kind}", f"count_between_processes apart {kind}"
    found = explored(locked, apart)
    assert (found[locked]["kind"], found[locked]["proved"]) == ("", False)
    assert found[locked]["doubts"][0] == "it uses locks of multiprocessing"
    assert found[apart]["kind"] == "check"


def test_what_does_not_do_the_same_again_is_told() -> None:
    found = explored("whimsical")["whimsical"]
    assert not found["proved"]
    assert any("the same" in doubt for doubt in found["doubts"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_has_no_more_to_choose() -> None:
    """What threading renews in a fork is no place to switch at: the processes that are judged are forks."""
    titles = ["count locked 3 1", "bank order", "buffer Buffer 1 1 2"]
    found = explored_now(*titles, fork=True)
    assert [found[title]["words"] for title in titles] == [told(title)["words"] for title in titles]


def test_who_is_alive_can_be_asked() -> None:
    """An answer before and one after the end of the other, each under a schedule that differs."""
    alive, count = "asks_who_lives alive checked=false", "asks_who_lives count checked=false"
    found = explored(alive, count)
    assert found[alive]["proved"]
    assert found[alive]["values"] == ["False", "True"]
    assert found[count]["proved"]
    assert found[count]["values"] == ["2", "3"]


def test_a_loop_whose_variable_has_the_name_of_what_it_goes_over() -> None:
    found = explored("goes_over_itself checked=false")["goes_over_itself checked=false"]
    assert found["proved"]
    assert found["values"] == ["0", "1"]


BUSY = "while True: pass"


@pytest.fixture
def load() -> Iterator[None]:
    """Keep four processes busy meanwhile."""
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(4)]
    yield
    for process in busy:
        process.kill()
        process.wait()


def test_the_same_is_found_on_a_busy_machine(load: None) -> None:  # noqa: ARG001 - for its effect
    """The same verdicts, after as many schedules, with the same names."""
    titles = [
        "count unlocked 2 2",
        "buffer BufferNotify 1 2 2",
        "buffer Buffer 1 1 2",
        "bank cross",
    ]
    calm = explored(*WRONG) | explored(*RIGHT)
    for title, found in explored_now(*titles).items():
        told_before = {key: value for key, value in calm[title].items() if key != "seconds"}
        assert {key: value for key, value in found.items() if key != "seconds"} == told_before
