"""The checks of kata 16. In all but the last, waits take virtual time, and times are exact."""

import contextlib
import string

import pytest

from grader.judge.faults import LearnerFault

MANY = 40
"""Workers, or requests: more than anybody who caps them would guess."""
THREE = 3
"""Workers, and half as many as requests: so many meet at the judge, twice."""
STILL = 0.5
"""Seconds; a loop that is not held up does something else every 0.1 s."""
QUICK = 0.4
"""Seconds of a work that takes less than others, which take 1 s."""
SOON = 0.1
"""Seconds: what takes no time takes less."""
SEARCH = 300
"""Schedules: of two requests on two threads a pool makes too many to try them all; on one it doesn't."""


def some_names(rng, count):
    """Names, all different."""
    names = set()
    while len(names) < count:
        names.add("".join(rng.choices(string.ascii_lowercase, k=4)))
    return rng.sample(sorted(names), count)


def some_rows(rng, count):
    """Requests, each with the seconds that its work takes: the first takes longest."""
    return [(name, (count - place) + rng.randint(1, 99) / 100) for place, name in enumerate(some_names(rng, count))]


def strings_of(rows):
    return [f"{name}: begins {place}, {name}: ends" for place, (name, _) in enumerate(rows, 1)]


def where_set(learner, rows, workers):
    """Who set the name, and in which threads, a sentence; done once more to be seen."""
    calls = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        calls = learner.probe("settings", rows, workers).value
    if not isinstance(calls, dict):
        return ""
    told = "; ".join(
        f"by {caller}, in {', '.join(f'{name} ({threads.count(name)})' for name in dict.fromkeys(threads))}"
        for caller, threads in calls.items()
    )
    if "code that is not yours" in calls:
        told += ": a pool calls its initializer so"
    return f" Done once more, request_id.set was called {told or 'by nobody'}."


def assert_strings(told, rows, asked, where=""):
    """Each request was logged under its own name, in the order of the requests."""
    expected = strings_of(rows)
    seen = told["strings"]
    assert told["raised"] or told["type"] == "list", (
        f"{asked} should return a list; it returned {'None' if told['type'] == 'NoneType' else 'a ' + told['type']}."
    )
    if "cannot enter context" in told["raised"]:
        guess = "A context can be entered once at a time: each request needs a copy of its own."
    elif "LookupError" in told["raised"] and told["handed"]:
        guess = (
            f"The log that the works were handed gave {told['handed'][0]!r}. Then a work called the log of your file, as a function does that is called far down and is handed nothing: "
            "there request_id was not set. Set it to the name where the work is done, in a context of its own."
        )
    elif "LookupError" in told["raised"]:
        guess = (
            f"log found no name, so in that thread request_id is not set.{set_there(told, rows)} A new thread begins with an empty context: what the caller sets is not "
            "seen there. contextvars.copy_context().run(…) and asyncio.to_thread take it along; a pool's submit and run_in_executor don't."
        )
    elif told["raised"]:
        guess = ""
    elif isinstance(seen, list) and sorted(map(str, seen)) == sorted(expected):
        guess = "These are the right ones in the order in which they were done; the order of the requests is asked for."
    else:
        guess = whose_name(told, rows)
    did = f"raised {told['raised']}" if told["raised"] else f"returned {seen}"
    assert seen == expected, (
        f"{asked}: each log should have its own request's name, {expected}. It {did}.{where} {guess}".rstrip()
    )


def set_there(told, rows):
    """A sentence, where a request's name was set in the caller's own context."""
    value = told["caller's value"]
    return (
        f" In the caller's own context it was {value!r} afterwards: it was set there."
        if value in [name for name, _ in rows]
        else ""
    )


