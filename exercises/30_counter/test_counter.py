"""The checks of kata 30. Most try the schedules that differ: who runs when is chosen, and chosen otherwise the next time."""

import contextlib
from collections import Counter

import pytest

from grader.judge.faults import LearnerFault, explaining

THREADS, TIMES = 4, 5
NAPS = 100
"""Schedules more for an answer that sleeps: it may not be sleeps that keep its threads apart."""

ITSELF = (
    "A thread that waits for a lock held by itself waits for ever: a Lock can't be taken a second time, not even by its holder. "
    "What is called inside `with lock:` must not take that lock again; reading self.value does, if `value` takes it."
)


def why_of(explored, why):
    """What it tells that a thread waits for itself, if one does; else `why`."""
    held = explored.fault is not None and "held by itself" in explored.fault.message
    return ITSELF if held else why


def test_it_counts(learner, rng):
    """A counter starts at 0, adds 1, or `by` if it is given, and shows the sum."""
    steps = [rng.randint(2, 99), -rng.randint(2, 99), 0, rng.randint(1000, 9999)]
    expected = [0, 1]
    for step in steps:
        expected.append(expected[-1] + step)
    with explaining(f"One thread alone called increment(), and reads value. {ITSELF}"):
        run = learner.probe("counts", steps)
    run.returned(
        expected,
        f"These are the values of a new counter: at first, after increment(), and after increment(by=…) with {steps}. "
        "No other thread is there.",
    )


@pytest.mark.points(3)
def test_no_update_is_lost(learner):
    """Two threads that each increment twice count to 4, and three that increment once to 3, in whatever order."""
    why = (
        "Adding is three steps: read the value, add, write it back. A thread that is stopped between reading and writing "
        "writes what is out of date, and what the others added meanwhile is lost. All three steps belong under one lock, "
        "the same for all threads."
    )
    explored = learner.explore("increments", 2, 2, naps=NAPS)
    with learner.telling_locks():
        explored.only(4, f"Two threads called increment() twice each. {why_of(explored, why)}")
    explored = learner.explore("increments", 3, 1, naps=NAPS)
    with learner.telling_locks():
        explored.only(3, f"Three threads called increment() once each. {why_of(explored, why)}")


def test_amounts_add_up(learner):
    """Threads that add different amounts, negative ones too, lose none of them."""
    shares = [5, -2]
    explored = learner.explore("amounts", shares)
    why = why_of(explored, "Does increment(by) read the value under its lock too?")
    explored.only(sum(shares), f"One thread added {shares[0]}, the other {shares[1]}. {why}")


def kept_elsewhere(learner):
    """What the two counters have changed outside themselves, in a sentence; "" if that was not seen."""
    told = []
    with learner.aside(), contextlib.suppress(LearnerFault, TypeError, ValueError):
        told = [
            f"{owner} has {name}, which was {before} before and {after} after that"
            for owner, name, before, after in learner.probe("kept_elsewhere").value
        ]
    return f" Here {'; '.join(told[:2])}." if told else ""


def test_counters_are_apart(learner):
    """Each counter has a value of its own."""
    why = (
        "What is kept in the module or in the class is shared by all counters; what is kept in self is each one's own."
    )
    explored = learner.explore("two_counters")
    if explored.fault is None and explored.values != [[3, 5]]:
        why += kept_elsewhere(learner)
    explored.only([3, 5], f"Two counters were made; 3 was added to the first, 5 to the second. {why_of(explored, why)}")


def test_nobody_sees_a_part(learner):
    """Who reads the value while others add sees only what was there, in its order: 0, 2, 4 while one adds 2 and 2."""
    explored = learner.explore("watched")
    why = "Each increment is one step, so only 0, 2 and 4 are ever there, in that order."
    explored.always(
        lambda seen: all(value in (0, 2, 4) for value in seen) and seen == sorted(seen) and seen[-1] == 4,
        "One thread called increment(2) twice, another read the value twice meanwhile; these are the two values and the one "
        f"at the end. {why_of(explored, why)}",
    )
    explored = learner.explore("watched_in_turn", [5, -2], [30, -7, 100])
    why = (
        "A value that is made of several numbers is right only if none of them changes while they are read: hold one lock over all of "
        "the reading, and the same one over each change."
    )
    explored.always(
        lambda seen: seen in ([3, 126], [33, 126], [26, 126], [126, 126]),
        "Two threads took turns, each when the other had added: 5, -2, 30, -7, 100. So the value was 3, 33, 26 and 126 from the -2 on, "
        "when a third read it once; these are what that one read and the value at the end. "
        f"{why_of(explored, why)}",
    )


@pytest.mark.points(2)
def test_text_is_refused_and_the_counter_lives_on(learner):
    """increment("x") raises TypeError, changes nothing, and leaves no lock held."""
    learner.explore("refuses").only(
        ["TypeError", 3],
        'One thread called increment("x") and then increment(), another increment(); at the end increment() once more. The '
        "first call should raise TypeError and change nothing, so the value is 3. A lock that is taken by acquire() must be "
        "given back by release() on the way of the exception too: `with lock:` does that.",
    )


@pytest.mark.real_time
def test_many_increments_for_real(learner, rng):
    """On plain threads, four that each increment 5,000 times count to 20,000, and numbers of the judge's add up."""
    run = learner.probe("increments", 4, 5000, clock="real", limit=10.0)
    run.returned(20_000, "Four threads, 5,000 times increment() each.")
    amounts = rng.sample(range(1, 1000), THREADS * TIMES)
    with learner.register(amounts, delay=0.001) as register:
        run = learner.probe("asks_for_amounts", register, THREADS, TIMES, clock="real", limit=10.0)
    run.raise_error()
    register.together("start", THREADS)
    run.returned(
        sum(amounts),
        f"{THREADS} threads asked the judge for {TIMES} numbers each and added them. These are numbers whose + takes a while, so others may "
        f"run between reading the value and writing it. {_twice_read(register)}",
    )


def _twice_read(register):
    """Say to which value two threads added, if the judge saw that."""
    seen = Counter(entry.words[1] for entry in register.of("say", "adds", int))
    value, times = max(seen.items(), key=lambda pair: pair[1], default=(0, 0))
    return (
        f"To the value {value} something was added {times} times: what one of them wrote, the next one wrote over."
        if times > 1
        else ""
    )
