"""The checks of kata 05: exact sums, messages larger than a pipe, and slow numbers that note who added them."""

import contextlib
import re

import pytest

from grader.judge.faults import LearnerFault, explaining

LIMIT = 12.0
"""Seconds after which a call counts as hanging."""

LONG = 2.2
"""Seconds that a number takes to be added, more than whoever waits with a timeout is likely to wait."""

STUCK = {
    (
        "process.py",
        "join",
    ): "It stands in join(): what a child has put into a multiprocessing.Queue or Pipe waits in the child until it is read, "
    "and the child does not end before that. A small message fits into the pipe, a large one does not. Fetch all parts first, join then.",
    (
        "queue.py",
        "get",
    ): "It stands in get() of a queue.Queue, which is for threads and never reaches another process: take a "
    "multiprocessing.Queue.",
    ("queues.py", "get"): "It stands in get(): fewer parts come than are waited for.",
    ("connection.py", "recv"): "It stands in recv(): fewer parts come than are waited for.",
    ("pool.py", "get"): "It stands in get(): that result of the pool does not come.",
}
"""What it means that a call stood in this function of this file."""

IN_STACK = re.compile(r'File "([^"]+)", line \d+ in (\w+)')


@contextlib.contextmanager
def telling_where_it_stood(learner):
    """Say what it means where a call that did not end stood, and what error stands on stderr."""
    try:
        yield
    except LearnerFault as fault:
        last = learner.runs[-1].last_error if learner.runs else ""
        told = f"{STUCK.get(called_last(fault.message), '')}{f' On stderr stands {last}.' if last else ''}".lstrip()
        with explaining(told) if told else contextlib.nullcontext():
            raise


def called_last(message):
    """File and name of the function that the answer called last, by the stacks in `message`; "" for both if they don't tell."""
    for stack in reversed(message.split("(most recent call first):")):
        above, found, _ = stack.partition('File "talking.py"')
        if found:
            return next(reversed(IN_STACK.findall(above)), ("", ""))
    return "", ""


def some_numbers(rng, count):
    return [rng.randint(-(10**6), 10**6) for _ in range(count)]


def cases(rng):
    """Numbers and workers: parts of unequal size, huge numbers, none, and more workers than numbers."""
    huge = [rng.randint(-(10**400), 10**400) for _ in range(5)]
    return [
        (some_numbers(rng, 10), 3),
        (some_numbers(rng, rng.randint(20, 40)), rng.randint(2, 5)),
        (huge, 2),
        (some_numbers(rng, 3), 7),
        (some_numbers(rng, 1), 1),
        ([], 3),
    ]


def assert_pickled(run):
    """The call did not fail because something could not travel."""
    error = run.error
    told = f"{error.type}: {error.text}" if error else ""
    assert "pickle" not in told.lower() and "local object" not in told, (
        f"{run.asked} raised {told}. What goes to another process is pickled, and a function travels by its name: it must stand at the "
        "top level of your file, no lambda and no inner function."
    )


def why_nothing(run):
    """Why a sum of slow numbers was 0, a sentence or two: by who added them, and what the caller asked of a queue."""
    added = [row for row in run.value["added"] if row[:2] != run.value["here"]]
    if not added:
        told = f" On stderr stands {run.last_error}." if run.last_error else ""
        if run.value["kept"]:
            return (
                f"{len(run.children)} processes were begun and no worker added a number. The result of an apply_async() keeps the "
                f"error {run.value['kept']}. It is raised when somebody calls get() of that result."
            )
        return (
            f"{len(run.children)} processes were begun and no worker added a number: the tasks never came to them.{told} A Pool's "
            "apply_async() keeps an error, as of a Lock that can't be handed to a Pool, until somebody calls get() of its result."
        )
    asked = [wait for wait in run.value["waits"] if wait["gave"] is True]
    if asked:
        ready = sum(end <= asked[-1]["end"] for *_, end in added)
        return (
            f"Line {asked[-1]['line']} asked empty(), and it was True, when {ready} of {len(added)} additions were done: a queue is "
            "empty as long as nobody has put anything there. Wait for as many parts as there are workers."
        )
    count = len({row[:2] for row in added})
    return (
        f"{count} workers have added the numbers, and nothing of that has arrived. A process has globals of its own, as of all else in "
        "memory: what it adds to them ends with it. Send each part by a multiprocessing.Queue or Pipe, or as a pool's result."
    )


def why_other(learner, function, numbers, workers, run):
    """What may have made a sum differ, a sentence; "" if nothing is known."""
    value = run.value
    if value == 0 and numbers:
        with learner.aside(), contextlib.suppress(LearnerFault):
            slowly = learner.probe("slow_sum", function, numbers, workers, 0.02, limit=LIMIT)
            if not slowly.raised:
                return f"Once more, with numbers that take 0.02 s to add: {why_nothing(slowly)}"
        return ""
    size = len(numbers) // workers
    if value == sum(numbers[: size * workers]):
        lost = len(numbers) - size * workers
        missing = "The last one is" if lost == 1 else f"The last {lost} are"
        return f"{missing} missing: {len(numbers)} numbers are no multiple of {workers} workers."
    if isinstance(value, int) and run.children and any(abs(number) > 2**60 for number in numbers):
        return (
            "Python's ints have no bounds; those of multiprocessing.Value and Array have, and are cut without a word."
        )
    return ""


