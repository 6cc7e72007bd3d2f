"""The checks of kata 11. In all but the last, waits take virtual time, and times are exact."""

import contextlib
from functools import partial

import pytest

from grader.judge.faults import LearnerFault

SOON = 0.25
"""Seconds of the bubble's clock within which an answer may notice what has happened, if it looks now and then."""

SEARCH = 200
"""Schedules: of two jobs on two threads a pool makes too many to try them all; of one job, or one worker, it doesn't."""


def in_words(rows):
    """What the jobs do, for a message."""
    return "The jobs: " + ", ".join(
        f"{number} {kind.replace('gives', 'returns').replace('returns nothing', 'returns None')} after {seconds:g} s"
        for kind, number, seconds in rows
    )


def amount(count, what):
    """`count` and the word for so many."""
    return f"{count} {what}{'s' if count != 1 else ''}"


def shuffled(rng, rows):
    """`rows` in any order in which neither the first nor the last of a kind is the one that ends last of that kind."""
    kinds = {kind for kind, _, _ in rows}
    while True:
        rows = rng.sample(rows, len(rows))
        alike = [[row for row in rows if row[0] == kind] for kind in kinds]
        if all(max(some, key=lambda row: row[2]) not in (some[0], some[-1]) for some in alike if len(some) > 2):
            return rows


def last_wait(run):
    """What the caller waited for in the end, what came of its calls of `cancel`, and what that means."""
    waits = [event.detail for event in run.timeline if event.lane == run.threads[0].name and event.what == "wait"]
    waited = waits[-1] if waits else ""
    refused = run.value["cancel refused"]
    told = f"In the end it waited {waited}. " if waited else ""
    if refused:
        told += f"cancel() was asked of {refused} job{'s' if refused > 1 else ''} that ran, and answered False: it stops only what has not begun. "
    if waited.endswith("result"):
        return f"{told}result() waits for that one job, whoever else is done: take the futures as they complete."
    if waited.endswith("done"):
        return f"{told}A timeout for each of several waits in a row is longer than one for all."
    return (
        f"{told}No timeout stops a job: the end of `with ThreadPoolExecutor() as pool:` waits for all of them, however long they take, and so does join(); "
        "pool.shutdown(wait=False) does not."
    )


def some_seconds(rng, count):
    """Times, each clearly later than the one before."""
    at, times = 0.0, []
    for _ in range(count):
        at += rng.randint(600, 1500) / 1000
        times.append(round(at, 3))
    return times


def assert_came(told, rows, raised, returned, why="", *, more=None):
    """This is what first_success raised or returned; if not, `more` is called for a sentence more."""
    expected = f"return {returned!r}" if raised == "nothing" else f"raise {raised}"
    did = f"returned {told['returned']!r}" if told["raised"] == "nothing" else f"raised {told['raised']}"
    assert told["raised"] == raised and told["returned"] == returned and type(told["returned"]) is type(returned), (
        f"{in_words(rows)}. first_success should {expected}; after {told['seconds']:g} s it {did}. {' '.join(filter(None, (why, more and more())))}".rstrip()
    )


def assert_at(told, rows, at, why):
    """It came at that time."""
    assert at - 2e-6 <= told["seconds"] < at + SOON, (
        f"{in_words(rows)}. first_success should be over at {at:g} s, it was at {told['seconds']:g} s. {why}"
    )


def how_results_were_asked(learner, rows):
    """With which timeouts the caller asked result() of futures, or that it waited there, a sentence; "" if it did neither."""
    rows = sorted(rows, key=lambda row: row[0].startswith("gives"))
    with learner.aside(), contextlib.suppress(LearnerFault):
        seen = learner.probe("results_asked", rows, 60.0).value
        timeouts = [timeout for timeout, done in seen if timeout or not done]
        if timeouts:
            given = " and ".join(
                "no timeout" if timeout is None else f"timeout={timeout:g}" for timeout in dict.fromkeys(timeouts)
            )
            return (
                "Once more, with a timeout of 60 s and those that raise at the front of the list: it asked result() of "
                f"{amount(len(timeouts), 'job')}, one after the other, {'each ' * (len(timeouts) > 1)}with {given}."
            )
    return ""


