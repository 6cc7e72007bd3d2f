"""The checks of kata 45. Each runs one of the five programs under the answer's schedule, as often as you like with the same end."""

import pytest

RULE = (
    "An entry lets its thread go on to just before its next line marked # step, so the marked line itself is done by the thread's next "
    "entry. After the list the first thread that can go on does so."
)


def schedule_of(learner, program):
    schedules = learner.probe("schedules").value
    assert isinstance(schedules, dict), (
        f"SCHEDULES should be a dict from the names of the programs to lists of names of threads; it is {schedules!r}."
    )
    assert program in schedules, f"SCHEDULES has no {program!r}; it has {list(schedules)}."
    return schedules[program]


@pytest.mark.points(2)
def test_a_deposit_is_lost(learner):
    """deposits: ann's 10 or bob's 20 are lost."""
    learner.follow("deposits", schedule_of(learner, "deposits")).gave(
        lambda balance: balance in (10, 20),
        "It should end with less than 30. A deposit is lost when both have read the balance before one of them writes: stop the first one "
        f"between its reading and its writing, and let the other read meanwhile. {RULE}",
    )


@pytest.mark.points(2)
def test_more_is_paid_out_than_there_is(learner):
    """withdrawals: ann's 80 and bob's 70 are both paid out of 100."""
    learner.follow("withdrawals", schedule_of(learner, "withdrawals")).gave(
        lambda balance: balance < 0,
        "It should end with less than 0. That comes when both have been told that there is enough before one of them takes anything: each has "
        f"to stand before its second lock. {RULE}",
    )


@pytest.mark.points(2)
def test_unfinished_settings_are_seen(learner):
    """settings: one of the two sees settings in which there is no limit yet."""
    learner.follow("settings", schedule_of(learner, "settings")).gave(
        lambda seen: None in seen,
        "One of the two should see None. Who makes the settings lets all see them, empty, one line before the limit is in: stop "
        "that thread there. The other must not have looked before that, or it will wait for the lock, and look again. "
        + RULE,
    )


@pytest.mark.points(2)
def test_two_transfers_wait_for_each_other(learner):
    """transfers: each has one lock and waits for the other's, for ever."""
    learner.follow("transfers", schedule_of(learner, "transfers")).hung(
        "It should hang: each thread has the lock of its source, and stands before the lock of its target, which the other has. Who "
        f"stands before its first lock has none yet. {RULE}",
    )


@pytest.mark.points(2)
def test_a_cake_is_taken_from_who_was_woken(learner):
    """cakes: one was woken for a cake, and another takes it first."""
    learner.follow("cakes", schedule_of(learner, "cakes")).gave(
        lambda taken: "nothing" in taken,
        'One of the two should take "nothing". Let one wait first. Cid bakes one cake and wakes her; then the other one, who has not waited, '
        f"comes in and takes it, before she who was woken goes on. {RULE}",
    )
