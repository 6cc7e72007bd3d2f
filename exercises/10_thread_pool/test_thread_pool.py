"""The checks of kata 10. All but the last run in the bubble, where waits take virtual time and times are exact."""

import contextlib
import math

import pytest

from grader.judge.faults import LearnerFault

NO_LIST = "That is an iterator, as pool.map gives one, which hands out one result after the other: list(…) makes a list of it."
TINY = 2e-6
"""Seconds by which the clocks of the bubble may differ: they are read to a microsecond."""


def some_numbers(rng, count):
    return [rng.randint(-999, 99999) for _ in range(count)]


def some_delay(rng):
    return rng.randint(301, 3999) / 1000


def labels(numbers):
    return [f"Number: {number}" for number in numbers]


def amount(count, what):
    """`count` and the word for so many."""
    return f"{count} {what}{'s' if count != 1 else ''}"


def no_list(value):
    """What to do with an iterator that was returned in the place of a list, a sentence; "" for all else."""
    kind = str(getattr(value, "type", ""))
    return NO_LIST if kind in ("generator", "map") or "Iterator" in kind else ""


def at_once_of(run, workers):
    """How many threads stood in time.sleep at once.

    The caller may sleep too, between one look at the workers and the next; then it is none of them.
    """
    lanes = run.spans_by_lane("sleep")
    caller = lanes.pop(run.threads[0].name, [])
    others = [span for spans in lanes.values() for span in spans]
    if caller and most_at_once(others) == workers:
        return workers
    return run.working("sleep")


def most_at_once(spans):
    """The most of `spans` that hold at once; two that only touch do not."""
    return max((sum(begin <= at < end for begin, end in spans) for at, _ in spans), default=0)


def who_waited(run):
    """Whether the calling thread waited itself, where waits came one after the other, and what that means."""
    if run.threads[0].name in run.spans_by_lane("sleep"):
        return "The calling thread itself stood in time.sleep: the function is called (`submit(f(n))`) where it should be handed over (`submit(f, n)`)."
    return (
        "Other threads stood in time.sleep: is each result, or thread, waited for before the next number is handed in?"
    )


def pool_sizes(learner, workers):
    """What the pool was given where there are fewer numbers than `workers`, and where there are more, a sentence or two."""
    sizes = []
    with learner.aside(), contextlib.suppress(LearnerFault):
        for count in (3 * workers, workers - 1):
            run = learner.probe("pool_made", list(range(count)), workers, 0.5)
            if run.error is not None or not run.value:
                return ""
            sizes.append((count, *run.value[0]))
    if len(sizes) < 2:
        return ""
    name = sizes[0][1]
    if None in (sizes[0][2], sizes[1][2]):
        return f"The {name} was given no number of threads: a ThreadPoolExecutor then has min(32, cores + 4), another on each machine."
    told = ", and ".join(
        f"for {amount(count, 'number')} a {name} of {amount(size, 'thread')}" for count, _, size in sizes
    )
    return f"Once more: asked for {amount(workers, 'worker')}, it made {told}."


def how_many(learner, run, count, workers):
    """How many threads waited at once, where they were too many, and how large the pool is, some sentences."""
    at_once = run.working("sleep")
    each = ", one for each number" if at_once == count else ""
    return f"{at_once} waited at once{each}. {pool_sizes(learner, workers) or 'Is the pool given `workers`?'}"


def assert_rounds(learner, run, count, workers, delay):
    """`count` labels on `workers` threads take ceil(count / workers) rounds of `delay`."""
    run.raise_error()
    rounds = math.ceil(count / workers)
    ideal = rounds * delay
    if abs(run.seconds - count * delay) < TINY:
        guess = f"That is one wait after the other. {who_waited(run)}"
    elif run.seconds < TINY:
        guess = "Nothing was waited for: is the pool's work done when the function returns?"
    elif run.seconds < ideal - TINY:
        guess = f"That is too fast for {workers} threads: {how_many(learner, run, count, workers)}"
    else:
        at_once = at_once_of(run, workers)
        guess = f"That is too slow for {workers} threads that are all busy: at most {at_once} waited at once."
        if at_once == workers:
            guess += (
                " Some had nothing to do while others still had numbers before them. Are numbers handed out in chunks? ThreadPool.map cuts its input "
                "into some 4 for each worker: chunksize=1 hands them out one by one, and so does ThreadPoolExecutor.map."
            )
    assert abs(run.seconds - ideal) < TINY, (
        f"{amount(count, 'number')} on {workers} workers, {delay} s each: {amount(rounds, 'round')}, {ideal:g} s. {run.asked} took "
        f"{run.seconds:g} s of the bubble's clock. {guess}"
    )


