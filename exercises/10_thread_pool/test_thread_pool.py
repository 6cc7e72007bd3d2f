"""The checks of kata 10. All but the last run in the bubble, where waits take virtual time and times are exact."""

import contextlib
import itertools
import math

import pytest

from grader.judge.faults import LearnerFault

NO_LIST = "That is an iterator, as pool.map gives one, which hands out one result after the other: list(…) makes a list of it."
TINY = 2e-6
"""Seconds by which the clocks of the bubble may differ: they are read to a microsecond."""
THREE = 3
"""Workers, for real."""
SOME_SCHEDULES = 12
NOTHING_TO_DO = "The others had nothing to do. Hand in all numbers before you ask for the first result, and let each label take a wait of its own."
CHUNKS = (
    "Some had nothing to do while others still had numbers before them. Are numbers handed out in chunks? ThreadPool.map cuts its input "
    "into some 4 for each worker: chunksize=1 hands them out one by one, and so does ThreadPoolExecutor.map."
)
ASKS_FIRST = (
    "The workers take turns in another order here. If a worker asks whether there is something left (`empty()`) and takes it then, another may "
    "have taken it in between: take it at once, by get_nowait() in a try, or put one None for each worker at the end."
)


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


def sleeps_of(run):
    """From when to when the caller slept, and by name the other threads."""
    lanes = {
        lane: [(begin, end) for begin, end in spans if end > begin]
        for lane, spans in run.spans_by_lane("sleep").items()
    }
    return lanes.pop(run.threads[0].name, []), lanes


def of_length(spans, seconds):
    """Those of `spans` that last for `seconds`."""
    return [(begin, end) for begin, end in spans if abs(end - begin - seconds) < TINY]


def at_once_of(run, workers):
    """How many threads stood in time.sleep at once.

    The caller may sleep too, between one look at the workers and the next; then it is none of them.
    """
    caller, others = sleeps_of(run)
    if caller and most_at_once([span for spans in others.values() for span in spans]) == workers:
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
    if {size for _, _, size in sizes} == {workers}:
        return f"Asked for workers={workers} in the call it makes a {name} of as many: what stands in the signature?"
    told = ", and ".join(
        f"for {amount(count, 'number')} a {name} of {amount(size, 'thread')}" for count, _, size in sizes
    )
    return f"Once more: asked for {amount(workers, 'worker')}, it made {told}."


def how_many(learner, run, count, workers):
    """How many threads waited at once, where they were too many, and how large the pool is, some sentences."""
    at_once = run.working("sleep")
    each = ", one for each number" if at_once == count else ""
    return f"{at_once} waited at once{each}. {pool_sizes(learner, workers) or 'Is the pool given `workers`?'}"


def nobody_slept(run):
    """What `run` did, in which nobody slept though time went by, some sentences."""
    caller = run.threads[0].name
    if run.threads[1:]:
        return "Nobody stood in time.sleep, and `time.sleep(delay)` is the wait that is asked for."
    if any(event.what == "wait" and "event loop" in event.detail for event in run.timeline):
        return (
            f"No thread was begun: {caller}, which called, stood in an event loop, where asyncio lets one thread wait for several tasks at once. That "
            "saves the time as well, yet here `workers` threads are asked for, each of which stands in a `time.sleep(delay)` of its own."
        )
    return f"No thread was begun, and {caller}, which called, did not stand in time.sleep: `workers` threads are asked for, which do."


def what_was_waited(run, count, delay):
    """What is odd about the waits of `run`, whatever the workers are, some sentences; "" if nothing is."""
    caller, others = sleeps_of(run)
    spans = [*caller, *(span for spans in others.values() for span in spans)]
    waits = len(of_length(spans, delay))
    lengths = sorted({f"{end - begin:g}" for begin, end in spans})
    if run.children:
        return f"Processes did the work, {len(run.children)} of them: threads are asked for."
    if not spans and run.seconds < TINY:
        return "Nothing was waited for: is the pool's work done when the function returns?"
    if not spans:
        return nobody_slept(run)
    if not waits:
        return f"Nobody waited for {delay} s; waits took {' and '.join(lengths[:4])} s. Each label takes one wait, `time.sleep(delay)`."
    if waits < count:
        return (
            f"There were {amount(waits, 'wait')} for {amount(count, 'number')}. Each number takes a wait of its own, at each call: 0 as well, and one "
            "that came before."
        )
    return ""


