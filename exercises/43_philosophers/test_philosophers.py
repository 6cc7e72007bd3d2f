"""The checks of kata 43. Most try the schedules that differ: who runs when is chosen, and chosen otherwise the next time."""

import contextlib
from collections import Counter

import pytest

from grader.judge.faults import LearnerFault

TOGETHER = (
    "If two neighbours ate at once, they share no fork, or don't hold it during the whole of eat(i): n locks, made once, before the "
    "threads begin."
)
MANY = 40
"""More than any pool of threads has by default."""

BUDGET = 400
"""Schedules for each exploration: a try that may fail again and again has endlessly many that differ."""

MEAL = 3.0
"""Seconds of the bubble's clock that a long meal takes: some thousand tries of a neighbour who waits a millisecond after each."""

WAYS = ("dine_by_order", "dine_by_trylock", "dine_by_waiter")


def apart(told, n):
    """Whether no two neighbours of `n` ever ate at the same time."""
    eating = set()
    for number, what in told:
        if what == "ends":
            eating.discard(number)
        elif eating & {(number - 1) % n, (number + 1) % n}:
            return False
        else:
            eating.add(number)
    return True


def all_full(told, n, meals):
    """Whether all of `n` have eaten `meals` times, and no neighbours together."""
    return apart(told, n) and Counter(told) == {
        (number, what): meals for number in range(n) for what in ("begins", "ends")
    }


def hungry_of(told, n):
    """Who of `n` never ate; what went wrong otherwise."""
    hungry = [str(number) for number in range(n) if (number, "begins") not in told]
    if not hungry or not apart(told, n):
        return TOGETHER
    return (
        f"Philosopher {' and '.join(hungry)} never ate. Who does not get a fork may not go without his meal: he waits for it, or puts down what he "
        "has and tries again, until he has both."
    )


def assert_all_full(learner, explored, n, way, hang):
    """All of `n` eat under every schedule; else tell why not: `hang` where they wait for ever."""
    wrong = [told for told in explored.values if not all_full(told, n, 1)]
    came = (
        hang
        if explored.fault is not None
        else f"This is who began and ended. {hungry_of(wrong[0], n) if wrong else ''}"
    )
    try:
        explored.always(
            lambda told: all_full(told, n, 1),
            f"{n} philosophers by {way}: all eat once, never two neighbours at once. {came}",
        )
    except LearnerFault as fault:
        seen = ""
        with contextlib.suppress(TypeError, LookupError, AttributeError):
            seen = forks_seen(learner.runs[-1].story)
        raise fault.explained(seen) from None


def forks_seen(story):
    """Which locks were held under this schedule when somebody ate, in a sentence; "" if that tells nothing."""
    if story["kind"] or story["dropped"]:
        return ""
    held, takers = {}, {}
    for step in story["steps"]:
        having = held.setdefault(step["lane"], set())
        if step["what"] == "acquire":
            having.add(step["name"])
            takers.setdefault(step["name"], set()).add(step["lane"])
        elif step["what"] == "release":
            having.discard(step["name"])
        elif step["what"] == "write" and step["file"] == "probes.py" and not having:
            return f"Under this schedule {step['lane']} held no lock when it ate."
    if takers and all(len(taking) == 1 for taking in takers.values()):
        return f"Under this schedule {len(takers)} locks were taken, and each by one thread only."
    return ""


@pytest.mark.points(2)
def test_everyone_eats_in_a_thread_of_his_own(learner, rng):
    """Each philosopher thinks and eats as often as he should, in one thread that is his."""
    for way in WAYS:
        for n in (2, 5):
            meals = rng.randint(2, 3)
            run = learner.probe("dine_slowly", way, n, meals, [0.25, 0.5])
            seen = dict(run.value)
            seen.pop("told")
            expected = {
                "meals": [meals] * n,
                "thoughts": [meals] * n,
                "threads": [1] * n,
                "all threads": n,
                "thinking at once": n,
                "left": 0,
            }
            assert seen == expected, (
                f"{way}, {n} philosophers, {meals} meals each: the meals and the thoughts of each, in how many threads each had them (one), "
                f"how many threads these were in all, how many ever thought at once, and how many threads were left. It should be {expected}, it was {seen}."
            )
        run = learner.probe("dine_slowly", way, MANY, 1, [0.25, 0.5])
        assert run.value["thinking at once"] == MANY, (
            f"{way}: of {MANY} philosophers {run.value['thinking at once']} ever thought at once. All sit at the table from the beginning: "
            f"{MANY} threads; a pool has as many as you say, and else as the machine suggests."
        )


def beside_a_hungry(learner, way, hungry, step):
    """What was seen where one of four ate for long, with a hungry neighbour, and the next one was hungry, too; all must eat."""
    seen = learner.probe("beside_a_hungry", way, hungry, step, MEAL).value
    assert seen["meals"] == [1] * 4, (
        f"{way}: of four philosophers number {(hungry + step) % 4} ate for {MEAL:.0f} s, and {hungry}, his neighbour, was hungry all the while. How often each "
        f"of the four ate, once by right: {seen['meals']}. Who is hungry gets his meal, however long that takes: let him try until he has both forks."
    )
    return seen