def whose_name(told, rows):
    """What was done and named wrongly, and what gives that."""
    counts = list(zip((name for name, _ in rows), told["called"], strict=True))
    never = [name for name, count in counts if count == 0]
    often = {name: count for name, count in counts if count > 1}
    named = {text.partition(":")[0] for text in told["strings"]} if isinstance(told["strings"], list) else set()
    names = [name for name, _ in rows]
    if never and often:
        return (
            f"The works of {', '.join(never)} were never called; called more than once: {', '.join(f'{name} {count} times' for name, count in often.items())}. A lambda or an "
            "inner function in a loop looks the loop's variables up when it is *called*, and by then the loop has gone on: hand name and work over as arguments."
        )
    if never:
        return f"The works of {', '.join(never)} were never called."
    if len(set(names)) < len(names) and named == set(names):
        return "Each work was done once, under its own name. But two of the requests have the same name, and what is kept by name, in a dict, is there once for both: keep it by place."
    if len(rows) > 1 and named == {names[0]}:
        return (
            "Each work was done once, and all of them under the name of the first request. A pool's initializer runs once for each *thread*, when that begins, and not "
            "for each request: set request_id where the work is done, in a context of its own."
        )
    return (
        f"Each work was done once, under the names {sorted(map(str, named))}.{set_there(told, rows)} What is set in one place for all requests has the value of the last one when the works begin: set "
        "request_id to the name where the work is done, in a context of its own, and hand the name over as an argument."
    )


def assert_callers_value(told, value, asked, where=lambda: ""):
    """The caller's value is what it was."""
    was, now = ("not set" if one is None else repr(one) for one in (value, told["caller's value"]))
    assert told["caller's value"] == value, (
        f"{asked}: the caller's request_id was {was} before, and afterwards it is {now}. Every work logged under its own name.{where()} What is set in the caller's context stays there: set it in a "
        "copy (copy_context().run), or put it back by reset(token)."
    )


def assert_each_once(told, rows, asked):
    """Each work was called once, in a context where `request_id` is set to its name."""
    often = {name: count for (name, _), count in zip(rows, told["called"], strict=True) if count != 1}
    assert not often, (
        f"{asked}: each work should be called once; called were {', '.join(f'that of {name} {count} times' for name, count in often.items())}. A work may do what must not be done twice."
    )
    others = [(name, value) for name, value in told["in context"] if name != value]
    assert not others, (
        f"{asked}: while the work of {others[0][0]!r} was done, the ContextVar `request_id` was {'not set' if others[0][1] is None else repr(others[0][1])} in the present context. `request_id` and `log` are given: "
        "leave both as they are, and set this variable, since others read it too, and copies of the context take it along."
    )


def assert_any_text(learner, workers):
    """What the works return is returned, whatever it is, and each time anew."""
    names, texts = ["ann", "", "ann"] * 40, ["", " x ", "two\nlines"] * 40
    told = learner.probe("of_any_text", names, texts, workers).value
    asked = f"{f'handle_all by {workers} workers' if workers else 'handle_all_async'} of a tuple of {len(names)} requests, named in turn {', '.join(map(repr, names[:3]))}"
    empty = " An empty name is a name too: is it set?" if "LookupError" in told["raised"] else ""
    assert not told["raised"], f"{asked}: it raised {told['raised']}.{empty}"
    wrong = [(name, text) for name, text in told["logged"] if text != f"{name}: x"]
    assert not wrong, f"{asked}: a work of {wrong[0][0]!r} logged x, and that gave {wrong[0][1]!r}." if wrong else ""
    for strings, when in ((told["strings"], ""), (told["again"], " when it was called once more")):
        count = len(strings) if isinstance(strings, list) else 0
        assert strings == texts, (
            f"{asked}: their works return in turn {', '.join(map(repr, texts[:3]))}. It returned{when} {f'{count} texts' if isinstance(strings, list) else strings}, "
            f"the first of them {strings[:3] if isinstance(strings, list) else 'missing'}. What a work returns is returned as it is, for each request."
        )
    assert set(told["called"]) == {2}, (
        f"{asked}: it was called twice with the same requests, and the works were called {' or '.join(map(str, sorted(set(told['called']))))} times. Do the work of each request once in every call: nothing is remembered."
    )