def elsewhere(run, delay):
    """Who slept for something else than a label, a sentence or two; "" if nobody did."""
    caller, others = sleeps_of(run)
    name = run.threads[0].name
    for lane, spans in {name: caller, **others}.items():
        odd = [(begin, end) for begin, end in spans if (begin, end) not in of_length(spans, delay)]
        if odd:
            begin, end = odd[0]
            times = f", {len(odd)} times in all" if len(odd) > 1 else ""
            return (
                f"{lane} also slept for {end - begin:g} s, at {begin:g} s{times}. A sleep between two looks ends too late, and one before the "
                "work begins is lost: wait for results and ends, by result(), join() or get()."
            )
    return ""


def assert_rounds(learner, run, count, workers, delay):
    """`count` labels on `workers` threads take ceil(count / workers) rounds of `delay`."""
    run.raise_error()
    rounds = math.ceil(count / workers)
    ideal = rounds * delay
    odd = what_was_waited(run, count, delay)
    if odd:
        guess = odd
    elif abs(run.seconds - count * delay) < TINY:
        guess = f"That is one wait after the other. {who_waited(run)}"
    elif run.seconds < ideal - TINY:
        guess = f"That is too fast for {workers} threads: {how_many(learner, run, count, workers)}"
    elif run.seconds < ideal + delay - TINY and elsewhere(run, delay):
        guess = f"That is {run.seconds - ideal:.6g} s more than the rounds take. {elsewhere(run, delay)}"
    else:
        at_once = at_once_of(run, workers)
        guess = f"That is too slow for {workers} threads that are all busy: at most {at_once} waited at once."
        if at_once == workers:
            guess += f" {CHUNKS}"
    assert abs(run.seconds - ideal) < TINY, (
        f"{amount(count, 'number')} on {workers} workers, {delay} s each: {amount(rounds, 'round')}, {ideal:g} s. {run.asked} took "
        f"{run.seconds:.7g} s of the bubble's clock. {guess}"
    )
    at_once, able = run.working("sleep"), min(count, workers)
    stood = (
        f"at most {amount(at_once, 'thread')} stood in time.sleep at once"
        if at_once
        else "no thread stood in time.sleep"
    )
    assert at_once >= able, (
        f"{amount(count, 'number')} on {workers} workers: {stood} in {run.asked}, where there is enough to do for {able}. {odd or CHUNKS}"
    )


def came(value):
    """How many labels came, if that can be told."""
    return f", and {len(value)} came" if isinstance(value, list) else ""


