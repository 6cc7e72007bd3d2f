"""The checks of kata 45. Each runs one of the five programs under the answer's schedule, as often as you like with the same end."""

import contextlib

import pytest

from grader.judge.faults import LearnerFault

RULE = (
    "An entry lets its thread go on to just before its next line marked # step, so the marked line itself is done by the thread's next "
    "entry. After the list the first thread that can go on does so."
)

WAITS = "Who waits to be notified needs no entry for that, and has none until another thread has notified it: name those who can go on."

BROKEN = {
    "deposits": lambda balance: balance in (10, 20),
    "withdrawals": lambda balance: balance < 0,
    "settings": lambda seen: None in seen,
    "cakes": lambda taken: "nothing" in taken,
}
"""What each program gives when it fails as it should; "transfers" hangs."""


def follow(learner, program):
    """What came of the answer's schedule, and how a schedule is read; fails the check if it can't be followed."""
    schedules = schedules_of(learner, program)
    schedule = schedules[program]
    followed = learner.follow(program, schedule)
    if followed.impossible:
        why = too_far(learner, program, followed)
        raise followed.fault(f"can't be followed. {followed.impossible} {why}".rstrip())
    if len(schedules) > 2 and all(other == schedule for other in schedules.values()):
        return (
            followed,
            f"{RULE} SCHEDULES has this one list for all {len(schedules)} programs, and their marked lines lie in other places.",
        )
    return followed, f"{RULE}{ended_before(followed)}"


def ended_before(followed):
    """Who had ended when another one's first entry came, in a sentence; "" if nobody had."""
    begun, ended = set(), ""
    for name, where in followed.entries:
        if ended and name not in begun:
            return f" Here {ended} had ended before {name}'s first entry."
        begun.add(name)
        if where == "has ended":
            ended = name
    return ""


def too_far(learner, program, followed):
    """What it tells that an entry names who has ended or waits; "" if it names nobody."""
    names = [name for name, _ in followed.entries]
    ended = "has ended" in followed.impossible
    if not names or not (ended or "can't go on" in followed.impossible):
        return ""
    enough = False
    with learner.aside(), contextlib.suppress(LearnerFault):
        enough = breaks(program, learner.follow(program, names))
    if enough:
        return (
            f"The {len(names)} entries before it are enough: the program fails under these alone. Leave out the rest."
        )
    if not ended:
        return WAITS if "to be notified" in followed.impossible else RULE
    name, count = names[-1], names.count(names[-1])
    return (
        f"An entry is not a line: it leads over all lines up to the next one marked # step. So {count} entries led {name} to the end, as the "
        "list below shows."
    )


def breaks(program, followed):
    """Whether the program failed in the way that is asked for."""
    if program not in BROKEN:
        return bool(followed.hang)
    return not followed.hang and not followed.error and BROKEN[program](followed.value)


def schedules_of(learner, program):
    schedules = learner.probe("schedules").value
    assert isinstance(schedules, dict), (
        f"SCHEDULES should be a dict from the names of the programs to lists of names of threads; it is {schedules!r}."
    )
    assert program in schedules, f"SCHEDULES has no {program!r}; it has {list(schedules)}."
    return schedules


@pytest.mark.points(2)
def test_a_deposit_is_lost(learner):
    """deposits: ann's 10 or bob's 20 are lost."""
    followed, rule = follow(learner, "deposits")
    followed.gave(
        BROKEN["deposits"],
        "It should end with less than 30. A deposit is lost when both have read the balance before one of them writes: stop the first one "
        f"between its reading and its writing, and let the other read meanwhile. {rule}",
    )


@pytest.mark.points(2)
def test_more_is_paid_out_than_there_is(learner):
    """withdrawals: ann's 80 and bob's 70 are both paid out of 100."""
    followed, rule = follow(learner, "withdrawals")
    followed.gave(
        BROKEN["withdrawals"],
        "It should end with less than 0. That comes when both have been told that there is enough before one of them takes anything: each has "
        f"to stand before its second lock. {rule}",
    )


@pytest.mark.points(2)
def test_unfinished_settings_are_seen(learner):
    """settings: one of the two sees settings in which there is no limit yet."""
    followed, rule = follow(learner, "settings")
    followed.gave(
        BROKEN["settings"],
        "One of the two should see None. Who makes the settings lets all see them, empty, one line before the limit is in: stop "
        "that thread there. The other must not have looked before that, or it will wait for the lock, and look again. "
        + rule,
    )


@pytest.mark.points(2)
def test_two_transfers_wait_for_each_other(learner):
    """transfers: each has one lock and waits for the other's, for ever."""
    followed, rule = follow(learner, "transfers")
    followed.hung(
        "It should hang: each thread has the lock of its source, and stands before the lock of its target, which the other has. Who "
        f"stands before its first lock has none yet. {rule}",
    )


@pytest.mark.points(2)
def test_a_cake_is_taken_from_who_was_woken(learner):
    """cakes: one was woken for a cake, and another takes it first."""
    followed, rule = follow(learner, "cakes")
    followed.gave(
        BROKEN["cakes"],
        'One of the two should take "nothing". Let one wait first. Cid bakes one cake and wakes her; then the other one, who has not waited, '
        f"comes in and takes it, before she who was woken goes on. {rule}",
    )
