"""What statuses are worth beside one another, and what a result is as JSON."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from grader.verdict import WORST_FIRST, Check, Status, pointed, worst


@pytest.mark.parametrize("better, poorer", [pair[::-1] for pair in itertools.pairwise(WORST_FIRST)])
def test_the_worst_of_two_is_the_one_that_stands_first(better: Status, poorer: Status) -> None:
    assert worst([better, poorer]) is worst([poorer, better]) is poorer


def test_the_order_is_grader_error_crashed_timed_out_failed_passed() -> None:
    assert WORST_FIRST[:5] == ("grader error", "crashed", "timed out", "failed", "passed")


def test_every_status_of_a_check_has_its_place_in_the_order() -> None:
    assert set(WORST_FIRST) == set(Status) - {Status.NOT_STARTED}


def test_the_worst_of_nothing_is_not_run() -> None:
    assert worst([]) is Status.NOT_RUN


def test_what_was_not_judged_counts_neither_in_the_score_nor_in_what_can_be_reached() -> None:
    assert {status for status in Status if not status.counts} == {"not here", "not run", "grader error"}


def test_a_check_is_the_same_after_its_way_through_json() -> None:
    check = Check("test_a", "A.", Status.TIMED_OUT, 0, 2, message="Ä")
    assert msgspec.json.decode(msgspec.json.encode(check), type=Check) == check


def test_a_failure_is_pointed_to_the_hint_for_its_end_or_else_for_its_check() -> None:
    ends = {"test_a": Status.FAILED, "test_b": Status.TIMED_OUT, "test_c": Status.PASSED, "test_d": Status.CRASHED}
    checks = [Check(name, name, status, 0, 1, message=name) for name, status in ends.items()]
    assert pointed({"test_a": 1, "test_b": 2, "test_b timed out": 3, "test_c": 4}, checks) == {"test_a": 1, "test_b": 3}


def test_no_hint_helps_where_all_checks_fail_for_one_reason() -> None:
    checks = [Check(name, name, Status.CRASHED, 0, 1, message="It can't be imported.") for name in ("test_a", "test_b")]
    assert pointed({"test_a": 1, "test_b": 2}, checks) == {}
    assert pointed({"test_a": 1}, checks[:1]) == {"test_a": 1}