@pytest.mark.points(2)
def test_labels_are_right(learner, rng):
    """Each number gets its label, in a list, and no numbers give an empty list; at each call, whoever is first."""
    odd_ones = [0, -rng.randint(1, 999), rng.randint(10**17, 10**18)]
    for numbers in (some_numbers(rng, 1), odd_ones, some_numbers(rng, 7), []):
        run = learner.call("label_all", numbers, workers=2, delay=0.5)
        run.returned(labels(numbers), no_list(run.value))
    numbers = some_numbers(rng, 3) * 2
    learner.call("label_all", numbers, 3, 0.5).returned(labels(numbers), "A number that comes twice has two labels.")
    numbers = some_numbers(rng, 150)
    run = learner.call("label_all", numbers, 9, 0.5)
    run.returned(labels(numbers), f"{len(numbers)} numbers have as many labels{came(run.value)}.")
    numbers = some_numbers(rng, 5)
    run = learner.probe("label_all_twice", numbers, 2, 0.5)
    (first, given), (second, _) = run.value
    assert given == numbers, (
        f"label_all({numbers}, 2, 0.5): afterwards the list that it was given held {given!r}. It belongs to the caller: make a list of your own."
    )
    assert first == second == labels(numbers), (
        f"label_all({numbers}, 2, 0.5) gave {first!r}, and called once more {second!r}."
    )
    if run.children:
        return  # processes, where threads are asked for: the next checks say so
    found = learner.explore("label_all_here", [4, 5, 6], 2, 0.5, budget=SOME_SCHEDULES)
    # In which order the labels stand, and that no thread is left, is the matter of other checks.
    if found.fault is None or (learner.runs[-1].story or {}).get("kind") != "left":
        found.always(
            lambda value: isinstance(value, list) and sorted(map(str, value)) == labels([4, 5, 6]),
            ASKS_FIRST if found.fault else "Each number has one label, whoever is first.",
        )


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
    # In chunks, as those of ThreadPool.map are from 4 × workers on, some workers are done a round too early. The last has
    # more workers and longer waits than anybody would cut off.
    many = rng.randint(70, 99)
    for count, size, each in (
        *((count, workers, delay) for count in (rng.randint(1, 12), workers, workers + 1, 1, 4 * workers + 2)),
        (2 * many + 1, many, float(rng.randint(11, 17))),
        (many + many // 2, many, delay),  # in twos they would not be enough for all workers
    ):
        run = learner.call("label_all", some_numbers(rng, count), size, each)
        assert_rounds(learner, run, count, size, each)
    run = learner.call("label_all", some_numbers(rng, 5), 2, 0.0)
    run.raise_error()
    assert run.seconds < TINY, f"{run.asked} took {run.seconds:g} s of the bubble's clock: a wait of 0 s takes none."
    numbers = some_numbers(rng, workers)
    run = learner.probe("label_all_twice", numbers, workers, delay)
    run.raise_error()
    assert abs(run.seconds - 2 * delay) < TINY, (
        f"label_all({numbers}, {workers}, {delay}), called twice, took {run.seconds:g} s of the bubble's clock in all, and it should be {2 * delay:g}. Each label takes its wait at each "
        "call, also one that was made before."
    )


def busy_of(run):
    """From when to when threads but the caller slept, or waited for a lock that others held, by name."""
    _, busy = sleeps_of(run)
    since = {}
    for event in run.timeline:
        if event.lane in since and event.what in ("run", "sleep", "wait", "end"):
            busy.setdefault(event.lane, []).append((since.pop(event.lane), event.at))
        if event.what == "wait" and "lock" in event.detail:
            since[event.lane] = event.at
    return busy


def begins_of(spans, delay):
    """When numbers were begun by the thread that slept in `spans`: its waits, or what it wrote just before, at the earliest."""
    return [
        next((first for first, last in spans if abs(last - begin) < TINY and last - first > delay + TINY), begin)
        for begin, _ in of_length(spans, delay)
    ]


def idle_before_the_last(run, workers, delay):
    """From when on somebody had nothing to do, once all had, before the last number was begun, and when it was; or None."""
    caller, others = sleeps_of(run)
    busy = [*caller, *(span for spans in busy_of(run).values() for span in spans)]
    begins = [begin for spans in (caller, *others.values()) for begin in begins_of(spans, delay)]
    if not begins:
        return None  # nobody waited for a label, which other checks say
    last = max(begins)
    moments = sorted({0.0, last, *(moment for span in busy for moment in span if moment < last)})
    full = False
    for begin, end in itertools.pairwise(moments):
        together = sum(first < begin + TINY and end < until + TINY for first, until in busy)
        full = full or together >= workers
        if end - begin > delay / 2 and full and together < workers:
            return begin, last
    return None if full else (0.0, last)


def test_no_worker_waits_for_a_slower_one(learner, rng):
    """Who is done takes the next number, while another is still busy with a slow one."""
    delay = some_delay(rng)
    workers, slow = 3, 10 * delay
    # The first and the last are slow: whatever share or batch a number belongs to in advance, somebody waits for these.
    run = learner.probe("label_all_some_are_slow", some_numbers(rng, 9), workers, delay, [slow, *[0.0] * 7, slow])
    run.raise_error()
    if run.working("sleep") == 1:
        guess = f"Here one waited after the other. {who_waited(run)}"
    elif any(len(spans) > workers for spans in sleeps_of(run)[1].values()) or len(sleeps_of(run)[1]) <= workers:
        guess = "Is it settled beforehand who does what, or is a result asked for before the next number is handed in? Let all take from one queue."
    else:
        guess = (
            "Here those who were done waited for the slowest: threads that are begun in batches and joined before the next batch are no pool, whose threads live on and "
            "take one number after the other."
        )
    idle = idle_before_the_last(run, workers, delay)
    assert idle is None, (
        f"9 numbers on {workers} workers, of which the first and the last take {slow:g} s longer: from {idle and idle[0]:g} s on not all {workers} were busy, and a number was "
        f"begun only at {idle and idle[1]:g} s. Who is done takes the next number as long as there is one. {guess}"
    )


def numbers_with_twins(rng, count):
    """Some numbers, one of them 0, and the last twice."""
    numbers = some_numbers(rng, count - 2)
    return [0, *numbers, numbers[-1]]


def test_never_more_than_workers_wait_at_once(learner, rng):
    """As many threads as there are workers wait at once, and never more; the pool has no others, and leaves none."""
    workers, delay = rng.randint(2, 5), some_delay(rng)
    run = learner.call("label_all", numbers_with_twins(rng, 3 * workers), workers, delay)
    run.raise_error()
    at_once = at_once_of(run, workers)
    caller, others = sleeps_of(run)
    stood = f"at most {amount(at_once, 'thread')} stood in time.sleep at once" if at_once else "no thread waited"
    assert at_once <= workers, (
        f"{run.asked}: {at_once} threads waited at once{', one for each number' if at_once == 3 * workers else ''}; {workers} workers are asked for. A pool bounds how much of a server, "
        f"a disk, or memory is used at the same time: give it max_workers=workers. {pool_sizes(learner, workers)}"
    )
    odd = what_was_waited(run, 3 * workers, delay)
    assert at_once == workers and not odd, (
        f"{run.asked}: {stood}, and {workers} workers are asked for. {odd or NOTHING_TO_DO}"
    )
    assert not of_length(caller, delay), (
        f"{run.asked}: the calling thread itself waited, for {amount(len(of_length(caller, delay)), 'label')}. The threads of the pool make the labels, all of them."
    )
    assert len(others) <= workers, (
        f"{run.asked}: never more than {workers} threads waited at once, but {len(others)} in all. A pool has as many threads as workers, which take one number after the other: a "
        "new thread for each number, held back by a semaphore, costs what a pool spares, and so does a larger pool."
    )
    run = learner.probe("label_all_long_ago", some_numbers(rng, 3 * workers), workers, delay)
    run.raise_error()
    left = [thread.name for thread in run.threads[1:] if thread.ended is None]
    assert not left, (
        f"label_all for {3 * workers} numbers on {workers} workers: ten minutes later {' and '.join(left[:3])} had still not ended. Who makes threads ends them: `with` does it for a "
        "pool, and a None in the queue for each worker."
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
    run = learner.call("label_all", numbers, THREE, 1.0, clock="real")
    run.returned(labels(numbers))
    assert 3.9 <= run.seconds < learner.bound(4, 0.6), (
        f"label_all for 10 numbers, 3 workers and 1 s each took {run.seconds:.2f} s by the clock on the wall; four rounds take "
        "4. Much more is one after the other, less means more than three threads."
    )
    assert not run.peak_process_threads or run.peak_process_threads >= THREE, (
        f"label_all with {THREE} workers had {amount(run.peak_process_threads, 'thread')} at the most, the caller's among them, as the system counts "
        "them. Each worker is a thread, which does its waiting itself."
    )
