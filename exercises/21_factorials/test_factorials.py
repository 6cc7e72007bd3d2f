"""The checks of kata 21: numbers are compared digit by digit; who computed is told by the CPU time of each process."""

import contextlib
import math
from collections import Counter
from typing import NamedTuple

import pytest

from grader.judge.faults import LearnerFault
from grader.judge.run import computing_together

ENOUGH = 0.1
"""CPU seconds that one number should cost, so that beginning a process costs little beside it."""

BY_NAME = (
    "What goes to another process is pickled, and a function travels by its name: hand over one that stands at the top level of a "
    "file, math.factorial say, no lambda and no inner function."
)
SPAWN = "This was under spawn, where a child is a new Python that imports your file."
GLOBAL = "It knows the top level of that file and what it is sent, not what your function put into a global variable."
GUARD = (
    "What stands outside all functions runs in each child again, so a line that tries something out belongs behind "
    '`if __name__ == "__main__":`.'
)
DIGITS = "Python refuses to make text of an int of more than 4,300 digits. Return the int itself; the pool can carry it as it is."


def told(run):
    """The error of a call, in words; "" if there is none."""
    return f"{run.error.type}: {run.error.text}" if run.error else ""


def assert_no_error(run, why=""):
    """The call returned; else say what its error means, where that is known."""
    error = told(run)
    known = {"ickl": BY_NAME, "local object": BY_NAME, "integer string conversion": DIGITS}
    reason = next((text for mark, text in known.items() if mark in error), why)
    assert not error, f"{run.asked} raised {error}. {reason}".rstrip()


def assert_factorials(run, numbers, why=""):
    """Each distinct number has its exact factorial, in the order of the input."""
    assert_no_error(run, why)
    found = run.value
    distinct = list(dict.fromkeys(numbers))
    assert isinstance(found, dict), f"{run.asked} should return a dict; it returned {type(found).__name__}."
    assert found or not distinct, (
        f"{run.asked} returned an empty dict. What a child process puts into a dict or a list, it puts into its own copy, which ends "
        "with it: return the value, and let the pool carry it. "
        f"{why}"
    )
    assert sorted(found, key=repr) == sorted(distinct, key=repr), (
        f"{run.asked} should have the keys {distinct}, its keys are {list(found)}."
    )
    for number in distinct:
        assert type(found[number]) is int, (
            f"{run.asked}: the value for {number} is {found[number]!r:.60}, of type {type(found[number]).__name__}; an int is asked for. "
            "A float holds about 16 digits, and text is no number."
        )
        assert found[number] == math.factorial(number), (
            f"{run.asked}: the value for {number} is wrong. {number}! is {shown(math.factorial(number))}, "
            f"the answer gives {shown(found[number])}."
        )
    assert list(found) == distinct, (
        f"{run.asked}: the values are right, and the keys come in the order {list(found)}; the input's order is {distinct}. "
        f"{order_of(list(found), distinct)}"
    )


def order_of(keys, distinct):
    """What the order of the keys tells."""
    in_a_set = list(set(distinct))
    if keys not in (sorted(distinct), in_a_set):
        return "Which one is done first should not matter: pool.map keeps the order, as_completed does not."
    kept = "dict.fromkeys(numbers) leaves out what comes again and keeps the order; sorted() and a set have lost it."
    # The first number takes longest, so it is done last: if the others are in order, both causes look like this.
    if keys == [*distinct[1:], distinct[0]]:
        return f"It may be that in which they were done: pool.map keeps the order, as_completed does not. Else it is that of their size: {kept}"
    if in_a_set == sorted(distinct):
        return f"That is the order of their size, and here that of a set too; it is not the one in which they were done. {kept}"
    by = (
        "of a set, and not of their size"
        if keys == in_a_set
        else "of their size, as sorted() gives it, and not of a set"
    )
    return f"That is the order {by}; nor is it the one in which they were done. {kept}"


def shown(number):
    return str(number) if abs(number) < 10**40 else f"a number of {number.bit_length()} bits"


class Work(NamedTuple):
    """A number whose factorial this answer computes for a while: its CPU seconds, and those of a call at rest."""

    number: int
    seconds: float
    at_rest: float
    here: float


def work_for(learner, enough=ENOUGH):
    """Find a number that costs this answer at least `enough` CPU seconds: a C function needs a larger one than a loop."""
    rest = cpu_of(learner, 1)
    at_rest, here = rest.cpu_here + rest.cpu_children, rest.cpu_here
    number = 12_000
    while True:
        run = cpu_of(learner, number)
        seconds = run.cpu_here + run.cpu_children - at_rest
        if seconds >= enough or number > 10**6:
            return Work(number, seconds, at_rest, here)
        # It grows with the square of the number, or a little slower.
        number = int(number * min(4, 1.2 * math.sqrt(enough / max(seconds, 0.001))))


