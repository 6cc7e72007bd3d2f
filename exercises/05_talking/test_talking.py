"""The checks of kata 05: exact sums, messages larger than a pipe, and slow numbers that note who added them."""

import contextlib
import re
from collections import Counter
from typing import NamedTuple

import pytest

from grader.judge.faults import LearnerFault, explaining

LIMIT = 12.0
"""Seconds after which a call counts as hanging."""

LONG = 2.2
"""Seconds that a number takes to be added, more than whoever waits with a timeout is likely to wait."""

AGES = 1000.0
"""The same of the bubble's clock, where they are free: for threads."""

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


def asked(function, numbers, workers):
    """The call of `function` in words."""
    return f"{function} of {numbers} number{'s' * (numbers != 1)} on {workers} worker{'s' * (workers != 1)}"


class Added(NamedTuple):
    """An addition: by whom, from when to when, and of how many numbers."""

    worker: int
    begin: float
    end: float
    count: int


def some_numbers(rng, count):
    return [rng.randint(-(10**6), 10**6) for _ in range(count)]


def cases(rng, many):
    """Numbers and workers: parts of unequal size, huge numbers and such as no float holds, none, `many` workers."""
    huge = [rng.randint(-(10**400), 10**400) for _ in range(5)]
    unround = [2 * rng.randint(2**53, 2**57) + 1 for _ in range(3)]
    return [
        (some_numbers(rng, 10), 3),
        (some_numbers(rng, rng.randint(20, 40)), rng.randint(2, 5)),
        (huge, 2),
        (unround, 2),
        (some_numbers(rng, 3), many),
        ([1], 1),
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
            slowly = learner.probe("slow_sum", function, numbers, workers, 0.02, real=True, limit=LIMIT)
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
    for numbers, workers in cases(rng, many=100 if function == "sum_by_threads" else 7):
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
    assert_sums_again(learner, rng, function)


def assert_sums_again(learner, rng, function):
    """`function` adds anew in each call of a process, whatever it has added before."""
    *numbers, more = some_numbers(rng, 7)
    with telling_where_it_stood(learner):
        seen = learner.probe("sums_again", function, numbers, more, limit=LIMIT).value
    what = f"{function} was called three times: with a list of 6 numbers, with the same list after a number more was appended, and with an equal list"
    expected = [sum(numbers), sum([*numbers, more]), sum([*numbers, more])]
    lengths = [length for *_, length in seen]
    assert lengths == [6, 7, 7], (
        f"{what}. Afterwards {lengths[0]}, {lengths[1]} and {lengths[2]} numbers were in these lists. A list belongs to the caller, and is to "
        "be left as it is: work on parts that you have copied from it."
    )
    assert [total for total, *_ in seen] == expected, (
        f"{what}. The sums should be {expected}, they are {[total for total, *_ in seen]}. What is left of one call must not be found by the next."
    )
    counts = [count for _, count, _ in seen]
    assert all(counts), (
        f"{what}. Seen were additions of {counts[0]}, {counts[1]} and {counts[2]} numbers. The numbers are to be added in each call anew, "
        "also where they are the same as before: a sum that is remembered is no work shared."
    )


def slow_sum(learner, function, numbers, workers, seconds, *, clock="real"):
    """Return the run of `function` for numbers that take `seconds` each to be added; the sum is right."""
    with telling_where_it_stood(learner):
        run = learner.probe(
            "slow_sum", function, numbers, workers, seconds, real=clock == "real", clock=clock, limit=LIMIT
        )
    assert_pickled(run)
    total = run.value["total"]
    assert total == sum(numbers) or clock == "real", (
        f"{asked(function, len(numbers), workers)} gave {total!r} in place of {sum(numbers)} where adding a number takes {seconds:.0f} s: it returned before "
        f"the threads were done. {waited(run)}Adding may take as long as it likes: wait without a timeout, for as many parts as there are workers."
    )
    assert total == sum(numbers), (
        f"{asked(function, len(numbers), workers)}, where adding a number takes {seconds} s, gave {total!r} in place of "
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


def who_began_any(learner):
    """In which of two other cases processes are begun, a sentence; "" if that was not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        told = []
        for numbers, workers, what in (([5, 6, 7], 1, "3 numbers on 1 worker"), ([5], 2, "one number on 2 workers")):
            run = learner.probe("slow_sum", "sum_by_processes", numbers, workers, 0.1, real=True, limit=LIMIT)
            count = len(run.children)
            told.append(f"with {what} {'there were' if count > 1 else 'there was'} {count or 'none'}")
        return f"Once more: {', '.join(told)}. "
    return ""


def assert_waits_long(learner, rng):
    """sum_by_processes waits for a worker as long as that takes."""
    number = rng.randint(1, 10**6)
    with telling_where_it_stood(learner):
        run = learner.probe("slow_sum", "sum_by_processes", [number], 1, LONG, real=True, limit=LIMIT)
    total = run.value["total"]
    assert run.children, (
        "sum_by_processes of one number, on 1 worker: the system saw no other process, so it was this one that added. "
        f"{who_began_any(learner)}One number, too, is a worker's, and one worker is another process."
    )
    assert_nobody_alone(run, "sum_by_processes", 1, 1)
    assert total == number, (
        f"sum_by_processes of one number, on 1 worker, gave {total!r} in place of {number} where adding it takes {LONG} s: it returned "
        f"before the worker was done. {waited(run)}Adding may take as long as it likes. A join() or get() with a timeout, and empty(), look only at "
        "what has come so far: wait for as many parts as there are workers."
    )


def assert_waits_ages(learner, rng, count, workers):
    """sum_by_threads has threads add, few numbers and many, and waits for them as long as that takes."""
    numbers = some_numbers(rng, count)
    run = slow_sum(learner, "sum_by_threads", numbers, workers, AGES, clock="bubble")
    assert_nobody_alone(run, "sum_by_threads", count, workers)
    assert len(run.threads) > 1, (
        f"{asked('sum_by_threads', count, workers)}: no thread was begun. One number, too, is a worker's, and one worker is "
        "another thread than the caller's."
    )
    return run


def why_later(learner, function, numbers, workers, *, run, rows):
    """Why the second worker of `rows` was at work when the first was done, a sentence."""
    second = min((row.begin for row in rows if row.worker != rows[0].worker), default=0.0)
    if sum(begun < rows[0].end for begun in run.value["begun"]) > 1:
        with learner.aside(), contextlib.suppress(LearnerFault):
            if any(learner.probe("locks_made", function, numbers, workers, limit=LIMIT).value):
                return (
                    "The workers were all begun, and waited for each other: you have a lock, and who adds holds it meanwhile. Each adds its own part, which "
                    "nobody else touches, and needs no lock for that."
                )
    stood = [wait for wait in run.value["waits"] if rows[0].begin < wait["end"] <= second]
    if not stood:
        return "The second only began when the first was done: start all before you wait (join, get, result) for the first."
    wait = max(stood, key=lambda wait: wait["end"] - wait["begin"])
    return (
        f"Until the first was done, the caller stood in {wait['call']} in line {wait['line']} for {wait['end'] - wait['begin']:.2f} s, and "
        "only then the second began: start all before you wait for the first."
    )


def at_once(rows):
    """The most workers that were adding at the same time."""
    return max(
        (len({other.worker for other in rows if other.begin <= row.begin < other.end}) for row in rows), default=0
    )


def shared(rows, numbers, workers):
    """Whether all workers, and no more, were adding at the same time, none with more than twice its share."""
    shares = Counter()
    for row in rows:
        shares[row.worker] += row.count
    return at_once(rows) == workers and max(shares.values()) <= 2 * len(numbers) / workers


def assert_nobody_alone(run, function, count, workers):
    """The caller has added none of the numbers; one number may be a sum that no worker has added to anything."""
    alone = run.value["alone"]
    assert not alone or count == 1, (
        f"{asked(function, count, workers)}: the caller has added {alone} of the numbers itself. Share them all among the "
        "workers, also where they are no multiple of these, and where there is one worker; the caller adds up the parts."
    )


def assert_shared(learner, function, numbers, workers, *, run, rows, kind):
    """The numbers were shared among as many workers as were asked for, about evenly, and nothing else was touched or left."""
    what = asked(function, len(numbers), workers)
    most = at_once(rows)
    assert most <= workers, (
        f"{what}: {most} {kind} were adding at the same time. `workers` says among how many the work is to be shared: no more."
    )
    assert most == workers, (
        f"{what}: at most {most} {kind} were adding at the same time. {for_more(learner, function, numbers, workers + 2, kind)}`workers` says among how many the work is to be shared, and there was "
        f"enough for all. Give each of the {workers} a part, and begin them all before you wait for the first."
    )
    shares = Counter()
    for row in rows:
        shares[row.worker] += row.count
    most = max(shares.values())
    assert most <= 2 * len(numbers) / workers, (
        f"{what}: one of the {kind} has added {most} of the numbers, the others {sorted(shares.values())[:-1]}. All wait for that one: cut parts "
        "of about the same size."
    )
    assert run.value["numbers"] <= len(numbers), (
        f"{what}: {run.value['numbers']} numbers were added, so some of them more than once. Each is added by one of the workers."
    )
    assert not run.value["of others"], (
        f"{what}: {run.value['of others']} times a worker has added its numbers to what another one had made. Each worker adds up "
        "its own part and hands that over; it is the caller that adds up the parts."
    )
    changed = run.value["changed"]
    assert changed is None, (
        f"{what}: the list that was given has {len(changed or [])} numbers afterwards, and is not as it was. It belongs to the caller, and is to be left "
        "as it is: work on parts that you have copied from it."
    )
    left = run.value["left"]
    assert not left, (
        f"{what}: a second after the sum was returned {left_told(left)}. Who begins workers ends them: "
        "they return when they are done, and a pool is closed by `with`."
    )


def left_told(left):
    """How many threads and processes were `left`, and one of each, a part of a sentence."""
    told = []
    for one, many in (("process", "processes"), ("thread", "threads")):
        found = [name.partition(" ")[2] for name in left if name.startswith(one)]
        if found:
            told.append(
                f"{len(found)} {many if found[1:] else one} ({', '.join([*found[:1], *(['…'] if found[1:] else [])])})"
            )
    return f"{' and '.join(told)} {'was' if len(left) == 1 else 'were'} still there"


def for_more(learner, function, numbers, workers, kind):
    """How many are at work for another number of workers, a sentence; "" if that was not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        run = learner.probe("slow_sum", function, numbers, workers, 0.08, real=True, limit=LIMIT)
        if not run.raised:
            most = at_once(threads(run) if kind == "threads" else processes(run))
            return f"With {workers} workers there were at most {most}. "
    return ""


def beside(learner, rng, function, workers_of, *, size, workers):
    """Run `function` with slow numbers, once more with slower ones if its workers did not share them all the time.

    For a pool's last worker may be so late on a busy machine that the others have done all. `workers_of` picks what was
    added by workers from a run. Returns the numbers, the run, and these.
    """
    numbers = [rng.choice((-1, 1)) * 10 ** rng.randint(0, 30) + number for number in some_numbers(rng, size)]
    for seconds in (0.08, 0.4):
        run = slow_sum(learner, function, numbers, workers, seconds)
        rows = sorted(workers_of(run), key=lambda row: row.begin)
        if shared(rows, numbers, workers):
            break
    return numbers, run, rows


def threads(run):
    return [Added(ident, begin, end, count) for _, ident, count, begin, end in run.value["added"]]


def processes(run):
    children = {process.pid for process in run.children}
    return [Added(pid, begin, end, count) for pid, _, count, begin, end in run.value["added"] if pid in children]


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
    run = slow_sum(learner, "sum_by_processes", large, 2, 0.02)
    assert_by_children(run, "sum_by_processes of 4 huge numbers on 2 workers")
    assert_nobody_alone(run, "sum_by_processes", len(large), 2)


def assert_by_children(run, what):
    """It was other processes that added."""
    told = (
        f"{len(run.children)} processes were begun, and they added nothing. What a process sends should be the sum of its part."
        if run.children
        else "The system saw no children. Threads, ThreadPool and multiprocessing.dummy stay in this process."
    )
    assert processes(run), f"{what}: they were added by this process, {run.value['here'][0]}. {told}"


def test_threads_add_beside_each_other(learner, rng):
    """sum_by_threads has as many threads at work at the same time as it is told, also if that takes long."""
    size, workers = 11, 3  # no multiple: the rest is a worker's, too
    what = asked("sum_by_threads", size, workers)
    numbers, run, rows = beside(learner, rng, "sum_by_threads", threads, size=size, workers=workers)
    pids = {row[0] for row in run.value["added"]}
    assert pids <= {run.value["here"][0]}, (
        "sum_by_threads: another process has added numbers. Threads belong to this process."
    )
    count = len({row.worker for row in rows})
    called = rows and rows[0].worker == run.value["here"][1]
    assert count >= 2, f"{what}: {count} thread has added them all. " + (
        "It is the calling thread: `target=work(part)` and run() call at once, in this thread; start() begins another."
        if called
        else "It was not the calling one, so a worker had all the numbers: share them among the workers."
    )
    assert_nobody_alone(run, "sum_by_threads", size, workers)
    assert at_once(rows) >= 2, (
        f"{what}: no two threads were adding at the same time. {why_later(learner, 'sum_by_threads', numbers, workers, run=run, rows=rows)}"
    )
    assert_shared(learner, "sum_by_threads", numbers, workers, run=run, rows=rows, kind="threads")
    workers = rng.randint(9, 11)
    numbers = some_numbers(rng, workers * workers)
    run = slow_sum(learner, "sum_by_threads", numbers, workers, AGES / 10, clock="bubble")
    assert_shared(learner, "sum_by_threads", numbers, workers, run=run, rows=threads(run), kind="threads")
    for count, few in ((3, 1), (1, 2)):
        assert_waits_ages(learner, rng, count, few)


@pytest.mark.points(2)
def test_processes_add_beside_each_other(learner, rng):
    """sum_by_processes has as many processes at work at the same time as it is told, also if that takes long."""
    size, workers = 18, 4
    what = asked("sum_by_processes", size, workers)
    numbers, run, rows = beside(learner, rng, "sum_by_processes", processes, size=size, workers=workers)
    assert_by_children(run, what)
    assert_nobody_alone(run, "sum_by_processes", size, workers)
    assert len({row.worker for row in rows}) >= 2, (
        f"{what}: one process has added them all. Share the numbers among the workers; a pool that "
        "is given large chunks may give all of them to one."
    )
    assert at_once(rows) >= 2, (
        f"{what}: no two processes were adding at the same time. {why_later(learner, 'sum_by_processes', numbers, workers, run=run, rows=rows)}"
    )
    assert_shared(learner, "sum_by_processes", numbers, workers, run=run, rows=rows, kind="processes")
    assert_waits_long(learner, rng)


def test_no_workers_is_an_error(learner, rng):
    """Less than one worker raises ValueError, also if there are no numbers."""
    for function in ("sum_by_threads", "sum_by_processes"):
        for numbers, workers in ((some_numbers(rng, 4), 0), (some_numbers(rng, 4), -2), ([], 0)):
            learner.call(function, numbers, workers, limit=LIMIT).raises(
                "ValueError", "Nobody could do the work, and that is wrong even where there is none."
            )