def assert_not_by_caller(told, asked):
    """No work was done by the calling thread."""
    count = told["done by the caller"]
    if asked.startswith("handle_all_async"):
        guess = "A plain call in a coroutine, in a task too, is done in the loop's own thread and holds it up, and with it everybody else: asyncio.to_thread hands it to another."
    else:
        guess = (
            "submit(work(log)) calls the work right there; hand over the function and its argument: submit(work, log)."
        )
    done = "1 work was" if count == 1 else f"{count} works were"
    assert count == 0, f"{asked}: {done} done by the calling thread. {guess}"


def asked_of(rows, workers=None):
    """The call, for a message."""
    how = "handle_all_async" if workers is None else f"handle_all by {workers} worker{'s' if workers > 1 else ''}"
    if not rows:
        return f"{how} of no requests"
    if len(rows) > 2 and len(set(rows)) < len(rows):
        return f"{how} of {len(rows)} requests whose works take {rows[-1][1]:g} s each"
    return f"{how} of requests whose works take " + ", ".join(f"{name} {seconds:g} s" for name, seconds in rows)


def why_not_as_many(told, workers):
    """What lets another number of requests be handled at once than there are workers."""
    if told["raised"]:
        return f"It raised {told['raised']}."
    if told["at once"] > workers:
        return "The pool should have `workers` threads."
    if told["done by the caller"]:
        return "The works were done by the calling thread, one after the other."
    if told["threads"] < workers:
        return f"All works were done by {told['threads']} thread{'s' if told['threads'] > 1 else ''}: the pool should have `workers`, and all should be handed in before the first is waited for."
    return (
        "Is each waited for before the next is handed in, or has a lock around the work made them wait for each other?"
    )


def when_the_next(learner, rows, first):
    """When the next one was handed over, where the first of so many takes less time, a sentence; done once more to be seen."""
    at = None
    rows = [(rows[0][0], QUICK), *rows[1:]]
    with learner.aside(), contextlib.suppress(LearnerFault, LookupError, TypeError):
        at = learner.probe("handled_async", rows, None).value["handed over at"]
    if (
        not isinstance(at, list)
        or first < 2
        or len(at) <= first
        or not all(isinstance(when, float | int) for when in at)
    ):
        return ""
    if sum(when < SOON for when in at) != first:
        return ""
    told = f"Where the first work takes {QUICK} s, the next one was handed over after {at[first]:g} s"
    if QUICK <= at[first] < QUICK + SOON:
        told += f", when that one had ended and {first - 1} others had not"
    elif 1 <= at[first] < 1 + SOON:
        told += f", when all {first} had ended"
    return f"{told}. "


@pytest.mark.points(2)
def test_each_request_has_its_own_name(learner, rng):
    """Whatever a work logs has its own request's name, though others are handled beside it."""
    for count, workers in ((4, 4), (5, 2), (3, 1), (1, 2)):
        rows = some_rows(rng, count)
        if count == 5:
            rows[1] = (rows[0][0], rows[1][1])  # two of the same name, done at the same time
        run = learner.probe("handled", rows, workers, None)
        told = run.value
        where = "" if told["strings"] == strings_of(rows) else where_set(learner, rows, workers)
        assert_strings(told, rows, asked_of(rows, workers), where)
        assert_each_once(told, rows, asked_of(rows, workers))
        assert_not_by_caller(told, asked_of(rows, workers))
        assert not run.left, (
            f"{asked_of(rows, workers)}: when it had returned, {len(run.left)} threads were still there, {', '.join(run.left[:4])}, with nothing to do for ever. The pool is shut down then: "
            "`with ThreadPoolExecutor(…) as pool:` in the function does so at its end."
        )
    assert_any_text(learner, 3)
    told = learner.probe("handled", [], 2, None).value
    assert told["strings"] == [], (
        f"handle_all([], 2) should return []; it returned {told['strings']}, raised {told['raised'] or 'nothing'}."
    )


