"""The checks of kata 08: ints note where they are squared, and the kernel tells who is whose child."""

import contextlib
import multiprocessing
import re

import pytest

from grader.judge.faults import LearnerFault, explaining

METHODS = multiprocessing.get_all_start_methods()
LIMIT = 15.0
"""Seconds after which a call counts as hanging."""

SENDABLE = (
    "42",
    "None",
    "a dict of lists",
    "an object of a class at the top level",
    "a function at the top level",
    "a partial of one",
    "len",
    "an exception",
)
NOT_SENDABLE = {
    "a lambda": "A function travels by its name, and a lambda has none to be found by.",
    "a function within a function": "A function travels by its name, which is looked up at the top level of its module.",
    "a threading.Lock": "It belongs to this process; pickle raises TypeError.",
    "a multiprocessing.Lock": "It can only be inherited; pickle raises RuntimeError, which is no PicklingError.",
    "a list with a lock in it": "All that is in it must be sendable.",
    "an open file": "It belongs to this process; pickle raises TypeError.",
    "a generator": "It stands in the middle of its code; pickle raises TypeError.",
    "a module": "pickle raises TypeError.",
    "an exception whose __init__ takes two arguments and hands on one": "pickle writes it well, and reading it raises TypeError: it is made "
    "again with what stands in `args`. So loads() must be tried, too.",
    "an object that raises LookupError when it is pickled": "Objects may say themselves how they are pickled, and raise what they like.",
    "an object that raises RuntimeError when it is loaded": "pickle writes it well. Reading may fail, so loads() must be tried, too.",
    "a list nested 100,000 deep": "pickle raises RecursionError.",
}
STUCK_IN_JOIN = "It stands in join(). Who fetches results from a queue must do so before that: a worker does not end before they are read."
STUCK = (
    "A worker that dies or can't begin is waited for in vain. Under spawn and forkserver it must find its function by its name at the top "
    "level of your file."
)
IN_STACK = re.compile(r'File "([^"]+)", line \d+ in (\w+)')


@contextlib.contextmanager
def telling_where_it_stood(learner):
    """Say what it means where a call that did not end stood, and what error stands on stderr."""
    try:
        yield
    except LearnerFault as fault:
        last = learner.runs[-1].last_error if learner.runs else ""
        in_join = called_last(fault.message) == ("process.py", "join")
        with explaining(f"{STUCK_IN_JOIN if in_join else STUCK}{f' On stderr stands {last}.' if last else ''}"):
            raise


def called_last(message):
    """File and name of the function that the answer called last, by the stacks in `message`; "" for both if they don't tell."""
    for stack in reversed(message.split("(most recent call first):")):
        above, found, _ = stack.partition('File "start_methods.py"')
        if found:
            return next(reversed(IN_STACK.findall(above)), ("", ""))
    return "", ""


def some_numbers(rng, count=6):
    return [rng.randint(-999, 999) for _ in range(count)]


def squares_of(learner, numbers, method):
    """Run `square_all` with numbers that note where they are squared; return the run."""
    with telling_where_it_stood(learner):
        run = learner.probe("squares", numbers, method, limit=LIMIT)
    error = run.error
    if error is not None:
        told = f"square_all({numbers}, {method!r}) raised {error.type}: {error.text}"
        assert "through inheritance" not in error.text, (
            f"{told}. A Lock can't be sent along with a task; and where each worker works on numbers of its own, none is needed."
        )
        assert "pickle" not in f"{error.type}{error.text}".lower() and "local object" not in error.text, (
            f"{told}. What goes to another process is pickled, and a function travels by its name: it must stand at the top level of your "
            "file, no lambda and no inner function."
        )
    run.raise_error()
    return run


@pytest.mark.points(2)
def test_squares_stand_in_order(learner, rng):
    """Under each method the squares are right and in the order of the numbers, of none as well."""
    for method in METHODS:
        for numbers in (some_numbers(rng), []):
            value = squares_of(learner, numbers, method).value["result"]
            right = [number * number for number in numbers]
            why = ""
            if isinstance(value, list) and value != right and sorted(map(str, value)) == sorted(map(str, right)):
                why = (
                    "These are the right squares in another order: the first number takes longest here. imap_unordered and as_completed "
                    "give what is done first; map keeps the order."
                )
            elif numbers and value == []:
                why = "What a child appends to a list stays in that child: let it return or send its result."
            assert type(value) is list and value == right, (
                f"square_all({numbers}, {method!r}) should return {right}, it returned {value!r}. {why}"
            )


def test_one_to_four_other_processes_square(learner, rng):
    """The squaring is done by other processes, by four at most."""
    for method in METHODS:
        run = squares_of(learner, some_numbers(rng, 7), method)
        seen = run.value
        what = f"square_all of 7 numbers, {method!r}"
        assert run.children, (
            f"{what}: the system saw no other process. Threads, ThreadPool and multiprocessing.dummy are none."
        )
        here = [row for row in seen["squared"] if row[0] == seen["here"]]
        assert not here, (
            f"{what}: this process has squared numbers itself. `number * number` in the arguments of a call is computed before the call, here: "
            "hand over the function and the number."
        )
        assert len(run.children) <= 4, (
            f"{what}: {len(run.children)} processes were started. Each is a whole Python; one to four are asked for, whatever the number of "
            "numbers. (A pool that is not told how many takes as many as there are CPUs; here it sees 8.)"
        )