def assert_sums(learner, rng, function):
    """`function` gives the right sum in all cases."""
    for numbers, workers in cases(rng):
        with telling_where_it_stood(learner):
            run = learner.call(function, numbers, workers, limit=LIMIT)
        assert_pickled(run)
        error = run.error
        assert error is None or numbers, (
            f"{run.asked} raised {error and error.type}: {error and error.text}. No numbers are no error, their sum is 0."
        )
        assert error is None or len(numbers) >= workers, (
            f"{run.asked} raised {error and error.type}: {error and error.text}. There are more workers than numbers, so "
            f"{len(numbers)} // {workers} is 0; some workers have nothing to do, and that is no error."
        )
        why = "" if run.value == sum(numbers) else why_other(learner, function, numbers, workers, run)
        run.returned(sum(numbers), why)


def slow_sum(learner, function, numbers, workers, seconds):
    """Return the run of `function` for numbers that take `seconds` each to be added; the sum is right."""
    with telling_where_it_stood(learner):
        run = learner.probe("slow_sum", function, numbers, workers, seconds, limit=LIMIT)
    assert_pickled(run)
    total = run.value["total"]
    assert total == sum(numbers), (
        f"{function} of {len(numbers)} numbers on {workers} workers, where adding a number takes {seconds} s, gave {total!r} in place of "
        f"{sum(numbers)}. {why_nothing(run) if total == 0 else why_less(learner, function, numbers, workers, run)}"
    )
    return run


def why_less(learner, function, numbers, workers, run):
    """How workers may have lost a part of a sum, some sentences: by what they added, and whether they had locks."""
    added, parts = run.value["numbers"], run.value["partial sums"]
    if added < len(numbers):
        return f"{added} of the {len(numbers)} numbers were seen to be added to something, the others not: is each number in a part?"
    if function == "sum_by_threads":
        more = locks_of(learner, function, numbers, workers)
    else:
        more = "A multiprocessing.Value is no safer without `with value.get_lock():`. "
    return (
        f"Seen were additions of {added} numbers, and of {parts or 'no'} partial sums by workers. `total += …` on something shared reads, adds and writes; "
        f"what another worker writes in between is lost. {more}"
        "Let each worker add up its own part, and send that by a queue or as a pool's result."
    )


