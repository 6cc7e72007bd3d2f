"""The checks of kata 12. In all but the last, waits take virtual time, and times are exact."""

import contextlib

import pytest

from grader.judge.faults import LearnerFault


def some_rows(rng, kinds):
    """A task for each of `kinds`, with its number and the seconds that it takes: the first takes longest."""
    return [(kind, number, (len(kinds) - number) / 2 + rng.randint(1, 9) / 100) for number, kind in enumerate(kinds)]


def in_words(rows):
    """What the tasks do, for a message."""
    return "The tasks, with the seconds that each takes: " + ", ".join(
        f"{number} {kind.replace('gives', 'returns')} ({seconds:g} s)" for kind, number, seconds in rows
    )


def came_with(told):
    """What a group holds, for a message."""
    return "" if told["raised"] == "nothing" else f" with {told['errors']}"


def why_missing(run, rows):
    """What was seen that may have kept tasks from being called."""
    died = run.stderr.strip().splitlines()
    failed = [number for kind, number, _ in rows if kind == "raises" and number in run.value["begun"]]
    exited = [number for kind, number, _ in rows if kind == "exits" and number in run.value["begun"]]
    if died and "argument after *" in died[-1]:
        return f" The threads were ended before they came to their tasks. The last words on stderr: {died[-1]}. `(x)` is x in parentheses; a tuple of one is `(x,)`."
    if failed:
        told = (
            f" Before that task {failed[0]} had failed: its exception should leave the others in peace. Does a loop end with it, or are the rest cancelled (FIRST_EXCEPTION, "
            "cancel_futures)?"
        )
    elif exited:
        told = (
            f" Task {exited[0]} had raised SystemExit, and then nobody took the next one. A worker keeps that for the end and goes on with its loop: a `return` there, "
            "or a SystemExit that leaves the loop, ends the thread, and the tasks that waited for it stay where they are."
        )
    else:
        told = " Is each task handed to a thread? A daemon thread or a cancelled future is work that may never be done."
    return f"{told} The last words on stderr: {died[-1]}" if died else told


def assert_each_called_once(run, rows):
    """Each task began once."""
    told = run.value
    numbers = [number for _, number, _ in rows]
    missing = [number for number in numbers if number not in told["begun"]]
    twice = sorted({number for number in told["begun"] if told["begun"].count(number) > 1})
    guess = ""
    if missing and twice:
        guess = (
            " A lambda or an inner function in a loop looks the loop's variable up when it is *called*, and by then the "
            "loop has gone on: hand the task over as an argument."
        )
    elif missing:
        guess = why_missing(run, rows)
    assert not missing and not twice, (
        f"Each of the {len(numbers)} tasks should be called once. Never called: {missing}; more than once: {twice}.{guess}"
    )


def by_daemons(told, open_ones):
    """What kind of threads the tasks are in that have not ended."""
    daemons = [number for number in open_ones if number in told["by daemons"]]
    if daemons == open_ones:
        return "Their threads are daemons: when the program ends they are cut off."
    return f"{f'The threads of {daemons}' if daemons else 'None of their threads'} are daemons."


def without_errors(learner, rows, workers):
    """When run_all comes back where the same tasks all return, a sentence; done once more to be seen."""
    told = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        told = learner.probe("run", [("gives", *rest) for _, *rest in rows], workers).value
    if not isinstance(told, dict) or told["raised"] != "nothing":
        return ""
    open_ones = sorted(set(told["begun"]) - set(told["ended"]))
    return (
        f" Where all of them return it came back when {f'{open_ones} had not ended' if open_ones else 'all had ended'}."
    )


def assert_all_ended(told, rows, more=lambda: ""):
    """No task was still at work when run_all was over."""
    open_ones = sorted(set(told["begun"]) - set(told["ended"]))
    assert not open_ones, (
        f"When run_all came back (it raised {told['raised']}), after {round(told['seconds'], 2):g} s, the tasks {open_ones} had not ended. {by_daemons(told, open_ones)} "
        f"{in_words(rows)}.{more()} Nothing is raised or returned before all have ended: no first error leaves the rest alone."
    )


def assert_nothing_raised(told, rows):
    """run_all returned."""
    guess = ""
    if told["raised"] == "ExceptionGroup":
        guess = "An exception that a task *returns* is a value; only what it raises is an error."
    elif not rows or told["raised"] == "ValueError":
        guess = "Where nothing failed nothing is raised (a group of no exceptions can't even be made), and no tasks are no error."
    elif any("threads can only be started once" in str(error) for error in told["errors"]):
        guess = (
            "start() was called again on a Thread object that had been started before. That can't be, also when it has ended: a thread for each task, or one that takes task "
            "after task."
        )
    assert told["raised"] == "nothing", (
        f"No task raised an exception, and run_all raised {told['raised']} ({', '.join(told['errors'])}). {in_words(rows)}. {guess}".rstrip()
    )