def is_zero_passed_over(learner):
    """Whether a job that returns 0 is passed over, too, where one that returned None was, a sentence."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        told = learner.probe("first", [("gives", 7, 5.0), ("gives", 0, 1.0)], 60.0).value
        if told["raised"] == "nothing":
            return f"Where a job returned 0 after 1 s, and another 7 after 5 s, it returned {told['returned']!r}."
    return ""


@pytest.mark.points(2)
def test_the_first_to_succeed_wins(learner, rng):
    """The value of the first job that returns is there as soon as that has returned, whatever came before."""
    times = some_seconds(rng, 5)
    kinds = ["raises", "raises TimeoutError", "gives", "raises", "gives"]
    rows = [(kind, number, at) for number, (kind, at) in enumerate(zip(kinds, times, strict=True))]
    rows = shuffled(rng, rows)
    run = learner.probe("first", rows, 60.0)
    told = run.value
    assert_came(
        told,
        rows,
        "nothing",
        2,
        "Who has failed is no winner, whatever it raised (a TimeoutError of a job is not your timeout), and nobody else is waited for: take the futures as "
        "they complete, not as they stand in the list, until one has a value.",
        more=partial(how_results_were_asked, learner, rows),
    )
    assert_at(told, rows, times[2], last_wait(run))
    for kind, value in (("gives nothing", None), ("gives", 0)):
        rows = [("gives", 7, 5.0), (kind, 0, 1.0), ("raises", 3, 2.0)]
        run = learner.probe("first", rows, 60.0)
        told = run.value
        why = f"To return is to succeed, and {value!r} is a value like any other."
        more = partial(is_zero_passed_over, learner) if value is None else None
        assert_came(told, rows, "nothing", value, why, more=more)
        assert_at(told, rows, 1.0, last_wait(run))


def test_all_jobs_begin_at_once(learner, rng):
    """Forty jobs that wait for each other all come together."""
    count = rng.randint(36, 44)
    told = learner.probe("meet", count, 10.0).value
    if told["came"] == 1:
        guess = "The next was called only when the first had ended: submit(job()), Thread(target=job()) and run() call the job right there."
    else:
        guess = "So many threads there were for them: without max_workers a pool has min(32, cores + 4) threads."
    assert told["raised"] == "nothing" and told["seconds"] < SOON, (
        f"{count} jobs waited for each other at a barrier, 10 s at most; by then {told['came']} had come, and after {told['seconds']:g} s first_success raised "
        f"{told['raised']}. All jobs should begin at once, each in a thread of its own. {guess}"
    )


def who_was_ended(run):
    """How many threads were ended by exceptions, and where these can be caught, a sentence; "" if none was."""
    ended = run.stderr.count("Exception in thread ")
    if not ended:
        return ""
    return (
        f"{amount(ended, 'thread')} {'were' if ended > 1 else 'was'} ended by what the job raised, and a `try` around start() or get(), in the "
        "thread that calls, sees nothing of that: catch it where the job is called. "
    )


def which_error(run, rows):
    """Whose error it was: its place in the list, and in time."""
    told = run.value
    names = [f"Trouble of job {number}" for _, number, _ in rows]
    if told["raised"] == "nothing":
        return "An exception is to be raised here, not returned."
    if told["raised"] not in names:
        return (
            who_was_ended(run)
            or "An exception that stays in its future is heard of by nobody: keep each one as it comes."
        )
    place, when = names.index(told["raised"]), int(told["raised"].split()[-1])
    order = ("first", "second", "third", "last")
    return (
        f"Job {when} is the {order[place]} of the list, and by these times the {order[when]} to fail. Asked for is the one that failed last, wherever it stands in the list: "
        "not futures[0] or futures[-1], but the one that as_completed gave last."
    )


def test_if_all_fail_the_last_error_is_raised(learner, rng):
    """Where no job succeeds, the exception that came last is raised as soon as it has come."""
    times = some_seconds(rng, 4)
    # Those that fail second and third stand first and last in the list: so each place, in the list and in time, is another's.
    second, third = rng.sample((1, 2), 2)
    rows = [("raises", number, times[number]) for number in (second, *rng.sample((0, 3), 2), third)]
    run = learner.probe("first", rows, 60.0)
    told = run.value
    assert_came(told, rows, "Trouble of job 3", None, more=partial(which_error, run, rows))
    assert_at(told, rows, times[3], "When the last has failed there is nothing to wait for.")


def test_the_timeout_is_kept(learner, rng):
    """When the time is over, TimeoutError is raised there and then, whoever still runs; no jobs are a ValueError."""
    timeout = rng.randint(2100, 3900) / 1000
    for others in ([("gives", 2, 7.0)], [("raises", 2, 0.7), ("raises", 3, 1.9), ("gives", 4, 8.0)]):
        rows = shuffled(rng, [("gives", 1, 20.0), *others])
        run = learner.probe("first", rows, timeout)
        told = run.value
        asked = f"timeout={timeout} is for the whole call. "
        assert_came(told, rows, "TimeoutError", None, f"{asked}No job had succeeded by then.")
        assert_at(told, rows, timeout, f"{asked}{last_wait(run)}")
    told = learner.probe("first_of_none").value
    assert told["raised"] == "ValueError", (
        "first_success([], 1.0) should raise ValueError, since there is no first of none; it "
        + (f"returned {told['returned']}." if told["raised"] == "nothing" else f"raised {told['raised']}.")
    )


def test_gather_in_the_order_of_completion(learner, rng):
    """Values and exceptions are all told, each in the order of ending."""
    times = some_seconds(rng, 6)
    kinds = rng.sample(["gives", "raises", "gives", "gives", "raises", "raises"], 6)
    rows = shuffled(rng, [(kind, number, at) for number, (kind, at) in enumerate(zip(kinds, times, strict=True))])
    told = learner.probe("gathered", rows, 6).value
    assert_gathered(told, rows, with_one_worker(learner, rows) if ended_one(told) else "")
    values = [number for number, kind in enumerate(kinds) if kind == "gives"]
    errors = [f"Trouble of job {number}" for number, kind in enumerate(kinds) if kind == "raises"]
    errors_begin = kinds.index("raises")  # so many values come before the first exception
    for name, expected in (("values", values), ("errors", errors)):
        seen = told[name]
        if sorted(map(str, seen)) == sorted(map(str, expected)):
            guess = "They should stand in the order in which the jobs ended: as_completed gives the futures so, a list of futures and map() don't."
        elif told["values"] == values[:errors_begin] and told["errors"] == errors[:1]:
            guess = "These are those that had ended when the first exception came, and no more: one job's exception should not end the loop that asks for the others."
        elif name == "errors":
            guess = "An exception stays in its future until somebody asks by result() or exception(), and a plain thread takes it along when it ends."
        else:
            guess = "start() and join() return nothing: what a job returns has to be kept in its thread."
        assert seen == expected, (
            f"{in_words(rows)}. gather(jobs, 6): the {name} should be {expected}, they are {seen}. {guess}"
        )
    run = learner.probe("gathered", [], 2).value
    assert run["raised"] == "nothing" and not run["shape"], (
        f"gather([], 2) should return ([], []); it raised {run['raised']}, returned {run['shape']}."
    )


def ended_one(told):
    """Whether `gather` returned when a single job had ended."""
    return told["raised"] == "nothing" and len(told["ended"]) == 1


def with_one_worker(learner, rows):
    """What `gather` had waited for by one worker, for a message."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        told = learner.probe("gathered", rows, 1).value
        never = sorted({number for _, number, _ in rows} - set(told["begun"]))
        rest = f"and {never} had not begun" if never else "all of them"
        return f" And by one worker it returned when {told['ended']} had ended, {rest}."
    return ""


