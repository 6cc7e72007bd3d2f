"""Jobs of all runs of a process: one that has to be alone is, and the others go on after it."""

from __future__ import annotations

import pytest

from grader.crowding import Crowd, lacked_something
from grader.verdict import Check, Status


@pytest.mark.parametrize(
    "status, message, lacked",
    [
        (Status.FAILED, "OSError: [Errno 109] Too many references: cannot splice", True),
        (Status.CRASHED, "RuntimeError: can't start new thread", True),
        (Status.FAILED, "It returned 3.", False),
        (Status.PASSED, "can't start new thread", False),
        (Status.GRADER_ERROR, "The grader's own code failed.", True),
    ],
)
def test_what_others_may_have_used_up_is_told_from_what_they_have_not(
    status: Status, message: str, *, lacked: bool
) -> None:
    assert lacked_something(Check("test_a", "", status, 0, 1, message=message)) is lacked


def test_who_has_to_be_alone_waits_for_all_and_all_for_him() -> None:
    crowd, first, second, alone, later = Crowd(), object(), object(), object(), object()
    assert crowd.enter(first)
    assert not crowd.beside(first)
    assert crowd.enter(second)
    assert crowd.beside(first)
    assert not crowd.enter(alone, alone=True)
    assert not crowd.enter(later), "it comes after the one that waits"
    crowd.leave(first)
    assert not crowd.enter(alone, alone=True)
    crowd.leave(second)
    assert crowd.enter(alone, alone=True)
    assert not crowd.enter(later)
    crowd.leave(alone)
    assert crowd.enter(later)


def test_two_that_have_to_be_alone_are_so_one_after_the_other() -> None:
    crowd, one, other = Crowd(), object(), object()
    assert crowd.enter(one, alone=True)
    assert not crowd.enter(other, alone=True)
    crowd.leave(one)
    assert crowd.enter(other, alone=True)


def test_who_gives_up_waiting_holds_up_nobody() -> None:
    crowd, runs, alone, later = Crowd(), object(), object(), object()
    assert crowd.enter(runs)
    assert not crowd.enter(alone, alone=True)
    crowd.leave(alone)
    assert crowd.enter(later)