def where_lost(learner, rows, workers):
    """Where the errors are that nobody raised, in sentences; done once more to be seen."""
    seen = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        seen = learner.probe("where_errors_stay", rows, workers).value
    if not isinstance(seen, dict):
        return ""
    if seen["ended a thread"]:
        told = f" {', '.join(seen['ended a thread'])}: each ended a plain thread, which takes its exception along."
        if lines := seen["lines in a try"]:
            told += (
                f" Line{'s' if len(lines) > 1 else ''} {' and '.join(map(str, lines))}, where threads are started or joined, stand{'' if len(lines) > 1 else 's'} in a `try`: "
                "start() and join() raised nothing that its `except` could catch."
            )
        return f"{told} Catch it in the function that the thread runs, and keep it."
    if seen["in a future"]:
        asked = (
            f"{seen['futures asked']} of these futures were asked"
            if seen["futures asked"]
            else "nobody asked these futures"
        )
        return (
            f" {', '.join(seen['in a future'])} are in futures of a pool, and {asked}: result() raises what one holds."
        )
    return " No thread was ended by one and no future holds one: so they were caught on their way."


def assert_group(told, rows, more=lambda: ""):
    """The errors came as one group, in order."""
    expected = [f"error {number}" for kind, number, _ in rows if kind == "raises"]
    if told["raised"] == "nothing":
        guess = f"It returned {told['values']} instead: the errors are lost.{more()}"
    elif told["raised"] == "ExceptionGroup":
        guess = "They should be in it in the order of the tasks, not in that in which they failed, and be the very exceptions that were raised."
    elif len(expected) == 1:
        guess = "One error alone comes in a group too: who calls run_all writes `except*` or looks at .exceptions, however many failed."
    else:
        guess = "result() and map() raise the first error only, and the others go unheard: collect them all, then raise ExceptionGroup(text, errors)."
    assert told["raised"] == "ExceptionGroup" and told["errors"] == expected, (
        f"{in_words(rows)}. run_all should raise an ExceptionGroup of {expected}; it raised {told['raised']}{came_with(told)}. {guess}"
    )


def what_the_calls_gave(learner, rows):
    """Whether what start() or join() gave is in the list, a sentence; done once more to be seen."""
    found = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        found = learner.probe("calls_marked", rows, 3).value
    marks = [mark for mark in ("start()", "join()") if isinstance(found, list) and mark in found]
    if marks:
        return f"Done once more with a {marks[0]} that returns {marks[0]!r}, the list was {found}: it is made of what {marks[0]} gives, which is always None."
    if found == [None] * len(rows):
        return "It is not made of what start() and join() give. The function that a thread runs has to put the task's value into it."
    return "What a target returns goes nowhere: it has to put the task's value into the list."


def test_values_come_in_the_order_of_the_tasks(learner, rng):
    """Each task is called once, and what it returns has the task's place, an exception too."""
    for kinds in (["gives"] * 5, ["gives", "gives an error", "gives"], []):
        rows = some_rows(rng, kinds)
        run = learner.probe("run", rows, 3)
        told = run.value
        assert_nothing_raised(told, rows)
        assert_each_called_once(run, rows)
        expected = [f"error {number}" if kind == "gives an error" else number for kind, number, _ in rows]
        guess = ""
        if told["values"] == [None] * len(rows) and rows:
            guess = f"{len(run.threads) - 1} threads did the work, and none of their values is in the list. {what_the_calls_gave(learner, rows)}"
        elif told["values"] == "None":
            guess = "Is there a `return` at the end of run_all? What a target returns goes nowhere: it has to be kept by the target."
        elif isinstance(told["values"], list) and sorted(map(str, told["values"])) == sorted(map(str, expected)):
            guess = "This is the order in which they ended: keep each value under the number of its task."
        assert told["values"] == expected, (
            f"{in_words(rows)}. run_all should return {expected}, it returned {told['values']}. {guess}".rstrip()
        )
    learner.probe("refused").returned(
        ["ValueError"] * 3, "run_all([int], 0), run_all([int, int], -2) and run_all([], 0): nobody could do the work."
    )