def assert_gathered(told, rows, more=""):
    """`gather` returned a tuple of two lists, and all jobs were done."""
    assert told["raised"] == "nothing", (
        f"{in_words(rows)}. gather raised {told['raised']}. It should return the exceptions, in its second list, and go on with the others."
    )
    assert not told["shape"], (
        f"gather should return a tuple of two lists, (values, errors); it returned {told['shape']}."
    )
    everyone = sorted(number for _, number, _ in rows)
    never, running = sorted(set(everyone) - set(told["begun"])), sorted(set(told["begun"]) - set(told["ended"]))
    twice = sorted({number for number in told["begun"] if told["begun"].count(number) > 1})
    guess = "Nothing is returned before all have ended: daemon threads that nobody joins are cut off."
    if ended_one(told):
        guess = f"It returned as soon as job {told['ended'][0]} had ended, the first to end, whoever was left: the end of each job is to be waited for, not that of any. {guess}"
    if never and twice:
        guess = "A lambda in a loop looks the loop's variable up when it is called, and by then the loop has gone on: hand the job over as an argument."
    assert told["begun"] == everyone and told["ended"] == everyone, (
        f"{in_words(rows)}. When gather returned, after {told['seconds']:g} s, never begun: {never}; begun and not ended: {running}; more than once begun: {twice}.{more} {guess}"
    )