def test_as_many_at_once_as_workers(learner, rng):
    """Up to `workers` requests are handled at once, never more, and less than one worker is a ValueError."""
    for workers in (rng.randint(2, 4), MANY):
        rows = [(name, 1.0) for name in some_names(rng, 1) * (2 * workers + 1)]
        told = learner.probe("handled", rows, workers, None).value
        assert told["at once"] == workers, (
            f"{asked_of(rows, workers)}: at most {told['at once']} were handled at once, it should be {workers}. {why_not_as_many(told, workers)}"
        )
        assert told["threads"] <= workers, (
            f"{asked_of(rows, workers)}: the works were done by {told['threads']} threads. A pool of `workers` threads is asked for, each of which goes on to the next request; a thread for each request, "
            "even where they wait for each other, is what a pool saves."
        )
    long, *others = some_names(rng, 8)
    rows = [(long, 100.0), *((name, 1.0) for name in others)]
    told = learner.probe("handled", rows, 2, None).value
    assert_strings(told, rows, asked_of(rows, 2))
    assert told["ended"][-1] == 0, (
        f"{asked_of(rows, 2)}: when the first had ended, only {told['ended'].index(0)} of the other {len(others)} had, though a second worker had nothing to do for most of that time. Nobody waits for a batch, "
        "and no request belongs to a certain worker: who has ended one goes on to the next that is left."
    )
    learner.probe("refused").returned(
        ["ValueError"] * 3,
        "handle_all([request], 0), handle_all([request], -3) and handle_all([], 0): nobody could do the work.",
    )


def test_a_thread_carries_nothing_over(learner, rng):
    """When a pool's thread goes on to the next request, the last one's name is set there no longer."""
    told = learner.probe("carried", some_names(rng, 3)).value
    assert not told["raised"], f"handle_all of three requests by one worker raised {told['raised']}."
    often = {name: count for name, count in told["called"].items() if count != 1}
    assert not often, (
        f"handle_all of three requests by one worker called works more than once: {often}. Each is done once."
    )
    emptied = [(last, other) for last, _, others in told["carried"] for other in others]
    assert not emptied, (
        f"One worker handled three requests. When the next began, its thread had request_id set to {emptied[0][1]!r} in place of {emptied[0][0]!r}. Where no request is handled it is *not set*, so that log raises "
        "LookupError: another value is a name too. Run each work in a copy of the context, or reset(token) in a `finally`."
    )
    assert not told["carried"], (
        f"One worker handled three requests. When the next began, the name of the last was still set in the worker's thread, until the new one "
        f"was set over it: {[(last, name) for last, name, _ in told['carried']]} (last, next). A pool's thread lives on, and its context with it: who logs there between two requests, or "
        "is the first that forgets to set it, speaks in another's name. Run each work in a copy of the context, or reset(token) in a `finally`."
    )


@pytest.mark.points(2)
def test_the_caller_keeps_its_value(learner, rng):
    """What the caller had in request_id it has afterwards, or none if it had none."""
    for value in (None, "the caller"):
        rows = some_rows(rng, 3)
        for name, arguments, asked, workers in (
            ("handled", (rows, 2), asked_of(rows, 2), 2),
            ("handled_async", (rows,), asked_of(rows), 0),
        ):
            told = learner.probe(name, *arguments, value).value
            assert_strings(told, rows, asked)
            assert_callers_value(
                told, value, asked, lambda rows=rows, workers=workers: where_set(learner, rows, workers)
            )