def test_as_many_at_once_as_workers(learner, rng):
    """Up to `workers` tasks are under way at once, and never more."""
    workers = rng.randint(2, 4)
    rows = [("gives", number, 1.0) for number in range(2 * workers + 1)]
    run = learner.probe("run", rows, workers)
    told = run.value
    assert_each_called_once(run, rows)
    if told["at once"] < workers:
        alone = len(run.threads) == 1
        guess = (
            "No thread was begun: run() is an ordinary call, only start() begins a thread."
            if alone
            else "All of them were called by the calling thread itself: submit(task()) and Thread(target=task()) call the task right there; hand it over without the parentheses."
            if told["by the caller"] == len(rows)
            else "Threads called them, one after the other: is each waited for (join, result) before the next begins?"
        )
    else:
        guess = "Each thread more is a connection, a file, a piece of memory more: a pool of `workers` threads takes one task after the other."
    assert told["at once"] == workers, (
        f"{len(rows)} tasks of 1 s, {workers} workers: at most {told['at once']} were under way at once, it should be {workers}. {guess}"
    )


def test_errors_come_as_one_group(learner, rng):
    """All exceptions of tasks are raised as one group, in the order of the tasks, when all have ended."""
    kinds = ["raises", "gives", "raises", "raises", "gives"]
    rng.shuffle(kinds)
    one = rng.sample(["raises", "gives", "gives"], 3)
    for rows, workers in (
        (some_rows(rng, kinds), 5),
        (some_rows(rng, ["raises", "gives", "raises"]), 1),
        (some_rows(rng, one), 2),
    ):
        run = learner.probe("run", rows, workers)
        assert_all_ended(run.value, rows, lambda rows=rows, workers=workers: without_errors(learner, rows, workers))
        assert_each_called_once(run, rows)
        assert_group(run.value, rows, lambda rows=rows, workers=workers: where_lost(learner, rows, workers))


def test_system_exit_is_raised_when_all_have_ended(learner, rng):
    """A SystemExit of a task is no error to collect: it is raised itself, when all have ended."""
    first = [("exits", 1, 0.5), ("gives", 0, 2.0), ("gives", 2, 3.0)]
    for rows, workers in ((rng.sample(first, 3), 3), (first, 1)):
        run = learner.probe("run", rows, workers)
        assert_exit_raised(run.value, rows)
        assert_all_ended(run.value, rows)
        assert_each_called_once(run, rows)


def assert_exit_raised(told, rows):
    """run_all raised the SystemExit of task 1, or one like it."""
    if told["raised"] == "nothing":
        did = f"it raised nothing and returned {told['values']}. SystemExit is no Exception, so `except Exception` lets it pass; and a plain thread swallows it without a word."
    else:
        did = f"it raised {told['raised']} ({', '.join(told['errors'])}). An ExceptionGroup can't hold it, since it is no Exception: collect by `except Exception`, and let it pass."
    if told["raised"] == "SystemExit":
        did = f"it raised {', '.join(told['errors'])}. Its code is what the program ends with: hand on the one that the task raised, or its code."
    assert told["raised"] == "SystemExit" and told["errors"] in (["error 1"], ["SystemExit(1)"]), (
        f"{in_words(rows)}. Task 1 raised SystemExit(1), so run_all should raise it when all have ended; {did}"
    )


def assert_small(explored, expected, why):
    """Every schedule gave `expected`; where one gave the same in another order, that is what is said."""
    parts = [value[1] for value in explored.values if value != expected and isinstance(value, list) and len(value) == 2]
    if parts and all(
        isinstance(part, list) and sorted(map(str, part)) == sorted(map(str, expected[1])) for part in parts
    ):
        why = "Nothing is missing, but the order is wrong: asked for is that of the tasks, and this is the one in which they ended. Keep each under the number of its task."
    explored.only(expected, why)


def test_no_task_is_lost_in_any_order(learner):
    """However the workers take turns, each task is done once, each value and error is told, and never too many are at work."""
    why = (
        "Two workers that look which task is next and take it in two steps may both take the same, and so one is done twice and another "
        "never."
    )
    assert_small(
        learner.explore("run_small", ["gives", "gives"], 2, budget=400),
        ["nothing", [0, 1]],
        f"Two tasks that return their number, two workers: told are what was raised, and the values. {why}",
    )
    assert_small(
        learner.explore("run_small", ["raises", "raises"], 2, budget=400),
        ["ExceptionGroup", ["error 0", "error 1"]],
        f"Two tasks that raise, two workers: told are what was raised, and the errors, in the order of the tasks. {why}",
    )
    learner.explore("run_after_a_short_one", 2, 3, budget=400).always(
        lambda most: most <= 2,
        "Two workers and four tasks, of which the first takes no time and the others 1 s: told is how many of these were under way at once. Who counts those "
        "under way reads, adds or takes off, and writes: under one lock, or what another writes meanwhile is lost, and there is room for one too many.",
    )