def test_gather_uses_its_workers(learner, rng):
    """Up to `workers` jobs are under way at once, never more, and less than one worker is a ValueError."""
    workers = rng.randint(2, 4)
    # The first of the first row is slow, so that who waits for the rest of a row is found out.
    rows = [("gives", number, 4.0 if number == 0 else 1.0) for number in range(3 * workers)]
    for asked in (1, workers):
        told = learner.probe("gathered", rows, asked).value
        assert_gathered(told, rows)
        if told["at once"] > asked:
            each = "That is one for each job. " if told["at once"] == len(rows) else ""
            guess = f"{each}A pool is told how many threads it may have: `workers`."
        elif told["by the caller"]:
            guess = "They were called by the calling thread itself: submit(job()) calls the job right there, and so does run()."
        else:
            guess = "Threads called them: were all jobs handed in before the first result was asked for?"
        assert told["at once"] == asked, (
            f"{len(rows)} jobs, {amount(asked, 'worker')}: at most {told['at once']} {'was' if told['at once'] == 1 else 'were'} under way at "
            f"once, it should be {asked}. {guess}"
        )
    # Until the last job begins nobody is idle, so that it begins no later than all others, shared evenly, have taken.
    latest = (sum(row[2] for row in rows) - 1.0) / workers
    assert told["last began"] <= latest + SOON, (
        f"{in_words(rows)}. gather(jobs, {workers}) began the last job after {told['last began']:g} s. Who is done should take the next job at once: then the "
        f"last begins after {latest:g} s or sooner. Jobs that are handed in row by row wait for the slowest of each row."
    )
    rows = [("gives", number, 1.0) for number in range(rng.randint(36, 44))]
    told = learner.probe("gathered", rows, len(rows)).value
    assert told["at once"] == len(rows), (
        f"{len(rows)} jobs, as many workers: at most {told['at once']} were under way at once. Without max_workers a pool has min(32, cores + 4) threads, "
        "that of asyncio.to_thread too."
    )
    learner.probe("refused").returned(
        ["ValueError"] * 3,
        "gather([job], 0), gather([job], -1) and gather([], 0): what came of it. Nobody could do the work.",
    )


def test_first_success_in_any_order(learner):
    """One job, or two that end at the same moment: in no order is a value or an error lost."""
    signal = "What one thread sets and another waits for has to be complete before the other is woken: first the value, then the signal."
    for kinds, came in ((["gives"], "the value 0"), (["raises"], "Trouble of job 0")):
        learner.explore("first_small", kinds).only(
            came, f"One job that {'returned 0' if kinds == ['gives'] else 'raised'}, with a timeout of 60 s. {signal}"
        )
    learner.explore("first_small", ["gives", "raises"], budget=SEARCH).only(
        "the value 0",
        "One job returned 0, another raised, with a timeout of 60 s: the value should come, in whatever order they end. "
        "An error counts only when all have failed, and what both threads read and write goes under one lock.",
    )
    learner.explore("first_small", ["raises", "raises"], budget=SEARCH).always(
        lambda came: came in ("Trouble of job 0", "Trouble of job 1"),
        "Two jobs raised, with a timeout of 60 s: what the later one raised should come, and no TimeoutError. To count who has failed is to "
        "read, add and write: under one lock.",
    )


def test_gather_in_any_order(learner):
    """Two jobs that end at the same moment are both told, in whatever order."""
    why = "To look which job is next and to take it must be one step; and a list that two threads make longer is appended to, not replaced."
    for kinds, workers, came in (
        (["gives", "raises"], 1, {"values": [0], "errors": ["Trouble of job 1"]}),
        (["gives", "raises"], 2, {"values": [0], "errors": ["Trouble of job 1"]}),
        (["gives", "gives"], 2, {"values": [0, 1], "errors": []}),
    ):
        learner.explore("gather_small", kinds, workers, budget=SEARCH).only(
            came,
            f"Two jobs: the first returned 0, the second {'raised' if 'raises' in kinds else 'returned 1'}; {workers} worker{'s' if workers > 1 else ''}. "
            f"Values and errors are sorted here. {why}",
        )


@pytest.mark.real_time
def test_as_completed_for_real(learner):
    """On plain threads the first success comes first, the timeout is kept, and gather tells all."""
    rows = [("gives", 0, 3.0), ("raises", 1, 0.1), ("gives", 2, 0.4)]
    run = learner.probe("first", rows, 20.0, clock="real", limit=20.0)
    assert_came(run.value, rows, "nothing", 2)
    assert run.seconds < learner.bound(0.4, 2.2), (
        f"{in_words(rows)}. The value of job 2 came after {run.seconds:.2f} s: the slow one is not waited for. {last_wait(run)}"
    )
    rows = [("gives", 0, 3.0), ("raises", 1, 0.1)]
    run = learner.probe("first", rows, 0.5, clock="real", limit=20.0)
    assert_came(run.value, rows, "TimeoutError", None, "timeout=0.5.")
    assert 0.4 < run.seconds < learner.bound(0.5, 2.2), (
        f"{in_words(rows)}. With timeout=0.5 it was over after {run.seconds:.2f} s."
    )
    rows = [("gives", 0, 1.0), ("raises", 1, 0.2), ("gives", 2, 0.5)]
    told = learner.probe("gathered", rows, 3, clock="real", limit=20.0).value
    assert_gathered(told, rows)
    assert (told["values"], told["errors"]) == ([2, 0], ["Trouble of job 1"]), (
        f"{in_words(rows)}. gather(jobs, 3) gave the values {told['values']} and the errors {told['errors']}."
    )