def cpu_of(learner, number):
    run = learner.probe("factorials", [number], 1)
    assert_no_error(run)
    return run


def booked(run):
    return f"{run.cpu_here:.2f} s were computed in this process and {run.cpu_children:.2f} s in its children"


def busy_children(run, work):
    return [process for process in run.children if process.cpu >= work.seconds / 2]


@pytest.mark.points(2)
def test_values_are_exact_and_in_order(learner, rng):
    """Each number has its exact factorial, once, in the order of the input."""
    numbers = []
    while list(set(numbers)) == sorted(set(numbers)):  # sorted() and a set should look different
        small = [0, 1, *(rng.randint(2, 30) for _ in range(3))]
        rng.shuffle(small)
        # The first takes longest, so it is done last.
        numbers = [rng.randint(20_000, 25_000), *small, small[0], rng.randint(171, 400)]
    assert_factorials(learner.call("factorials", numbers, 2), numbers)
    assert_factorials(learner.call("factorials", [0], 3), [0])
    assert_factorials(learner.call("factorials", [], 2), [])


@pytest.mark.points(1)
def test_thousands_of_digits_are_carried(learner, rng):
    """A result of more than 4,300 digits comes back whole."""
    numbers = [rng.randint(3_000, 6_000), rng.randint(1_700, 2_000)]
    assert_factorials(learner.call("factorials", numbers, 2), numbers)


@pytest.mark.points(2)
def test_runs_under_spawn(learner, rng):
    """Under spawn, where a child imports the file, the same comes out."""
    numbers = [rng.randint(5, 60) for _ in range(4)]
    try:
        run = learner.call("factorials", numbers, 2, start_method="spawn")
    except LearnerFault as fault:
        why = GUARD if fault.final else f"{GLOBAL} {GUARD}"  # final: the import itself has failed
        raise LearnerFault(fault.status, f"{SPAWN} {why}\n{fault.message}", fault.where) from None
    died = "BrokenProcessPool" in told(run) or "bootstrapping" in told(run)
    assert_factorials(run, numbers, f"{SPAWN} {GUARD if died else GLOBAL}")


def who_refused(learner, workers):
    """Where the ValueError is raised that comes for a negative number, a sentence."""
    seen = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        seen = learner.probe("refusal", [30, 31, -3], workers).value
    if not isinstance(seen, dict) or not seen:
        return ""
    where = "by a child" if seen["in a child"] else f"in line {seen['line']}, in the parent" if seen["line"] else "here"
    return f"For [30, 31, -3] it was raised {where}: {seen['text']!r}. "


@pytest.mark.points(2)
def test_what_is_wrong_is_refused_before_a_process_starts(learner):
    """A negative number or workers below 1 raise ValueError, and no process has been started."""
    number = 60_000
    for numbers, workers, wrong in (
        ([number, number + 1, -3], 2, "a number is negative"),
        ([number], 0, "workers is 0"),
    ):
        run = learner.probe("factorials", numbers, workers)
        run.raises("ValueError", f"Here {wrong}.")
        assert not run.children, (
            f"{run.asked} raised ValueError, as it should since {wrong}, but {len(run.children)} child processes had been started by "
            f"then. {who_refused(learner, workers) if workers else ''}Look at all numbers first, and make the pool when nothing is wrong with them."
        )
    learner.call("factorials", [], 0).raises("ValueError", "No workers are refused even where there is nothing to do.")


def sizes_of_pools(learner):
    """How many processes the pools may have for one and for three workers, a sentence."""
    sizes, usual = {}, None
    with learner.aside(), contextlib.suppress(LearnerFault):
        for workers in (1, 3):
            seen = learner.probe("pools_made", [30, 31], workers).value
            if isinstance(seen, dict):
                sizes[workers], usual = seen["made"], seen["usual"]
    if not all(type(made) is list and made for made in sizes.values()) or len(sizes) < 2:
        return ""
    one, three = (" and ".join(map(str, made)) for made in sizes.values())
    return f"Its pool may have {one} processes, and {three} where `workers` is 3 (made without a number it may have {usual} on this machine). "