def who_was_asked(told, before, expected):
    """What the block had put in the place of what, and what comes of that."""
    missing = set(expected) - set(told["errors"])
    early = {f"error {number}" for kind, number, _ in before if kind == "raises"}
    told_of = "Missing are just those of the threads that were started before the block. " if missing == early else ""
    if "threading.excepthook" in told["changed"]:
        seen = "In the block threading.excepthook was a new one, which is right: it is called for each thread, wherever that was started."
        return f"{told_of}{seen} Does it keep every Exception, and is each raised in the group?"
    instead = "threading.excepthook was still the one from before, and nothing else had been replaced: a `try` around the block sees what the block itself raises."
    for name, reaches in (
        ("sys.excepthook", "it is asked where an exception ends the main thread"),
        ("threading.Thread", "it reaches threads that are made of the new class, and no others"),
    ):
        if name in told["changed"]:
            instead = f"{name} was a new one ({reaches}), and threading.excepthook was still the one from before."
    return (
        f"{told_of}In the block {instead} An exception that ends a thread doesn't come out of start() or join(): it is told to threading.excepthook, for each thread, "
        "wherever it was started."
    )


NO_ERRORS = "Where there are no errors, nothing is raised: ExceptionGroup(text, []) is itself an error."
QUIET_ENDS = {
    "": NO_ERRORS,
    "gives": NO_ERRORS,
    "exits": "SystemExit ends a thread in peace. The hook is told of it too, and has to look: it is no Exception.",
    "interrupts": "SystemExit is not the only one that is no Exception, and an ExceptionGroup holds none of them: take what is an instance of "
    "Exception, rather than all that is no SystemExit.",
}
"""What a thread does that watch_threads tells nothing of, and why it should not."""


def test_watch_tells_what_ended_threads(learner, rng):
    """What ends threads in the block is raised at its end as one group; where nothing did, nothing is raised."""
    for kind, why in QUIET_ENDS.items():
        told = learner.probe("watch", [], [(kind, 0, 0.5)] if kind else []).value
        ended = {"exits": "one thread ended by SystemExit", "interrupts": "one thread ended by KeyboardInterrupt"}
        assert told["raised"] == "nothing", (
            f"In the block {ended.get(kind, 'no thread failed')}, and at its end came {told['raised']} {told['errors']}. {why}"
        )
    rows = some_rows(rng, ["raises", "gives", "exits", "raises", "raises"])
    expected = ["error 0", "error 3", "error 4"]
    for before, inside in (([], rows), (rows[2:], rows[:2])):
        told = learner.probe("watch", before, inside).value
        begun = f"{len(before)} threads were started before the block, {len(inside)} in it, and all were joined in it"
        assert told["raised"] == "ExceptionGroup" and told["errors"] == expected, (
            f"{begun}. Three of them were ended by an exception: {expected}, one by SystemExit, which is no error. At the end of "
            f"the block came {told['raised']}{came_with(told)}. {who_was_asked(told, before, expected)}"
        )
        assert told["caught by except*"] == expected, (
            f"{begun}. `except* Trouble` should catch {expected} of the group, it caught {told['caught by except*']}."
        )
    told = learner.probe("watch_in_an_except", [("raises", 1, 0.5)]).value
    assert told["raised"] == "ExceptionGroup" and told["errors"] == ["error 1"], (
        "The whole `with` stood in somebody's `except ZeroDivisionError:`; the block itself raised nothing, and a thread was ended in it by error 1. At the "
        f"end of the block came {told['raised']} with {told['errors']}. sys.exc_info() tells of that ZeroDivisionError too, for it is being handled: what the block itself raised "
        "comes out of the `yield`, or is given to `__exit__`."
    )