def locks_of(learner, function, numbers, workers):
    """Whether the threads have locks, a sentence; "" if that was not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        made, known = learner.probe("locks_made", function, numbers, workers, limit=LIMIT).value
        if made or known:
            return f"The call made {made} locks, and globals of the file name {known}: each such addition needs the same one. "
        return "The threads had no lock. "
    return ""


def waited(run):
    """Where the caller waited longest, and what it asked of a queue, a sentence; "" if it was not seen to wait."""
    waits = run.value["waits"]
    if not waits:
        return ""
    longest = max(waits, key=lambda wait: wait["end"] - wait["begin"])
    asked = [f", then {wait['call']} in line {wait['line']} gave True" for wait in waits if wait["gave"] is True]
    return (
        f"The caller stood in {longest['call']} in line {longest['line']} for {longest['end'] - longest['begin']:.2f} s"
        f"{asked[-1] if asked else ''}. "
    )


def assert_waits_long(learner, rng):
    """sum_by_processes waits for a worker as long as that takes."""
    number = rng.randint(1, 10**6)
    with telling_where_it_stood(learner):
        run = learner.probe("slow_sum", "sum_by_processes", [number], 1, LONG, limit=LIMIT)
    total = run.value["total"]
    assert total == number, (
        f"sum_by_processes of one number, on 1 worker, gave {total!r} in place of {number} where adding it takes {LONG} s: it returned "
        f"before the worker was done. {waited(run)}Adding may take as long as it likes. A join() or get() with a timeout, and empty(), look only at "
        "what has come so far: wait for as many parts as there are workers."
    )


def why_later(run, rows):
    """Why the second worker of `rows` was begun when the first was done, a sentence."""
    second = min((begin for worker, begin, _ in rows if worker != rows[0][0]), default=0.0)
    stood = [wait for wait in run.value["waits"] if rows[0][1] < wait["end"] <= second]
    if not stood:
        return "The second was only begun when the first was done: start all before you wait (join, get, result) for the first."
    wait = max(stood, key=lambda wait: wait["end"] - wait["begin"])
    return (
        f"Until the first was done, the caller stood in {wait['call']} in line {wait['line']} for {wait['end'] - wait['begin']:.2f} s, and "
        "only then it began the second: start all before you wait for the first."
    )


def beside(learner, rng, function, workers_of):
    """Run `function` with slow numbers, once more with slower ones if no two of its workers were at work at once.

    For a pool's second worker may be so late on a busy machine that the first has done all. `workers_of` picks rows of
    worker, begin and end from a run. Returns the run, and whether two were at work at once.
    """
    for seconds in (0.08, 0.4):
        run = slow_sum(learner, function, some_numbers(rng, 8), 3, seconds)
        rows = sorted(workers_of(run), key=lambda row: row[1])
        for place, (worker, _, end) in enumerate(rows):
            if any(other != worker and begin < end for other, begin, _ in rows[place + 1 :]):
                return run, True
    return run, False


@pytest.mark.points(2)
def test_threads_find_the_sum(learner, rng):
    """sum_by_threads gives the sum: of huge numbers, of none, of fewer than there are workers."""
    assert_sums(learner, rng, "sum_by_threads")


@pytest.mark.points(2)
def test_processes_find_the_sum(learner, rng):
    """sum_by_processes gives the sum: of huge numbers, of none, of fewer than there are workers."""
    assert_sums(learner, rng, "sum_by_processes")


@pytest.mark.points(2)
def test_large_messages_come_through(learner, rng):
    """sum_by_processes carries partial sums that are larger than a pipe, and many numbers."""
    large = [rng.getrandbits(8 * rng.randint(150_000, 200_000)) for _ in range(4)]
    many = some_numbers(rng, 30_000)
    for numbers in (large, many):
        with telling_where_it_stood(learner):
            run = learner.call("sum_by_processes", numbers, 2, limit=LIMIT)
        nothing = "Nothing of what the workers have added has arrived." if run.value == 0 else ""
        run.returned(sum(numbers), nothing)


def test_threads_add_beside_each_other(learner, rng):
    """sum_by_threads has two threads at work at the same time."""

    def threads(run):
        return [row[1:] for row in run.value["added"]]

    run, at_once = beside(learner, rng, "sum_by_threads", threads)
    rows = sorted(threads(run), key=lambda row: row[1])
    pids = {row[0] for row in run.value["added"]}
    assert pids <= {run.value["here"][0]}, (
        "sum_by_threads: another process has added numbers. Threads belong to this process."
    )
    count = len({row[0] for row in rows})
    called = rows and rows[0][0] == run.value["here"][1]
    assert count >= 2, f"sum_by_threads of 8 numbers on 3 workers: {count} thread has added them all. " + (
        "It is the calling thread: `target=work(part)` and run() call at once, in this thread; start() begins another."
        if called
        else "It was not the calling one, so a worker had all the numbers: share them among the workers."
    )
    alone = run.value["alone"]
    assert not alone, (
        f"sum_by_threads of 8 numbers on 3 workers: the caller has added {alone} of the numbers itself. Share them all among the workers, "
        "also where they are no multiple of these; the caller adds up the parts."
    )
    assert at_once, (
        f"sum_by_threads of 8 numbers on 3 workers: no two threads were adding at the same time. {why_later(run, rows)}"
    )


@pytest.mark.points(2)
def test_processes_add_beside_each_other(learner, rng):
    """sum_by_processes has two processes at work at the same time."""

    def processes(run):
        children = {process.pid for process in run.children}
        return [(pid, begin, end) for pid, _, begin, end in run.value["added"] if pid in children]

    run, at_once = beside(learner, rng, "sum_by_processes", processes)
    rows = sorted(processes(run), key=lambda row: row[1])
    pids = {row[0] for row in rows}
    assert pids, (
        f"sum_by_processes of 8 numbers on 3 workers: they were added by this process, {run.value['here'][0]}, and the system saw "
        f"{len(run.children)} children. Threads, ThreadPool and multiprocessing.dummy stay in this process."
    )
    alone = run.value["alone"]
    assert not alone, (
        f"sum_by_processes of 8 numbers on 3 workers: this process has added {alone} of the numbers itself. Share them all among the "
        "workers, also where they are no multiple of these; the caller adds up the parts."
    )
    assert len(pids) >= 2, (
        "sum_by_processes of 8 numbers on 3 workers: one process has added them all. Share the numbers among the workers; a pool that "
        "is given large chunks may give all of them to one."
    )
    assert at_once, (
        "sum_by_processes of 8 numbers on 3 workers: no two processes were adding at the same time. "
        f"{why_later(run, rows)}"
    )
    assert_waits_long(learner, rng)


def test_no_workers_is_an_error(learner, rng):
    """Less than one worker raises ValueError, also if there are no numbers."""
    for function in ("sum_by_threads", "sum_by_processes"):
        for numbers, workers in ((some_numbers(rng, 4), 0), (some_numbers(rng, 4), -2), ([], 0)):
            learner.call(function, numbers, workers, limit=LIMIT).raises(
                "ValueError", "Nobody could do the work, and that is wrong even where there is none."
            )