def how_to_share(learner):
    """What should be done so that each of two workers gets a number, by what was asked of the pool."""
    with learner.aside():
        chunks = learner.probe("chunks_asked", [40, 30], 2).value
        if chunks:
            return (
                f"all were handed in at once, in chunks of {max(chunks)} (chunksize). A chunk is one task, which one process does, and here there were "
                "no more numbers for the other. Leave chunksize at 1 for a few long tasks."
            )
    return "hand in all numbers before you wait for the first result. `pool.submit(…).result()` in one line waits."


def who_computed(learner, numbers, number):
    """How many tasks there were, and which processes computed `number`, a sentence; done once more to be seen."""
    calls = tasks = None
    with learner.aside(), contextlib.suppress(LearnerFault, LookupError, TypeError, ValueError):
        seen = learner.probe("who_computed", numbers, 2).value
        calls, tasks = [(called, who) for called, who in seen["calls"]], seen["tasks"]
    if not calls or type(tasks) is not int:
        return ""
    pids = list(dict.fromkeys(who for called, who in calls if called == number))
    if not pids:
        return ""
    told = "Asked again, "
    if tasks:
        told += f"it handed its pool {tasks} task{'s' if tasks > 1 else ''} for the {len(numbers)} numbers, and "
    if len(pids) > 1:
        return f"{told}{number} was computed in {len(pids)} different processes. "
    own = [called for called, who in calls if who == pids[0]]
    times = own.count(number)
    row = own[own.index(number) :][:times] == [number] * times
    often = f" {times} times{' in a row' if row else ''}" if times > 1 else ""
    return f"{told}{number} was computed{often} in one process. "


def assert_computed_once(learner):
    """No number is computed twice by the children, as far as their calls of math.factorial show it."""
    numbers = [3001, 3002, 3003]
    run = learner.probe("factorials_in_children", numbers, 2)
    if run.error:  # what is put in the place of a function can't always travel
        return
    again = [(number, times) for number, times in Counter(run.value).items() if number in numbers and times > 1]
    assert not again, (
        f"factorials({numbers}, 2) called math.factorial({again[0][0]}) {again[0][1]} times in its child processes, and each number is to be computed once. "
        f"{who_computed(learner, numbers, again[0][0])}A result that nobody uses takes as long as one that is used."
    )


@pytest.mark.points(2)
def test_two_processes_compute_at_the_same_time(learner):
    """Two long numbers are computed by two other processes at the same time, never by more than `workers`."""
    work = work_for(learner, 3 * ENOUGH)
    for _ in range(3):  # on a crowded machine the second may begin when the first is nearly done: then once more
        run = learner.probe("factorials", [work.number, work.number + 1], 2)
        run.raise_error()
        busy = busy_children(run, work)
        if computing_together(busy):
            break
    assert run.cpu_here - work.here < work.seconds / 2 and run.cpu_children >= work.seconds, (
        f"{run.asked}: {booked(run)}. Each of the numbers takes {work.seconds:.2f} s, and other processes should compute both. "
        + (
            "No process was started: threads share this process and its GIL, so computing gains nothing by them."
            if not run.children
            else "The parent should only wait for the results."
        )
    )
    assert len(busy) >= 2, (
        f"{run.asked}: one process computed both numbers. With two workers each should get one: {how_to_share(learner)}"
    )
    assert computing_together(busy), (
        f"{run.asked}: two processes computed, one after the other: while one worked, the other was idle. Hand in all numbers before you "
        "wait for the first result. `pool.submit(…).result()` in one line waits."
    )
    run = learner.probe("factorials", [work.number, work.number + 1], 1)
    run.raise_error()
    assert not computing_together(busy_children(run, work)), (
        f"{run.asked}: two processes computed at the same time, and `workers` is 1. {sizes_of_pools(learner)}It says how many there may be."
    )


@pytest.mark.points(1)
def test_a_number_that_comes_again_is_computed_once(learner):
    """Each number is computed once, also what comes six times."""
    work = work_for(learner)
    run = learner.probe("factorials", [work.number] * 6, 2)
    assert_no_error(run)
    bits, given = math.lgamma(work.number + 1) / math.log(2), run.value
    assert type(given) is dict and list(given) == [work.number] and abs(given[work.number] - bits) < 2, (
        f"{run.asked} should give one number its factorial, which has {bits:.0f} bits; it gave {given!r:.80}, as numbers of bits."
    )
    assert run.cpu_here + run.cpu_children - work.at_rest < 3 * work.seconds, (
        f"{run.asked}: {booked(run)}. Once takes {work.seconds:.2f} s: each number that comes again was computed again. Leave out what "
        "comes again before you hand the numbers in."
    )
    assert_computed_once(learner)