def test_watch_joins_none_and_leaves_nothing(learner, rng):
    """A thread that still runs is not waited for, and afterwards the hook is as before."""
    seconds = rng.randint(3, 20) / 2
    told = learner.probe("watch_while_one_runs_on", seconds).value
    assert told["seconds"] == 0, (
        f"A thread slept for {seconds} s, and the block ended at once; `with` took {told['seconds']:g} s. watch_threads joins no thread."
    )
    assert told["raised"] == "nothing", (
        f"At the end of the block came {told['raised']}; the thread there had not failed yet. Who is still at work is none of its matter."
    )
    assert_hook(told, "A thread failed after the end of the block")
    assert told["told to that hook"] == ["error 1"], (
        f"A thread failed after the end of the block, with error 1. threading.excepthook was as before, and what it was told is {told['told to that hook']}. "
        "What ended that thread was caught in the thread itself: what a block puts around a thread's function is there when the block is over."
    )
    for rows in ([], [("raises", 1, 0.5)]):
        assert_hook(learner.probe("watch", [], rows).value, f"After a block with {len(rows)} failed threads")
        for kind in ("LookupError", "SystemExit"):
            told = learner.probe("watch_a_body_that_raises", rows, kind).value
            assert_hook(told, f"After a block that raised {kind}")


def assert_hook(told, when):
    """The hook is what it was before the block."""
    assert told["hook"] == "as before", (
        f"{when}: a hook was set before the block, and it should be in its place again. threading.excepthook is now {told['hook']}. "
        "Keep what threading.excepthook was when the block began, and put that back on every way out, in a `finally`."
        + (" `except Exception` does not see a SystemExit go by." if "SystemExit" in when else "")
    )


def what_became(told):
    """What became of the block's own exception, which should have come out."""
    if told["came out"] == "nothing":
        return "Who catches it must raise it again."
    line = f"in line {told['raised in line']}" if told["raised in line"] else "there"
    if told["the block's own is in its __context__"]:
        return (
            f"It is in the __context__ of what was raised {line}: so it was still on its way. A `raise` in a `finally`, an `except` or an __exit__ takes the place of what is on "
            "its way."
        )
    return f"It is not in the __context__ of what was raised {line}: so it had been caught before. Who catches it must raise it again."


def test_an_exception_of_the_block_goes_on(learner):
    """What the block itself raises comes out of it, with the group in its chain of contexts."""
    failing = [("raises", 1, 0.5), ("raises", 2, 0.5)]
    both = ["error 1", "error 2"]
    for rows, kind, errors in (([], "LookupError", []), (failing, "LookupError", both), (failing, "SystemExit", both)):
        told = learner.probe("watch_a_body_that_raises", rows, kind).value
        asked = f"{len(errors)} threads failed in the block, and then the block itself raised {kind}"
        assert told["came out"] == "the block's own exception", (
            f"{asked}: that should come out, and it was {told['came out']}. Its caller waits for a {kind}. {what_became(told)}"
        )
        assert told["group in its __context__"] == errors, (
            f"{asked}: in the chain of its __context__ should be a group of {errors}, there are {told['group in its __context__']}. "
            + (
                "`except Exception` around the `yield` lets it pass, and the errors with it: SystemExit is a BaseException."
                if kind == "SystemExit"
                else "__context__ can be set like any attribute."
            )
        )
        assert told["what it was in before"], (
            f"{asked} while it handled a ZeroDivisionError. That is the {kind}'s __context__, and it should still be in the chain: "
            "go to the chain's end before you set anything."
        )


def test_watch_loses_none_in_any_order(learner):
    """Two threads that die at the same time are both told, in whatever order they come."""
    learner.explore("watch_small", thread_errors=True).only(
        ["error 1", "error 2"],
        "Two threads were ended by an exception each, and this is what the group held. The hook runs in the thread that dies, so two "
        "may be in it at once: append to one list, in one step.",
    )


@pytest.mark.real_time
def test_errors_for_real(learner):
    """On plain threads errors and values are told too, and as many tasks are under way as there are workers."""
    rows = [("raises", 0, 0.4), ("gives", 1, 0.4), ("raises", 2, 0.2), ("gives", 3, 0.2)]
    with learner.register() as register:
        told = learner.probe("run", rows, 2, register, clock="real", limit=10.0).value
    assert_all_ended(told, rows)
    assert_group(told, rows)
    assert told["at once"] == 2, f"Two workers: at most {told['at once']} tasks were under way at once."
    register.together("at work", 2, "Each task goes there when it begins; two workers have two tasks under way.")
    rows = [("raises", 1, 0.1), ("gives", 2, 0.1), ("raises", 3, 0.0)]
    told = learner.probe("watch", rows[:1], rows[1:], clock="real", limit=10.0).value
    assert told["errors"] == ["error 1", "error 3"], (
        f"Two of three threads failed in a block of watch_threads; at its end came {told['raised']}{came_with(told)}. "
        f"{who_was_asked(told, rows[:1], ['error 1', 'error 3'])}"
    )
    assert_hook(told, "After a block in which two of three threads failed")