@pytest.mark.points(2)
def test_labels_are_right(learner, rng):
    """Each number gets its label, in a list, and no numbers give an empty list."""
    for count in (1, 7, 0):
        numbers = some_numbers(rng, count)
        run = learner.call("label_all", numbers, 2, 0.5)
        run.returned(labels(numbers), no_list(run.value))
    numbers = some_numbers(rng, 3) * 2
    learner.call("label_all", numbers, 3, 0.5).returned(labels(numbers), "A number that comes twice has two labels.")


def test_order_of_input_is_kept(learner, rng):
    """The labels stand in the order of the numbers, even if later ones are ready first."""
    expected = labels(numbers := some_numbers(rng, 6))
    run = learner.probe("label_all_first_is_slowest", numbers, 6, 1.0)
    value = run.value
    disordered = isinstance(value, list) and sorted(map(str, value)) == sorted(expected)
    run.returned(
        expected,
        "Here the first number takes longest, and this is the order in which they were done: as_completed gives that order, and "
        "so do workers that append to one list; pool.map, or a list of futures, keeps the order of the numbers."
        if disordered
        else "",
    )


def test_ten_numbers_take_four_rounds(learner):
    """Ten numbers on three workers, one second each, take four seconds."""
    assert_rounds(learner, learner.call("label_all", list(range(1, 11))), 10, 3, 1.0)


def test_rounds_follow_from_workers(learner, rng):
    """Any count on any number of workers takes count / workers rounds, rounded up."""
    delay = some_delay(rng)
    workers = rng.randint(2, 5)
    # In chunks, as those of ThreadPool.map are from 4 × workers on, some workers are done a round too early.
    for count in (rng.randint(1, 12), workers, workers + 1, 1, 4 * workers + 2):
        assert_rounds(
            learner, learner.call("label_all", some_numbers(rng, count), workers, delay), count, workers, delay
        )


def test_no_worker_waits_for_a_slower_one(learner, rng):
    """Who is done takes the next number, while another is still busy with a slow one."""
    delay = some_delay(rng)
    workers, slow = 3, 4 * delay
    # Three rows of three, another worker's number slow in each: rows that wait for their slowest take 3 × (delay + slow).
    run = learner.probe(
        "label_all_some_are_slow", some_numbers(rng, 9), workers, delay, [slow, 0.0, 0.0, 0.0] * 2 + [slow]
    )
    run.raise_error()
    # The longest for workers who are never idle while there are numbers left (Graham's bound), and a little.
    longest = 3 * delay + slow + 2 / 3 * (delay + slow) + delay
    if run.working("sleep") == 1:
        guess = f"Here one waited after the other. {who_waited(run)}"
    else:
        guess = (
            "Here those who were done waited for the slowest: threads that are begun in batches and joined before the next batch are no pool, whose threads live on and "
            "take one number after the other."
        )
    assert run.seconds < longest, (
        f"9 numbers on {workers} workers, of which three take {slow:g} s longer: {run.seconds:g} s went by. Three workers who take "
        f"the next number as soon as they are done need less than {longest:g} s. {guess}"
    )


def test_never_more_than_workers_wait_at_once(learner, rng):
    """As many threads as there are workers wait at once, and never more."""
    workers, delay = rng.randint(2, 5), some_delay(rng)
    run = learner.call("label_all", some_numbers(rng, 3 * workers), workers, delay)
    run.raise_error()
    at_once = at_once_of(run, workers)
    stood = f"at most {amount(at_once, 'thread')} stood in time.sleep at once" if at_once else "nobody stood in a wait"
    assert at_once <= workers, (
        f"{run.asked}: {at_once} threads waited at once{', one for each number' if at_once == 3 * workers else ''}; {workers} workers are asked for. A pool bounds how much of a server, "
        f"a disk, or memory is used at the same time: give it max_workers=workers. {pool_sizes(learner, workers)}"
    )
    assert at_once == workers, (
        f"{run.asked}: {stood}, and {workers} workers are asked for; the others had nothing to do. Hand in all numbers before "
        "you ask for the first result, and let each label take a wait of its own."
    )


def test_no_workers_is_an_error(learner):
    """Less than one worker raises ValueError."""
    for workers in (0, -2):
        learner.call("label_all", [1, 2], workers, 0.5).raises("ValueError", "Nobody could do the work.")
    learner.call("label_all", [], 0, 0.5).raises(
        "ValueError", "A wrong number of workers is wrong even if there is no work."
    )


@pytest.mark.points(2)
@pytest.mark.real_time
def test_four_rounds_for_real(learner):
    """For real, ten numbers on three workers take four seconds: under 4.6, and not under 3.9."""
    numbers = list(range(1, 11))
    run = learner.call("label_all", numbers, 3, 1.0, clock="real")
    run.returned(labels(numbers))
    assert 3.9 <= run.seconds < learner.bound(4, 0.6), (
        f"label_all for 10 numbers, 3 workers and 1 s each took {run.seconds:.2f} s by the clock on the wall; four rounds take "
        "4. Much more is one after the other, less means more than three threads."
    )