def methods_seen(run):
    """By which start methods the processes were begun that squared in `run`."""
    here = run.value["here"]
    parents = {process.pid: process.parent for process in run.children}
    return {
        "forkserver" if parents.get(pid, parent) != here else "fork" if marked else "spawn"
        for pid, parent, marked in run.value["squared"]
    }


@pytest.mark.points(2)
def test_the_method_is_the_one_asked_for(learner, rng):
    """Processes that square are forks of this one, new Pythons, or forks of a fork server, as asked for."""
    for method in METHODS:
        run = squares_of(learner, some_numbers(rng), method)
        found = methods_seen(run)
        assert found == {method}, (
            f"square_all({method!r}): the processes that squared were started by {' and '.join(sorted(found)) or 'nobody'}. Ask for the "
            f"method: multiprocessing.get_context({method!r}) has a Pool and a Process, and ProcessPoolExecutor takes it as mp_context. "
            "Without that it is the default of the program."
        )


def test_the_default_is_left_alone(learner, rng):
    """The program's default start method is the same meanwhile and afterwards, also after an error."""
    for method in METHODS:
        numbers = some_numbers(rng, 2)
        value = squares_of(learner, numbers, method).value
        assert value["result"] == [number * number for number in numbers], (
            f"square_all({numbers}, {method!r}) returned {value['result']!r}: what it leaves alone counts once it squares."
        )
        before, after, meanwhile = value["default"]
        assert after == before, (
            f"square_all(…, {method!r}): get_start_method() gave {before!r} before and {after!r} afterwards. set_start_method changes it for "
            "the whole program, whose other parts rely on it: get_context gives the method without that."
        )
        assert set(meanwhile) <= {before}, (
            f"square_all(…, {method!r}): get_start_method() gave {before!r} before and afterwards, and {' and '.join(meanwhile)} meanwhile. Other "
            "threads may start processes just then: get_context gives the method without that."
        )
    before, after = learner.probe("default_after_an_error", "teleport").value
    assert after == before, (
        f"square_all(…, 'teleport'): get_start_method() gave {before!r} before and {after!r} after the ValueError."
    )


def how_methods_are_taken(learner, unknown, numbers):
    """What `square_all` makes of methods that there are, and of one that there is not, a sentence or two."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        run = learner.probe("squares", [2, 3], unknown, limit=LIMIT)
        error = run.error
        if error is not None:
            refused = "ValueError" in error.bases and not numbers
            return (
                " For [2, 3] it does raise ValueError: the method is looked at only where there is something to do."
                * refused
            )
        instead = f" For {unknown!r} it took {' and '.join(sorted(methods_seen(run))) or 'none'}."
        found = {method: methods_seen(learner.probe("squares", [2, 3], method, limit=LIMIT)) for method in METHODS}
        others = [f"for {method!r} {' and '.join(sorted(seen))}" for method, seen in found.items() if seen - {method}]
        if others:
            return f"{instead} And {', '.join(others)}: it does not go by `method`."
        if all(found.values()):
            return f"{instead} A method that there is it takes as asked, so one that it does not know is replaced without a word."
        return instead
    return ""


def test_an_unknown_method_is_an_error(learner, rng):
    """A method that this system does not have raises ValueError."""
    for method in ("teleport", METHODS[0].upper(), ""):
        for numbers in (some_numbers(rng, 2), []):
            run = learner.call("square_all", numbers, method, limit=LIMIT)
            taken = "" if run.raised else how_methods_are_taken(learner, method, numbers)
            run.raises(
                "ValueError",
                f"This system has {', '.join(METHODS)}; any other is an error, also where there is nothing to do.{taken}",
            )


def test_usable_methods_are_those_of_this_system(learner):
    """usable_methods gives the names of this system's start methods."""
    run = learner.call("usable_methods")
    value = run.value
    assert isinstance(value, list) and sorted(map(str, value)) == sorted(METHODS), (
        f"usable_methods() should give {METHODS} here, in any order; it returned {value!r}. Which there are depends on the system, "
        "so ask multiprocessing."
    )


def what_is_caught(learner, raised, told):
    """What `is_sendable` catches, which let the exception `raised` out and `told` rightly of these, a sentence."""
    if told:
        return (
            f"Of {told[-1]} it says False, so some exceptions it catches, and not {raised}. No list of them is complete, since objects "
            "may raise what they like: `except Exception` catches them all."
        )
    with learner.aside(), contextlib.suppress(LearnerFault):
        run = learner.probe("sendable", "an object that raises PicklingError when it is pickled")
        if run.error is None and run.value is False:
            return (
                f"PicklingError it catches (of an object that raises it, it says False), and not {raised}, which pickle raises as well: "
                "PicklingError is one of many. `except Exception` catches them all."
            )
    return "Nor does it catch a PicklingError: without `try` nothing is caught."


@pytest.mark.points(2)
def test_what_can_be_sent(learner):
    """is_sendable tells what pickle can write and read again, and never raises."""
    told = []
    for name in (*SENDABLE, *NOT_SENDABLE):
        run = learner.probe("sendable", name)
        right, why = name in SENDABLE, NOT_SENDABLE.get(name, "pickle writes it and reads it.")
        error = run.error
        assert error is None, (
            f"is_sendable of {name} raised {error and error.type}: {str(error and error.text)[:200]}. It should return {right} and never "
            f"raise. {why} {'' if right else what_is_caught(learner, error and error.type, told)}"
        )
        assert run.value is right, f"is_sendable of {name} should be {right}, it is {run.value!r}. {why}"
        told += [] if right else [name]
