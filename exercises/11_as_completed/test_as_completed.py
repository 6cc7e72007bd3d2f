"""The checks of kata 11. In all but the last, waits take virtual time, and times are exact."""

import contextlib
from functools import partial

import pytest

from grader.judge.faults import LearnerFault

SOON = 0.1
"""Seconds of the bubble's clock within which an answer may notice what has happened, if it looks now and then."""

SEARCH = 200
"""Schedules: of two jobs on two threads a pool makes too many to try them all; of one job, or one worker, it doesn't."""


def in_words(rows):
    """What the jobs do, for a message."""
    return "The jobs: " + ", ".join(
        f"{number} {kind.replace('gives', 'returns').replace('nothing', 'None').replace('an error', 'ValueError(…) as a value')} after {seconds:g} s"
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


def last_nap(run):
    """Where the caller slept in the end, in a line of the answer, and what that means; "" if it did not."""
    stood = [event for event in run.timeline if event.lane == run.threads[0].name and event.what in ("sleep", "wait")]
    if not stood or stood[-1].what == "wait" or stood[-1].file != "as_completed.py":
        return ""
    return (
        f"In the end the caller slept {stood[-1].detail} in line {stood[-1].line}: what comes meanwhile it sees only when it looks again. as_completed(), wait(), and get() of a "
        "queue return as soon as something has come."
    )


def last_wait(run):
    """What the caller waited for in the end, what came of its calls of `cancel`, and what that means."""
    slept = last_nap(run)
    if slept:
        return slept
    waits = [event.detail for event in run.timeline if event.lane == run.threads[0].name and event.what == "wait"]
    waited = waits[-1] if waits else ""
    refused = run.value["cancel refused"]
    told = f"In the end it waited {waited}. " if waited else ""
    if refused:
        told += f"cancel() was asked of {refused} job{'s' if refused > 1 else ''} that ran, and answered False: it stops only what has not begun. "
    if waited.endswith("result"):
        return f"{told}result() waits for that one job, whoever else is done: take the futures as they complete."
    if waited.endswith(("done", "Queue")):
        return f"{told}A timeout for each of several waits in a row is longer than one for all; and to the one there is nothing to be added or taken off."
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
    assert not told["twice"], (
        f"{in_words(rows)}. Called more than once by first_success: {told['twice']}. Each job is to be done once: what it returned, or raised, is in its future."
    )
    expected = f"return {returned!r}" if raised == "nothing" else f"raise {raised}"
    did = f"returned {told['returned']!r}" if told["raised"] == "nothing" else f"raised {told['raised']}"
    assert told["raised"] == raised and told["returned"] == returned and type(told["returned"]) is type(returned), (
        f"{in_words(rows)}. first_success should {expected}; after {told['seconds']:g} s it {did}. {' '.join(filter(None, (why, more and more())))}".rstrip()
    )


def assert_at(told, rows, at, why):
    """It came at that time."""
    assert at - 2e-6 <= told["seconds"] <= at + SOON + 2e-6, (
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
    kinds = ["raises Empty", "raises TimeoutError", "gives", "raises", "gives"]
    rows = [(kind, number, at) for number, (kind, at) in enumerate(zip(kinds, times, strict=True))]
    slow = rows.pop()
    rows = rng.sample(rows, 4)
    # The slower value stands before the other: so who asks in the order of the list is found out.
    rows.insert(rng.randint(0, next(place for place, row in enumerate(rows) if row[1] == 2)), slow)
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
    error = "the object ValueError('a value')"
    for kind, value in (("gives nothing", None), ("gives", 0), ("gives False", False), ("gives an error", error)):
        rows = [("gives", 7, 5.0), (kind, 0, 1.0), ("raises", 3, 2.0)]
        run = learner.probe("first", rows, 60.0)
        told = run.value
        why = f"To return is to succeed, and {'an exception that is returned' if value == error else repr(value)} is a value like any other."
        more = partial(is_zero_passed_over, learner) if value is None else None
        assert_came(told, rows, "nothing", value, why, more=more)
        assert_at(told, rows, 1.0, last_wait(run))
    # Several end after the winner, and each can be one too many for a place that the caller no longer empties.
    later = [("gives", 5, 3.0), ("raises", 8, 5.0), ("gives", 9, 6.0), ("gives", 10, 7.0)]
    rows = [[("gives", 4, 1.0), *later], [("gives", 6, 4.0), ("gives", 7, 2.0), *later]]
    assert_calls(learner, "first_success", rows, 30.0, [4, 7])


def assert_calls(learner, name, rows, second, expected):
    """Two calls in one process gave this, with jobs as a tuple and as a list, left the list alone, and left no threads."""
    run = learner.probe("one_after_the_other", name, rows, second)
    told = run.value
    part = "values" if name == "gather" else "returned"
    asked = f"{name} of a tuple of jobs, and then, in the same process, {name} of a list of others"
    for came, value in zip(told["came"], expected, strict=True):
        if came["raised"] == "TypeError":
            guess = "A `Sequence` may be a tuple, too."
        elif came is told["came"][0]:
            guess = "Each value counts, whatever it is, and as often as it comes."
        else:
            guess = "What one call has kept is nothing to the next: a list or a dict of the module, or a default argument, is made once, and stays."
            if told["grown"]:
                guess += f" After the calls more was in {' and in '.join(told['grown'])} than before."
        assert came["raised"] == "nothing" and came[part] == value, (
            f"{asked}. {in_words(rows[0])}. Then: {in_words(rows[1])}. It should return {expected[0]!r} and then {expected[1]!r}; what came: "
            f"{' and then '.join(repr(one[part]) if one['raised'] == 'nothing' else one['raised'] for one in told['came'])}. {guess}"
        )
    assert told["kept"], f"{asked}: that list is not as it was. It belongs to the caller: take nothing out of it."
    left = told["left"]
    assert not left, (
        f"{asked}. Long after the last job had ended {amount(len(left), 'thread')} had not: {', '.join(left[:4])}. {why_left(run, left)}"
    )


def why_left(run, left):
    """What the threads `left` wait for: in a line of the answer, or for work."""
    waits = [event for event in run.timeline if event.lane in left and event.what == "wait" and event.line]
    if not waits:
        return (
            "The threads of a pool wait for work until they are told that none will come: `shutdown(wait=False)` tells them, and doesn't wait. A pool that "
            "is kept and not shut down keeps its threads."
        )
    last = waits[-1]
    room = " A Queue with a maxsize has no room for them all; one without takes whatever is put." * (
        "room" in last.detail
    )
    return f"{last.lane} waits {last.detail} in line {last.line}; that does not come once the call has returned.{room}"


def test_all_jobs_begin_at_once(learner, rng):
    """More than a hundred jobs that wait for each other all come together."""
    count = rng.randint(110, 130)
    run = learner.probe("meet", count, 10.0)
    told = run.value
    if told["came"] == count:
        guess = last_nap(run) or "All came, but not at once: does something wait between one start and the next?"
    elif told["called"] == 1:
        guess = "The list has the same callable so many times, and it was called once: a set, or a dict with jobs as its keys, makes one of equal ones."
    elif told["came"] == 1:
        guess = "The next was called only when the first had ended: submit(job()), Thread(target=job()) and run() call the job right there."
    else:
        guess = "So many threads there were for them: a pool has as many as max_workers says, and min(32, cores + 4) if nobody says it."
    assert told["raised"] == "nothing" and told["seconds"] <= SOON, (
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


def which_error(run, rows, run_out):
    """Whose error it was: its place in the list, and in time."""
    told = run.value
    names = [f"Trouble of job {number}" for _, number, _ in rows]
    if told["raised"] == "nothing":
        return "An exception is to be raised here, not returned."
    if told["raised"] not in names:
        late = told["raised"] == "TimeoutError" and told["seconds"] >= run_out
        return (
            who_was_ended(run)
            or ("An exception that stays in its future is heard of by nobody: keep each one as it comes." * late)
            or f"That is none of the exceptions that the jobs raised, but one that was made anew, when {told['seconds']:g} of {run_out:g} s had passed: "
            "`raise` the one that came last, itself, not wrapped, not copied and not in a group."
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
    assert_came(told, rows, "Trouble of job 3", None, more=partial(which_error, run, rows, 60.0))
    assert_at(told, rows, times[3], last_nap(run) or "When the last has failed there is nothing to wait for.")
    why = "To fail is to raise an Exception, whichever it is: also one that your own waiting may raise, such as TimeoutError, queue.Empty or CancelledError."
    odd = [("raises CancelledError", 0, 1.0), ("raises Empty", 1, 2.0)]
    for last, name in ((("raises", 2, 3.0), "Trouble"), (("raises TimeoutError", 2, 3.0), "TimeoutError")):
        rows = [*odd, last]
        told = learner.probe("first", rows, 60.0).value
        assert_came(told, rows, f"{name} of job 2", None, why)
        assert_at(told, rows, 3.0, why)


ALONE = " Who calls the only job himself, or waits for its end, can't give up in time."


def test_the_timeout_is_kept(learner, rng):
    """When the time is over, TimeoutError is raised there and then, whoever still runs; no jobs are a ValueError."""
    timeouts = [rng.randint(2100, 3900) / 1000, rng.randint(2100, 3900) / 1000, 0.05, float(rng.randint(61, 69))]
    several = [("raises", 2, 0.7), ("raises", 3, 1.9), ("gives", 4, 8.0)]
    for timeout, others in zip(timeouts, ([("gives", 2, 7.0)], several, [], []), strict=True):
        rows = shuffled(rng, [("gives", 1, 20.0 if timeout < 20 else 1000.0), *others])
        run = learner.probe("first", rows, timeout)
        told = run.value
        asked = f"timeout={timeout} is for the whole call. "
        assert_came(told, rows, "TimeoutError", None, f"{asked}No job had succeeded by then.{'' if others else ALONE}")
        assert_at(told, rows, timeout, f"{asked}{last_wait(run)}")
    told = learner.probe("first_of_none").value
    assert told["raised"] == "ValueError", (
        "first_success([], 1.0) should raise ValueError, since there is no first of none; it "
        + (f"returned {told['returned']}." if told["raised"] == "nothing" else f"raised {told['raised']}.")
    )


def why_in_another_order(told, workers):
    """What it may come from that all are there, in another order."""
    if told["at once"] < workers:
        return f"With {workers} workers at most {told['at once']} were under way at once, so some began late: a pool is told by `workers` how many threads it has."
    return "They should stand in the order in which the jobs ended: as_completed gives the futures so, a list of futures and map() don't."


def why_other_values(seen, expected):
    """What it may come from that other values are told."""
    if seen == [number for number in expected if number]:
        return "0 is missing, and a value like any other: ask whether there was an exception, not what the value is."
    return "start() and join() return nothing: what a job returns has to be kept in its thread."


def why_other_errors(seen):
    """What it may come from that other exceptions are told."""
    if any(one.startswith(("'", '"')) for one in seen):
        return "These are texts. The exceptions themselves are to be in the list, as objects: who gets it asks for their type."
    if any("made anew" in one for one in seen):
        return "Keep the exception that was raised, itself, and no copy."
    return "An exception stays in its future until somebody asks by result() or exception(), and a plain thread takes it along when it ends."


def test_gather_in_the_order_of_completion(learner, rng):
    """Values and exceptions are all told, each in the order of ending."""
    times = some_seconds(rng, 6)
    kinds = rng.sample(["gives", "raises", "gives", "gives", "raises", "raises TimeoutError"], 6)
    rows = shuffled(rng, [(kind, number, at) for number, (kind, at) in enumerate(zip(kinds, times, strict=True))])
    told = learner.probe("gathered", rows, 6).value
    assert_gathered(told, rows, with_one_worker(learner, rows) if ended_one(told) else "")
    types = {"raises": "Trouble", "raises TimeoutError": "TimeoutError"}
    values = [number for number, kind in enumerate(kinds) if kind == "gives"]
    errors = [f"{types[kind]} of job {number}" for number, kind in enumerate(kinds) if kind in types]
    errors_begin = min(map(kinds.index, types))  # so many values come before the first exception
    stopped = told["values"] == values[:errors_begin] and told["errors"] == errors[:1]
    for name, expected in (("values", values), ("errors", errors)):
        seen = told[name]
        if told["errors"] == [repr(number) for number in values]:
            guess = "The two lists are in each other's place: values first."
        elif sorted(map(str, seen)) == sorted(map(str, expected)):
            guess = why_in_another_order(told, len(rows))
        elif stopped:
            guess = "These are those that had ended when the first exception came, and no more: one job's exception should not end the loop that asks for the others."
        else:
            guess = why_other_values(seen, expected) if name == "values" else why_other_errors(seen)
        assert seen == expected, (
            f"{in_words(rows)}. gather(jobs, 6): the {name} should be {expected}, they are {seen}. {guess}"
        )
    assert_values_count(learner)
    run = learner.probe("gathered", [], 2).value
    assert run["raised"] == "nothing" and not run["shape"], (
        f"gather([], 2) should return ([], []); it raised {run['raised']}, returned {run['shape']}."
    )


def assert_values_count(learner):
    """`gather` keeps each value, whatever it is and however often it comes, and is told the jobs in any sequence."""
    error = "the object ValueError('a value')"
    odd = [("gives nothing", 0, 1.0), ("gives an error", 1, 2.0), ("gives False", 2, 3.0), ("gives nothing", 3, 4.0)]
    more = [("gives", 5, 2.0), ("gives", 6, 1.0)]
    assert_calls(learner, "gather", [odd, more], 4, [[None, error, False, None], [6, 5]])
    told = learner.probe("the_same_job", 3).value
    assert (told["raised"], told["called"], told["values"]) == ("nothing", 3, ["done"] * 3), (
        f"gather([job, job, job], 2), three times the same callable, which returns 'done': it was called {amount(told['called'], 'time')}, and the values are {told['values']}. Each place in the "
        "list is a job, and each value counts: a set, a dict with jobs as its keys, or `in` makes one of equal ones."
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
    if twice:
        guess = "Each job is to be done once, whether it returns or raises."
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
    rows = [("gives", number, 1.0) for number in range(rng.randint(110, 130))]
    told = learner.probe("gathered", rows, len(rows)).value
    assert told["at once"] == len(rows), (
        f"{len(rows)} jobs, as many workers: at most {told['at once']} were under way at once. A pool has as many threads as max_workers says, and min(32, cores + 4) if nobody says it, "
        "as that of asyncio.to_thread."
    )
    learner.probe("refused").returned(
        ["ValueError"] * 3,
        "gather([job], 0), gather([job], -1) and gather([], 0): what came of it. Nobody could do the work.",
    )


def test_first_success_in_any_order(learner):
    """One job, or two that end at the same moment: in no order is a value or an error lost."""
    signal = (
        "What one thread sets and another waits for has to be complete before the other is woken: first the value, then the signal. And a pool that is not shut down "
        "keeps threads, which wait for work."
    )
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
    """Two jobs that end at the same moment are both told, in whatever order, and never too many are under way."""
    why = "To look which job is next and to take it must be one step; and a list that two threads make longer is appended to, not replaced. "
    why += "A pool that is not shut down keeps threads, which wait for work."
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
    learner.explore("gather_after_a_short_one", 2, 3, budget=2 * SEARCH).always(
        lambda most: most <= 2,
        "Two workers and four jobs, of which the first takes no time and the others 1 s: told is how many of these were under way at once. Who counts those under way reads, adds or "
        "takes off, and writes: under one lock, or what another writes meanwhile is lost, and there is room for one too many.",
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
