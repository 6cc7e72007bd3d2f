"""The checks of kata 31. Most try the schedules that differ: who runs when is chosen, and chosen otherwise the next time."""

import contextlib

import pytest

from grader.judge.faults import LearnerFault
from grader.judge.run import brief

LOST = (
    "record reads the total, calls combine, and writes what that returned. A sample that another thread records meanwhile is lost, "
    "unless all three are under one lock, or the writing happens only if the total is still the one that was read."
)
NAPS = 100
"""Schedules more for an answer that sleeps: it may not be sleeps that keep its threads apart."""


def test_it_combines_and_counts(learner, rng):
    """The total is what combine makes of it, sample by sample, and the count is the number of samples."""
    start, samples = rng.randint(-99, 99), [rng.randint(-99, 99) for _ in range(3)]
    expected = [(start + sum(samples[:count]), count) for count in range(4)]
    learner.probe("in_turn", start, samples).returned(
        expected,
        f"A meter with a combine that adds, start={start}: these are its snapshots at first and after each of {samples}.",
    )
    learner.probe("in_turn", "", ["a", "b"]).returned(
        [("", 0), ("a", 1), ("ab", 2)], "The total goes first: combine(total, sample), and anything may be a total."
    )
    samples = [rng.randint(1, 99) for _ in range(4)]
    learner.probe("largest", samples).returned((max(samples), 4), f"Meter(max) starts at 0 and was given {samples}.")


@pytest.mark.points(3)
def test_no_sample_is_lost(learner):
    """Whatever two or three threads record, total and count hold all of it."""
    with learner.telling_locks():
        learner.explore("records", [[1, 2], [10, 20]], naps=NAPS).only(
            (33, 4), f"One thread recorded 1 and 2, the other 10 and 20, with a combine that adds. {LOST}"
        )
        learner.explore("records", [[1], [10], [100]], naps=NAPS).only(
            (111, 3), f"Three threads recorded 1, 10 and 100. {LOST}"
        )


@pytest.mark.points(2)
def test_a_snapshot_is_of_one_moment(learner):
    """With samples of 1, total and count are equal in each snapshot, and never less than before."""
    with learner.telling_locks():
        learner.explore("watched").always(
            lambda seen: (
                all(shot in ((0, 0), (1, 1), (2, 2)) for shot in seen) and seen == sorted(seen) and seen[-1] == (2, 2)
            ),
            "One thread recorded 1 and 1, another took two snapshots meanwhile; these are the two, and the one at the end. A snapshot whose "
            "total and count differ mixes two moments: read both under the same lock under which record writes both, or keep them as "
            "one tuple.",
        )


def changed_before(learner):
    """What record had changed already when it called a combine that raises, in a sentence; "" if that was not seen."""
    told = []
    with learner.aside(), contextlib.suppress(LearnerFault, TypeError, ValueError):
        told = [f"{name} from {before!r} to {now!r}" for name, before, now in learner.probe("at_combine").value]
    return f" When it called combine with -5, it had changed {' and '.join(told[:2])} already." if told else ""


@pytest.mark.points(2)
def test_a_failing_combine_changes_nothing(learner):
    """If combine raises, so does record; total and count stay, and no lock stays held."""
    explored = learner.explore("fails")
    wrong = explored.fault is None and explored.values != [["what combine raised", (3, 2)]]
    explored.only(
        ["what combine raised", (3, 2)],
        "One thread recorded -5, for which combine raises, another 1; then came 2. record should let the exception out, and -5 is "
        "neither in the total nor in the count. Call combine before you change anything, and take the lock by `with`, so that it is given "
        f"back on the way of an exception too.{changed_before(learner) if wrong else ''}",
    )
    learner.explore("fills").only(
        [None, "combine(3, 3) raised", (3, 1)],
        "Two threads recorded 3 each, with a combine that adds, and raises where that gives more than 5; these are what came of the two calls of "
        "record (None: it raised nothing), and of snapshot. The second is one too many, and its record raises what combine(3, 3) does: call combine with "
        "the present total, in record. Samples that are kept and combined in snapshot are refused too late.",
    )


def test_waiting_in_the_middle_loses_nothing(learner):
    """In the bubble, with a combine that sleeps, three threads record three samples each."""
    learner.probe("many", 3, 3).returned(
        (9, 9), f"Three threads recorded 1, three times each; combine slept 1 ms. {LOST}"
    )


@pytest.mark.real_time
def test_many_samples_for_real(learner, rng):
    """On plain threads, with a combine that sleeps, or that the judge does, four threads record 25 samples, or 5, each."""
    run = learner.probe("many", 4, 25, clock="real", limit=10.0)
    run.returned((100, 100), f"Four threads recorded 1, 25 times each; combine slept 1 ms. {LOST}")
    samples = rng.sample(range(1, 1000), 20)
    with learner.register(samples, delay=0.001) as register:
        run = learner.probe("tells_the_judge", register, 4, 5, clock="real", limit=10.0)
    run.raise_error()
    register.together("start", 4)
    total, count = run.value if isinstance(run.value, list) and len(run.value) == 2 else (None, None)
    combined, rest = made_of(register, total)
    missing = sorted(set(samples) - set(combined))
    assert rest == 0 and sorted(combined) == sorted(samples), (
        f"Four threads recorded 5 samples each, {samples}. Combining them was left to the judge, who gives a new number for each total and "
        f"sample and remembers of what it was made. The total at the end goes back to {brief(rest)}, by way of the samples "
        f"{combined[::-1]}: it should go back to 0, by way of each sample once, and lacks {missing}. {LOST}"
    )
    assert count == len(samples), (
        f"Four threads recorded 5 samples each; the count was {brief(count)} and not 20. {LOST}"
    )


def made_of(register, total):
    """Return the samples that went into `total`, the last one first, and what was there before the first of them."""
    made = {entry.answer: entry.words[1:] for entry in register.of("say", "combines", int, int)}
    samples = []
    while type(total) is int and total in made:
        total, sample = made.pop(total)
        samples.append(sample)
    return samples, total