@pytest.mark.points(2)
def test_by_order_nobody_waits_for_ever(learner):
    """By order: two and three philosophers eat once each, whoever takes his fork when."""
    hang = (
        "If each takes the fork at his left first, all may hold one and wait for the next. One of them has to take them the other way "
        "round: the fork with the lower number first, for all."
    )
    for n in (2, 3):
        explored = learner.explore("dine", "dine_by_order", n, 1, budget=BUDGET)
        assert_all_full(learner, explored, n, "order", hang)
    with_a_fork = [not beside_a_hungry(learner, "dine_by_order", hungry, 1)["ate"] for hungry in range(4)]
    assert True in with_a_fork and False in with_a_fork, (
        f"By order, four philosophers. One ate for {MEAL:.0f} s, and his neighbour at the left was hungry. By your dine_by_order "
        + (
            "this neighbour always had his left fork in hand while he waited for the right one, whoever he was: then all take the left one first, and "
            "something else than an order keeps them from waiting in a circle."
            if all(with_a_fork)
            else "this neighbour never had a fork in hand while he waited for the other, whoever he was. By order each takes the fork with the lower number first, keeps it, "
            "and waits for the other. That is a lock's acquire() without a timeout, and no try."
        )
    )


@pytest.mark.points(2)
def test_by_trylock_nobody_waits_for_ever(learner):
    """By try-lock: two and three philosophers eat once each, whoever takes his fork when."""
    hang = "If the second fork is taken, put the first one down before you try again: who tries with a fork in hand may try for ever."
    for n in (2, 3):
        explored = learner.explore("dine", "dine_by_trylock", n, 1, budget=BUDGET)
        assert_all_full(learner, explored, n, "try-lock", hang)
    for hungry, step in (*((hungry, 1) for hungry in range(4)), (0, -1)):
        seen = beside_a_hungry(learner, "dine_by_trylock", hungry, step)
        assert seen["ate"] or seen["tries"], (
            f"By try-lock, four philosophers: {(hungry + step) % 4} ate for {MEAL:.0f} s, {hungry}, beside him, was hungry, and so was {(hungry - step) % 4}. He did not get "
            f"to eat during that meal: {hungry} had the fork between them in hand while he waited for the other. Who tries puts his first fork down if "
            "the second is taken: acquire(blocking=False), and release()."
        )


@pytest.mark.points(2)
def test_by_waiter_nobody_waits_for_ever(learner):
    """By waiter: two and three philosophers eat once each, whoever takes his fork when."""
    for n in (2, 3):
        waiter = waiter_of(learner, n)
        explored = learner.explore("dine", "dine_by_waiter", n, 1, budget=BUDGET)
        hang = (
            "A waiter who lets n - 1 reach for forks leaves one fork over, so somebody gets his second one. With n all may hold one each. "
            f"{waiter}"
        )
        assert_all_full(learner, explored, n, "waiter", hang)


def waiter_of(learner, n):
    """How many the waiter lets in, and until when, where he is a Semaphore; else what he must do."""
    both = "Whom he has let in keeps his place until he has both forks."
    try:
        with learner.aside():
            seen = learner.probe("waiter_seen", n).value
    except LearnerFault:  # it hangs or dies even if one is hungry after the other: nothing more is seen
        return both
    if len(seen.get("before", [])) != 1 or len(seen.get("during", [])) != 1:
        return both
    (before,), (during,) = seen["before"], seen["during"]
    told = f"Your Semaphore lets in {before} of {n} at the beginning, and {during} more while one eats alone"
    if before >= n:
        return f"{told}: it keeps nobody out."
    if during >= before:
        return f"{told}: so he who eats has given back his place. {both} {given_back(seen, before, n)}"
    return f"{told}. {both}"


def given_back(seen, before, n):
    """How many forks he holds who gives back his place too early, in words."""
    if n > 2 or len(waiting := seen.get("with one waiting", [])) != 1:
        return "Yours gives it back when he has one fork, or none."
    told = "When the second one waited for his first fork, while the other ate with both,"
    if waiting[0] < before:
        return f"{told} he still had his place: so yours gives it back when he holds one fork."
    return f"{told} he had no place any more: so yours gives it back before he holds any."


def test_neighbours_never_eat_together(learner, rng):
    """When meals take their time no two neighbours eat at once, and two who are no neighbours can."""
    for way in WAYS:
        thought, meal = rng.randint(1, 9) / 10, rng.randint(1, 9) / 10
        told = learner.probe("dine_slowly", way, 5, 2, [thought, meal]).value["told"]
        assert apart(told, 5), (
            f"{way}: five philosophers think for {thought} s and eat for {meal} s. Neighbours ate at the same time: {told}. Are there n forks "
            "in all, each shared by two, made before the threads begin, and held while eat(i) runs?"
        )
        learner.probe("eating_at_once", way).returned(
            2,
            f"{way}: of four philosophers 0 and 2 were hungry, the others thought for long, and meals took 10 s. This is how many ate at "
            "the same time. They need no common fork, so neither has to wait: one lock for the whole table, or a waiter who serves only one at a "
            "time, lets all wait for everybody.",
        )


@pytest.mark.real_time
def test_a_dinner_for_real(learner):
    """On plain threads, five philosophers eat ten times each in all three ways, and two who are no neighbours can at the same time."""
    for way in WAYS:
        with learner.register(delay=0.001) as register:
            learner.probe("tells_the_judge", way, register, 5, 10, clock="real", limit=10.0).raise_error()
        told = [(entry.words[1], entry.words[0]) for entry in register.of("say", str, int)]
        meals = [(number, what) for number, what in told if what != "thinks"]
        assert all_full(meals, 5, 10) and len(told) == 150, (
            f"{way}: five philosophers were to think and eat ten times each, no two neighbours at once, and to tell the judge. It was told: {told}"
        )
        with learner.register() as register:
            learner.probe("meets", way, register, clock="real", limit=10.0).raise_error()
        register.together("start", 4, f"{way}: these were four philosophers that think.")
        register.together(
            "table",
            2,
            f"{way}: of four philosophers 0 and 2 were to eat at the same time, while 1 and 3 think. They share no fork.",
        )
