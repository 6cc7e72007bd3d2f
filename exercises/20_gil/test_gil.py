"""The checks of kata 20: who computed is told by the CPU time that the system booked on each process, never by a speed-up."""

import contextlib
import itertools
import math
from typing import NamedTuple

import pytest

from grader.judge.faults import LearnerFault
from grader.judge.run import overlapping

ENOUGH = 0.15
"""CPU seconds that one limit should cost, so that beginning a process costs little beside it."""


def primes_below(limit):
    """The number of primes below `limit`, by a sieve."""
    if limit <= 2:
        return 0
    sieve = bytearray([1]) * limit
    sieve[:2] = b"\0\0"
    for number in range(2, math.isqrt(limit - 1) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, limit, number)))
    return sum(sieve)


class Work(NamedTuple):
    """A limit at which an answer's own `count_primes` computes for a while: its CPU seconds, and those of a call at rest."""

    limit: int
    seconds: float
    at_rest: float


def work_for(learner, enough=ENOUGH):
    """Find out how much this answer must be given to do, so that one limit costs at least `enough` CPU seconds.

    One that divides by all smaller numbers takes long for 20,000, a good sieve not even for 20 million.
    """
    at_rest = cpu_of_counting(learner, 0)
    limit = 4000
    while (seconds := cpu_of_counting(learner, limit) - at_rest) < enough and limit < 10**13:
        limit *= 4 if seconds < enough / 6 else 2
    return Work(limit, seconds, at_rest)


def cpu_of_counting(learner, limit):
    run = learner.call("count_primes", limit)
    run.raise_error()
    return run.cpu_here