def test_async_each_request_has_its_own_name(learner, rng):
    """From a coroutine too, each work is done in a thread, under its own request's name."""
    for count in (4, 1, 0):
        rows = some_rows(rng, count)
        told = learner.probe("handled_async", rows, None).value
        assert_strings(told, rows, asked_of(rows))
        assert_each_once(told, rows, asked_of(rows))
        assert_not_by_caller(told, asked_of(rows))
    assert_any_text(learner, 0)


def test_async_all_at_once(learner, rng):
    """From a coroutine, all requests are handed to asyncio.to_thread at once, and the loop goes on meanwhile."""
    rows = [(name, 1.0) for name in some_names(rng, 4)]
    run = learner.probe("handled_async", rows, None)
    if run.value["done by the caller"]:
        guess = "The works were done in the loop's own thread: a task alone is no thread, asyncio.to_thread hands its call to one."
    else:
        guess = "Hand all over, then wait: `await` in the loop waits for each before the next begins; asyncio.gather, or tasks, don't."
    assert run.value["at once"] == len(rows), (
        f"{asked_of(rows)}: at most {run.value['at once']} were handled at once, and it took {run.seconds:g} s. {guess}"
    )
    assert run.value["stood still"] < STILL, (
        f"{asked_of(rows)}: another task of the same loop, which has something to do every 0.1 s, had to wait for {run.value['stood still']:g} s. What waits in a coroutine without `await`, for a pool, a thread or "
        "`time.sleep`, holds up the whole loop: await asyncio.to_thread."
    )
    rows = [(name, 1.0) for name in some_names(rng, MANY)]
    told = learner.probe("handled_async", rows, None).value
    at = told["handed over at"]
    late = [when for when in at if when >= SOON]
    assert len(at) >= len(rows), (
        f"handle_all_async of {len(rows)} requests called asyncio.to_thread {len(at)} time{'' if len(at) == 1 else 's'}. Hand each request to it: it takes a copy of the context along, runs in the loop's own pool, and lets the loop go on; a pool "
        "or threads of your own, run_in_executor, or handle_all in one thread are something else."
    )
    assert not late, (
        f"handle_all_async of {len(rows)} requests whose works take 1 s each handed {len(at) - len(late)} of them over at once, and the last one after {late[-1]:g} s. {when_the_next(learner, rows, len(at) - len(late))}All are handed over before the first is waited "
        "for: the loop's pool has a queue, so no semaphore, batch or pause is needed."
    )


def test_names_in_any_order(learner):
    """Two requests, one or two workers: in no order does one get the other's name."""
    for workers in (1, 2):
        learner.explore("handled_small", ["a", "b"], workers, budget=SEARCH).only(
            [["a: x", "b: x"], "", "caller"],
            f"Requests a and b, {workers} worker{'s' if workers > 1 else ''}; each logs x. These are the strings, what was raised, and the caller's value afterwards. What "
            "threads share, a global or an attribute, may be written by the other one between your two lines; a ContextVar may not.",
        )


@pytest.mark.real_time
def test_contexts_for_real(learner, rng):
    """On plain threads each request has its own name, and the caller keeps its value."""
    rows = [(name, 0.3) for name in some_names(rng, 2 * THREE)]
    meeting = "Each work goes there, once it has logged."
    with learner.register() as register:
        told = learner.probe("handled", rows, THREE, "caller", register, clock="real", limit=10.0).value
    assert_strings(told, rows, asked_of(rows, THREE))
    assert_callers_value(told, "caller", asked_of(rows, THREE))
    assert_not_by_caller(told, asked_of(rows, THREE))
    register.together("at work", THREE, f"{meeting} {THREE} workers handle {THREE} requests at once.")
    with learner.register() as register:
        told = learner.probe("handled_async", rows, None, register, THREE, clock="real", limit=10.0).value
    assert_strings(told, rows, asked_of(rows))
    assert_callers_value(told, None, asked_of(rows))
    assert_not_by_caller(told, asked_of(rows))
    register.together("at work", THREE, f"{meeting} All requests are to be handled at once.")
