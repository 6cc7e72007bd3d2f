"""The checks of kata 08: ints note where they are squared, and the kernel tells who is whose child."""

import contextlib
import multiprocessing
import re

import pytest

from grader.judge.faults import LearnerFault, explaining

METHODS = multiprocessing.get_all_start_methods()
LIMIT = 15.0
"""Seconds after which a call counts as hanging."""

LARGE = 10**17
MANY = 300
BITS = 1_500_000
"""So long are the ints whose squaring is seen by the CPU time that it takes, some 0.1 s each; to send one takes 0.0005 s."""

SENDABLE = (
    "42",
    "None",
    "a dict of lists",
    "an object of a class at the top level",
    "an object with __slots__",
    "a function at the top level",
    "a partial of one",
    "len",
    "an exception",
    "a list with numbers in it",
    "3,000,000 bytes",
)
NOT_SENDABLE = {
    "a lambda": "A function travels by its name, and a lambda has none to be found by.",
    "a function within a function": "A function travels by its name, which is looked up at the top level of its module.",
    "a threading.Lock": "It belongs to this process; pickle raises TypeError.",
    "a multiprocessing.Lock": "It can only be inherited; pickle raises RuntimeError, which is no PicklingError.",
    "a list with a lock in it": "All that is in it must be sendable; of lists with other things in them it may have said True.",
    "an object as before, with a lock in it": "All that is in it must be sendable, whatever holds of others of its class.",
    "a socket": "pickle raises TypeError. (multiprocessing sends one by a pickler of its own; pickle is asked for.)",
    "an open file": "It belongs to this process; pickle raises TypeError.",
    "a generator": "It stands in the middle of its code; pickle raises TypeError.",
    "a module": "pickle raises TypeError.",
    "an exception whose __init__ takes two arguments and hands on one": "pickle writes it well, and reading it raises TypeError: it is made "
    "again with what stands in `args`. So loads() must be tried, too.",
    **dict.fromkeys(
        (
            f"an object that raises {error} when it is pickled"
            for error in ("PicklingError", "LookupError", "OwnKind", "StopIteration", "MemoryError")
        ),
        "Objects may say themselves how they are pickled, and raise what they like.",
    ),
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
    """Some small ints and one, not at the end, that is too large for 64 bits or a float once it is squared."""
    numbers = [rng.randint(-999, 999) for _ in range(count)]
    numbers[count // 2] = rng.choice((-1, 1)) * rng.randint(LARGE, 10 * LARGE)
    return numbers


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


def other_order(value, numbers):
    """What it means that these are the right squares in another order, a sentence."""
    right = [number * number for number in numbers]
    if value == right[1:] + right[:1]:
        return (
            "The first number takes longest here, and its square stands last: imap_unordered and as_completed give what is done first; map keeps "
            "the order."
        )
    if value == sorted(right):
        return "These are the right squares sorted by size: what is asked for is the order of the numbers."
    return "These are the right squares in another order: map keeps that of the numbers, imap_unordered and as_completed give what is done first."


def what_went_wrong(value, numbers):
    """What it means that these are not the squares of `numbers`, a sentence; "" if nothing is known."""
    right = [number * number for number in numbers]
    if not isinstance(value, list):
        return ""
    if sorted(map(str, value)) == sorted(map(str, right)):
        return other_order(value, numbers)
    if numbers and not value:
        return "What a child appends to a list stays in that child: let it return or send its result."
    others = [number for number, got, square in zip(numbers, value, right, strict=False) if got != square]
    if len(value) == len(right) and all(abs(number) >= LARGE for number in others):
        return "Only that of the large number is wrong: an int has as many digits as it needs; a float has 15, and an int64 has 18."
    return ""


@pytest.mark.points(2)
def test_squares_stand_in_order(learner, rng):
    """Under each method the squares are right and in the order of the numbers, of none as well."""
    for method in METHODS:
        for numbers in (some_numbers(rng), []):
            seen = squares_of(learner, numbers, method).value
            value = seen["result"]
            right = [number * number for number in numbers]
            assert type(value) is list and value == right, (
                f"square_all({numbers}, {method!r}) should return {right}, it returned {value!r}. {what_went_wrong(value, numbers)}"
            )
            assert seen["argument"] == numbers, (
                f"square_all({numbers}, {method!r}): afterwards the list that it was given held {seen['argument']}. It belongs to the caller: make a list of your own."
            )


def most_alive_at_once(processes):
    """The most of `processes` that were there at the same time."""
    return max((sum(one.first <= each.first < one.last for one in processes) for each in processes), default=0)


def assert_few(what, run):
    """No more than four processes were started in `run`."""
    at_once = most_alive_at_once(run.children)
    if at_once <= 4:
        why = (
            f"No more than {at_once} were there at once: some were begun when others had ended, as a pool does with maxtasksperchild, or they were for "
            "something else; each one counts."
        )
    elif len(run.children) == 5:
        why = "That is one more: a manager's process counts, and one that squares nothing."
    else:
        why = "(A pool that is not told how many takes as many as there are CPUs; here it sees 8.)"
    assert len(run.children) <= 4, (
        f"{what}: {len(run.children)} processes were started. Each is a whole Python; one to four are asked for, whatever the number of "
        f"numbers. {why}"
    )


def each_count_alone(learner, counts, method):
    """How many processes are begun for so many large ints, and how long this one computes, a sentence."""
    told = []
    with learner.aside(), contextlib.suppress(LearnerFault):
        for count in counts:
            run = learner.probe("squares_of_large", [count], BITS, method, limit=LIMIT)
            for _, here, _ in run.value:
                begun = len(run.children)
                told.append(
                    f"for {count} it began {begun} process{'es' * (begun != 1)} and computed for {here:.3f} s itself"
                )
    return f"Once more, in a program for each: {', '.join(told)}. " if told else ""


def assert_others_square_large_ints(learner, method):
    """This process uses no CPU time for squares of plain ints that are large."""
    with telling_where_it_stood(learner):
        run = learner.probe("squares_of_large", [1, 2], BITS, method, limit=LIMIT)
    with explaining(f"It was given plain ints of {BITS:,} bits, and an int may be of any size."):
        run.raise_error()
    for count, here, needed in run.value:
        what = f"square_all of {count} plain int{'s' * (count > 1)} of {BITS:,} bits, {method!r}"
        assert here < needed / 2, (
            f"{what}: this process computed for {here:.3f} s itself, and for the squares it takes {needed:.3f} s. So it squares, too, whatever the "
            f"others do: the squares of all numbers, of a single one as well, are to come from them. {each_count_alone(learner, [1, 2], method)}"
            "(Drawn are both calls, with 1 int and with 2.)"
        )


def who_squares_twice(learner, numbers, method):
    """Whether the processes that square in a second call are those of the first, a sentence; "" if that is not clear."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        once, again = map(set, learner.probe("squarers", numbers, method, limit=LIMIT).value)
        if again and again <= once:
            return "Called twice, it had the numbers of the second call squared by processes of the first: they are kept for it. "
        if again and not again & once:
            return "Called twice, it had the numbers of the second call squared by new processes, none of the first. "
    return ""


def test_one_to_four_other_processes_square(learner, rng):
    """The squaring is done by other processes, by four at most, at each call."""
    for method, count in (*((method, 7) for method in METHODS), (METHODS[0], MANY)):
        run = squares_of(learner, some_numbers(rng, count), method)
        seen = run.value
        what = f"square_all of {count} numbers, {method!r}"
        assert run.children or seen["started"], (
            f"{what}: the system saw no other process. Threads, ThreadPool and multiprocessing.dummy are none."
        )
        here = [row for row in seen["squared"] if row[0] == seen["here"]]
        assert not here, (
            f"{what}: this process has squared numbers itself. `number * number` in the arguments of a call is computed before the call, here: "
            "hand over the function and the number."
        )
        assert_few(what, run)
        assert not seen["still"], (
            f"{what}: when it had returned, {seen['still']} of the processes still ran. {who_squares_twice(learner, [2, 3], method)}Whoever starts some ends them: `with` does it for a pool, and "
            "join() waits for the end of a process."
        )
    assert_others_square_large_ints(learner, METHODS[0])
    numbers = some_numbers(rng, 2)
    once, again = learner.probe("squares_again", numbers, METHODS[0], limit=LIMIT).value
    assert again or not once, (
        f"square_all({numbers}, {METHODS[0]!r}), called twice: at the first call other processes got the numbers, at the second none did. Each call has its squares computed, "
        "and remembers none."
    )


def methods_seen(run):
    """By which start methods the processes were begun that squared in `run`.

    Where no number told of squaring, those which numbers were sent to; where none were, all that were started.
    """
    seen = run.value
    parents = {process.pid: process.parent for process in run.children}
    for rows in (seen["squared"], seen["arrived"]):
        others = [row for row in rows if row[0] != seen["here"]]
        if others:
            return {
                "forkserver" if parents.get(pid, parent) != seen["here"] else "fork" if marked else "spawn"
                for pid, parent, marked in others
            }
    return set(seen["started"])


@pytest.mark.points(2)
def test_the_method_is_the_one_asked_for(learner, rng):
    """Processes that square are forks of this one, new Pythons, or forks of a fork server, as asked for."""
    for method in METHODS:
        run = squares_of(learner, some_numbers(rng), method)
        found = methods_seen(run)
        assert found, (
            f"square_all({method!r}): no other process was seen to square, nor to be started by multiprocessing."
        )
        assert found == {method}, (
            f"square_all({method!r}): the processes that squared were started by {' and '.join(sorted(found))}. Ask for the "
            f"method: multiprocessing.get_context({method!r}) has a Pool and a Process, and ProcessPoolExecutor takes it as mp_context. "
            "Without that it is the default of the program."
        )


def test_the_default_is_left_alone(learner, rng):
    """The program's default start method is the same meanwhile and afterwards, also after an error."""
    for method in METHODS:
        run = squares_of(learner, some_numbers(rng, 2), method)
        assert run.children or run.value["started"], (
            f"square_all(…, {method!r}) started no process: whether it leaves the default start method alone is seen only once it starts some."
        )
        before, after, meanwhile = run.value["default"]
        assert after == before, (
            f"square_all(…, {method!r}): get_start_method() gave {before!r} before and {after!r} afterwards. set_start_method changes it for "
            "the whole program, whose other parts rely on it: get_context gives the method without that."
        )
        assert set(meanwhile) <= {before}, (
            f"square_all(…, {method!r}): get_start_method() gave {before!r} before and afterwards, and meanwhile it was set to {' and '.join(sorted(set(meanwhile) - {before}))}. Other "
            "threads may start processes just then: get_context gives the method without that."
        )
    before, after = learner.probe("default_after_an_error", "teleport").value
    assert after == before, (
        f"square_all(…, 'teleport'): get_start_method() gave {before!r} before and {after!r} after the error."
    )
    before, found = learner.probe("default_while_asked").value
    assert found == [before], (
        f"usable_methods(): get_start_method() gave {before!r} before; during the call or after it, it was {' and '.join(found)}. Ask which methods there are, and set none."
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
    for method in ("teleport", METHODS[0].upper(), "", f"{rng.choice(METHODS)}s"):
        for numbers in (some_numbers(rng, 2), *([[]] if method == "teleport" else [])):
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


def what_is_caught(raised, told):
    """What `is_sendable` catches, which let the exception `raised` out, and said what is `told` of other things, a sentence."""
    caught = [name for name in NOT_SENDABLE if told.get(name) is False]
    if not caught:
        return "Nor does it catch a PicklingError: without `try` nothing is caught."
    if all("PicklingError" in name for name in caught):
        return (
            f"PicklingError it catches (of an object that raises it, it says False), and not {raised}, which pickle raises as well: "
            "PicklingError is one of many. `except Exception` catches them all."
        )
    return (
        f"Of {caught[0]} it says False, so some exceptions it catches, and not {raised}. No list of them is complete, since objects "
        "may raise what they like: `except Exception` catches them all."
    )


def how_written(learner, name):
    """How the thing was given to pickle.dumps, and what that raised, a sentence; "" if it raised nothing."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        for protocol, raised in learner.probe("protocols", name).value:
            if raised:
                return f"Asked once more, it called pickle.dumps with {protocol}, which raised {raised}."
    return ""


def said_alone(learner, name, right):
    """What it means if `is_sendable`, asked about that thing and nothing before, is right, a sentence; "" if it is not."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        alone = learner.probe("sendable", [name])
        if alone.error is None and alone.value == [(name, right, "")]:
            return f"Asked about it alone, in a new process, it says {right}: is something remembered of the objects that were asked about before?"
    return ""


@pytest.mark.points(2)
def test_what_can_be_sent(learner):
    """is_sendable tells what pickle can write and read again, and never raises."""
    found = learner.probe("sendable", [*SENDABLE, *NOT_SENDABLE]).value
    told = {name: value for name, value, error in found if not error}
    assert [name for name, _, _ in found] == [*SENDABLE, *NOT_SENDABLE], (
        f"is_sendable was asked of other things: {found!r}."
    )
    for name, value, error in found:
        right, why = name in SENDABLE, NOT_SENDABLE.get(name, "pickle writes it and reads it.")
        assert not error, (
            f"is_sendable of {name} raised {error}. It should return {right} and never raise. {why} "
            f"{'' if right else what_is_caught(error.partition(':')[0], told)}"
        )
        if value is not right:
            why = said_alone(learner, name, right) or f"{why} {how_written(learner, name) if right else ''}".rstrip()
        assert value is right, f"is_sendable of {name} should be {right}, it is {value!r}. {why}"