def near(rng, limit, count):
    return [limit - rng.randrange(limit // 20) for _ in range(count)]


def booked(run):
    return f"{run.cpu_here:.2f} s were computed in this process and {run.cpu_children:.2f} s in its children"


def why_other(value, expected):
    """What may have made a list of counts differ, a sentence; "" if nothing is known."""
    if value == []:
        return "What a child process appends to a list stays in that process: let it return or send its result."
    if isinstance(value, list) and sorted(map(str, value)) == sorted(map(str, expected)):
        return (
            "These are the right counts in another order: the first limit takes longest and so is done last. Keep the order of "
            "the input, as pool.map does."
        )
    return ""


def assert_it_could_travel(run):
    """The call did not fail for a function that cannot be sent to another process."""
    error = run.error
    told = f"{error.type}: {error.text}" if error else ""
    assert "pickle" not in told.lower() and "local object" not in told, (
        f"{run.asked} raised {told}. What goes to another process is pickled, and a function travels by its name: hand over one "
        "that stands at the top level of your file, no lambda and no inner function."
    )


def what_it_counts(learner):
    """Which numbers this answer takes for primes, by its counts."""
    limits = list(range(31))
    given, right = None, [primes_below(limit) for limit in limits]
    with learner.aside(), contextlib.suppress(LearnerFault):
        given = learner.probe("counts", limits).value
    if not isinstance(given, list) or len(given) != len(limits):
        return ""
    if given == [primes_below(limit + 1) for limit in limits]:
        return "Up to 30 it gives the number of primes that are at most the limit: where the limit is a prime it counts that too."
    if not all(type(count) is int for count in given):
        return ""
    taken = [n for n in limits[:-1] if given[n + 1] > given[n] and right[n + 1] == right[n]]
    left = [n for n in limits[:-1] if given[n + 1] == given[n] and right[n + 1] > right[n]]
    return f"By its counts, of the numbers below 30 it takes for primes {taken or 'none'} that are none, and leaves out {left or 'no prime'}."


@pytest.mark.points(2)
def test_primes_below_the_limit_are_counted(learner, rng):
    """count_primes counts the primes that are less than the limit."""
    edges = [-5, 0, 1, 2, 3, 4, 5, 9, 10, 25, 26, 49, 50, 100]
    for limit in (*edges, rng.randint(100, 3000), rng.randint(100, 3000)):
        run = learner.call("count_primes", limit)
        why = "" if run.raised or run.value == primes_below(limit) else f"{what_it_counts(learner)} ".lstrip()
        run.returned(
            primes_below(limit),
            f"{why}Primes are 2, 3, 5, 7, 11 and so on; 1 is none, and neither is a square such as 4, 9, 25; the limit itself "
            "does not count.",
        )


@pytest.mark.points(2)
def test_answers_stand_in_the_order_of_the_limits(learner, rng):
    """Both functions give one count for each limit, in order, the first of which takes longest."""
    limits = [min(work_for(learner).limit, 5_000_000), *(rng.randint(0, 500) for _ in range(4))]
    limits.append(limits[1])
    expected = [primes_below(each) for each in limits]
    for name in ("with_threads", "with_processes"):
        run = learner.call(name, limits)
        assert_it_could_travel(run)
        run.returned(expected, why_other(run.value, expected))
        learner.call(name, []).returned([], "No limits, no counts.")


def not_spread(run, work):
    """How it came that the work was not spread over threads, a sentence; "" if it was, or if no thread could be looked at."""
    caller, threads = run.value["caller"], sorted(run.value["threads"])
    if not threads or run.value["on"]:
        return ""
    seconds = ", ".join(f"{computed:.2f} s" for *_, computed in threads)
    booked = f"CPU time of the threads that were begun: {seconds}; of the calling thread: {caller:.2f} s."
    if caller >= 2 * work.seconds:
        return f"{booked} So the calling thread did most of the work itself; each limit should be computed by a thread that it begins."
    total = caller + sum(computed for *_, computed in threads)
    busy = [thread for thread in threads if thread[2] >= total / 10]
    if len(threads) < 2:
        return f"one thread was begun, and it did all the work ({seconds}). The four limits should be spread over several: does your pool have one worker?"
    if len(busy) < 2:
        return f"{booked} So one thread did all the work, and the others had none. Give each some of the limits."
    if not any(later[0] < earlier[1] for earlier, later in itertools.pairwise(busy)):
        return (
            f"{len(busy)} threads computed, each begun when the one before had ended, so no two were there at the same time. "
            "start() and join() in the same loop do that, and so does submit(…).result(): begin all before you wait for the first."
        )
    return ""


def tasks_handed(learner, function, limits):
    """How many tasks the pool was handed, a sentence; done once more to be seen."""
    tasks = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        tasks = learner.probe("tasks_handed", function, limits).value
    if type(tasks) is not int or tasks < 1:
        return ""
    return f"Asked again, it handed its pool {tasks} task{'s' if tasks > 1 else ''} for these {len(limits)} limits. "


def assert_computed_once(learner, function, work, who):
    """No limit is computed by two threads or processes, as far as the calls of count_primes show it."""
    limits = [work.limit // 3 - step for step in range(4)]
    run = learner.probe("computed_by", function, limits)
    if run.error:  # what is put in the place of count_primes can't always travel
        return
    by = {limit: {one for called, one in run.value if called == limit} for limit in limits}
    again = [f"count_primes({limit}) in {len(found)}" for limit, found in by.items() if len(found) > 1]
    kinds = {"thread": "threads", "process": "processes"}[who]
    assert not again, (
        f"{function}({limits}) called {', '.join(again)} different {kinds}: each did work that another did too, so it is not spread "
        f"over them, and nothing is gained. {tasks_handed(learner, function, limits)}Give each limit to one {who}."
    )


def threads_made(learner):
    """How it came that no thread was begun."""
    made = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        made = learner.probe("threads_made", [40, 30, 20]).value
    if made is None:
        return ""
    if made:
        return f"{made} Thread objects were made, though: run() does the work in the calling thread, start() begins a thread for it."
    return "No Thread object was made and no pool: the limits were taken one after the other, in a loop or by map()."


@pytest.mark.points(2)
def test_threads_compute_in_this_process(learner, rng):
    """with_threads spends its CPU time in this process, in threads."""
    work = work_for(learner)
    limits = near(rng, work.limit, 4)
    for _ in range(3):  # on a crowded machine a thread may begin late: then once more
        run = learner.probe("with_threads", limits)
        run.raise_error()
        fault = not_spread(run, work)
        if not fault:
            break
    assert run.cpu_children <= run.cpu_here / 4, (
        f"{run.asked}: {booked(run)}. Threads belong to the process that begins them, so it should be this one that computes."
    )
    assert run.peak_process_threads >= 2, (
        f"{run.asked}: no thread was begun, the calling thread did all the work. {threads_made(learner)}"
    )
    assert run.cpu_here >= ENOUGH / 2, (
        f"{run.asked}: {booked(run)}. One of these limits alone takes {ENOUGH} s: who computed them?"
    )
    assert not fault, f"{run.asked}: {fault}"
    assert_computed_once(learner, "with_threads", work, "thread")


def called_here(learner):
    """The calls of `count_primes` in the parent, a sentence, where there are any, and how many there were in children."""
    limits, calls = [2000, 1900, 1800, 1700], None
    with learner.aside(), contextlib.suppress(LearnerFault):
        calls = learner.probe("calls_of_count", limits).value
    if not isinstance(calls, dict) or not calls["here"]:
        return ""
    told = f"Asked again for {limits}, it called in the parent itself {', '.join(map(str, calls['here']))}"
    often = calls["children"]
    if often and often == [often[0]] * len(limits):
        return f"{told}; in its children each limit was counted {'once' if often[0] == 1 else f'{often[0]} times'}. "
    return f"{told}{f'; in its children they were counted {often} times' if often else ''}. "


def of_which_pool(learner):
    """What the pool is that with_processes makes, where it begins no process."""
    made = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        made = learner.probe("pools_made", [40, 30, 20]).value
    if isinstance(made, list) and made:
        return f"Its pool is made by {' and '.join(map(str, made))}: that is one of threads, which share this process and its GIL."
    return (
        "A ThreadPoolExecutor, a multiprocessing.pool.ThreadPool and all of multiprocessing.dummy are threads, which share this "
        "process and its GIL."
    )


@pytest.mark.points(2)
def test_processes_compute_elsewhere(learner, rng):
    """with_processes spends its CPU time in other processes, none of it in this one."""
    work = work_for(learner, 2 * ENOUGH)
    run = learner.call("with_processes", near(rng, work.limit, 4), limit=60)
    run.raise_error()
    here = run.cpu_here - work.at_rest
    elsewhere = run.cpu_children >= ENOUGH and run.cpu_children >= 5 * here
    threads = ", ".join(thread.name for thread in run.threads[1:]) or "none was begun either"
    assert elsewhere, f"{run.asked}: {booked(run)}. All four limits should be computed by other processes. " + (
        f"No other process was begun. Threads: {threads}. {of_which_pool(learner)}"
        if not any(process.kind == "child" for process in run.processes)
        else "The parent should only wait for them."
    )
    # A share can be bought by children that compute for nothing. Beginning processes costs less than this.
    assert here < work.seconds / 2, (
        f"{run.asked}: {booked(run)}. One of these limits alone takes {work.seconds:.2f} s, so the parent computed too, whatever "
        f"its children did. {called_here(learner)}It should only wait for their results."
    )


def few_busy(learner, begun):
    """How it came that fewer than two of the processes that were begun had much to do."""
    if begun < 2:
        return "Only one was begun: does your pool have one worker?" if begun else "No other process was begun."
    with learner.aside():
        chunks = learner.probe("chunks_asked", [40, 30, 20, 10]).value
        if chunks:
            return (
                f"All limits were handed in at once, in chunks of {max(chunks)} (chunksize): a chunk is one task, which one process does, and "
                "here there were no more limits for the others. Leave chunksize at 1 for a few long tasks."
            )
    return "So one worked while the others had nothing to do: hand in all limits before you wait for the first result."


@pytest.mark.points(2)
def test_two_processes_compute_beside_each_other(learner, rng):
    """The work of with_processes is shared by at least two processes that live at the same time."""
    work = work_for(learner)
    run = learner.call("with_processes", near(rng, work.limit, 4))
    run.raise_error()
    busy = [process for process in run.children if process.cpu >= work.seconds / 2]
    seconds = (
        ", ".join(f"{process.cpu:.2f} s" for process in run.processes if process.kind == "child") or "none was seen"
    )
    assert len(busy) >= 2, (
        f"{run.asked}: four limits of about {work.seconds:.2f} s each should be shared by at least two processes. CPU time of the "
        f"child processes: {seconds}. "
        f"{few_busy(learner, len(run.children))}"
    )
    assert overlapping(busy), (
        f"{run.asked}: {len(busy)} processes computed, one after the other: each began when the one before had ended. Then the "
        "cores that are free have nothing to do. Begin all before you wait (join, get, result) for the first."
    )
    assert_computed_once(learner, "with_processes", work, "process")
