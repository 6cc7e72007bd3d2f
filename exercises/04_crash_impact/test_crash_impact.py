"""The checks of kata 04: tasks that return, raise, leave and die; the kernel tells which process they ran in."""

import contextlib
import re

import pytest

from grader.judge.faults import LearnerFault, explaining
from grader.judge.run import brief

LIMIT = 10.0
"""Seconds after which a call counts as hanging."""

AGES = (1000.0, 61.0)
"""Seconds that a task takes on the bubble's clock, where waiting is free, but each look whether the task has ended costs real time.

Who looks each millisecond is right, and may not get to the end of the first of them in time: then the second is asked for.
"""

LONG = 2.2
"""Seconds that a task takes, more than a timeout that takes silence for a death is likely to have."""

SHORTER = 100
"""How many times timeouts are shortened, to see who gives up in a minute."""

JOINED_TOO_EARLY = (
    "A child whose value does not fit into the pipe (some 64 KiB) waits until it is read, and does not end before that. Who waits for "
    "its end first waits for ever. Read first, wait then."
)
NOBODY_SENDS = "A process that dies sends nothing, so who waits for its message alone waits for ever. "
INSTEAD = {
    "connection.py": "recv() raises EOFError when nobody holds a sending end any more: close your own, once the child has it.",
    "pool.py": "A multiprocessing.Pool replaces the dead worker and forgets its task; a ProcessPoolExecutor raises BrokenProcessPool.",
}
"""What to do, by the module whose function the caller stands in; else this:"""
WATCH = "Watch for the end of the process as well: look at is_alive() or `sentinel` and exitcode."

IN_STACK = re.compile(r'File "([^"]+)", line (\d+) in (\w+)')
NOT_SENT = (
    "A multiprocessing.Queue pickles in a thread of its own: an error there is at most printed in the child, and nothing is sent. So put() raises "
    "nothing, and get() waits in vain. A Pipe's send() raises at once."
)


def where_it_stood(learner, message):
    """The module whose function the answer's line called in which it stood, by the stack in `message`, and a sentence on that line."""
    frames = IN_STACK.findall(message.rpartition("(most recent call first):")[2])  # the thread that called is told last
    places = [place for place, (file, _, _) in enumerate(frames) if file == "crash_impact.py"]
    if not places:
        return "", ""
    module = frames[places[0] - 1][0] if places[0] else ""
    line = int(frames[places[0]][1])
    with learner.aside(), contextlib.suppress(LearnerFault):
        return module, f"It stood in line {line}, `{learner.probe('text_of_line', line, limit=LIMIT).value}`. "
    return module, ""


@contextlib.contextmanager
def telling_where_it_stood(learner, tasks, why):
    """Say of a call that did not end or died which tasks it had, in which line it stood, and what `why` gives for the module called there."""
    try:
        yield
    except LearnerFault as fault:
        module, stood = where_it_stood(learner, fault.message)
        with explaining(
            f"The tasks, one after the other: {', '.join(f'`{shown(task)}`' for task in tasks)}. {stood}{why(module)}"
        ):
            raise


def joined_too_early(_module):
    return JOINED_TOO_EARLY


def nobody_sends(module):
    return NOBODY_SENDS + INSTEAD.get(module, WATCH)


def not_sent(module):
    return NOT_SENT if module == "queues.py" else ""


def shown(task):
    """A task as a learner would write it."""
    name, *args = task
    texts = {
        "give": "return {}",
        "linger": "threading.Thread(target=lambda: (time.sleep(1.2), os._exit(3))).start(); return {}",
        "long": "return 'x' * {}",
        "an_exception": "return KeyError(…)",
        "place": "return os.getpid(), threading.get_ident()",
        "leave": "sys.exit({})",
        "die": "os._exit({})",
        "kill": "os.kill(os.getpid(), signal.{})",
        "lock": "return threading.Lock()",
        "function": "return lambda: 1",
    }
    if name == "give" and args[1:]:
        return f"time.sleep({args[1]}); return {args[0]!r}"
    if name == "fail":
        kind, *rest = args
        if kind == "ExceptionGroup":
            return f"raise ExceptionGroup('several', [OSError({', '.join(map(repr, rest))})])"
        return f"raise {kind}({', '.join(map(repr, rest))})"
    first = args[0] if args else ""
    return texts[name].format(first if name in ("leave", "die", "kill", "long") else repr(first))


def after_a_failure(learner, where):
    """What becomes of a task that raises at its first call only, a sentence; "" if that was not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        seen = learner.probe("after_a_failure", where, limit=LIMIT).value
        return f"Once more, with a task that raises at its first call only: ok is {brief(seen['ok'])}, value {brief(seen['value'])}. "
    return ""


def outcomes_of(learner, where, tasks, why=lambda _module: ""):
    """Run `tasks` in one call and return the run, each task as it is told, and its outcome."""
    with telling_where_it_stood(learner, tasks, why):
        run = learner.probe("outcomes", where, *tasks, limit=LIMIT)
    error = run.error
    assert error is None, (
        f"{where} raised {error.type if error else ''}: {error.text if error else ''}, for one of the tasks "
        f"{', '.join(shown(task) for task in tasks)}. Nothing should be raised here: what happens to a task is told by its Outcome. "
        "SystemExit is no Exception but a BaseException."
    )
    told = [f"{where} of a task that does `{shown(task)}`" for task in tasks]
    for what, task, callers in zip(told, tasks, run.value["callers"], strict=True):
        others = {pid for pid, _ in callers} - {run.value["here"][0]}
        elsewhere = sum(pid in others for pid, _ in callers)
        assert len(callers) <= tasks.count(task), (
            f"{what}: the task was called {counted(len(callers))}, {elsewhere or 'none'} of these in other processes. {after_a_failure(learner, where)}What it does, it would do twice, as sending a letter: call "
            "it once, and tell what became of that."
        )
    return run, list(zip(told, run.value["outcomes"], strict=True))


AS_EACH = "Whether a task has returned does not depend on what: None and an exception are values, too."
AS_LARGE = "It has returned, and its size must not matter: a value may be large."
AS_LATER = "The value had come before the process ended. How it ended then tells nothing of the task: look at exitcode where no value came."


NO_TIMEOUT = "A task may take as long as it likes: wait for it without a timeout."

KEPT = (
    "A Thread's and Process's start() and join() return None: the task's value must be kept by the function that calls it, and a process must "
    "send it. And it is there only when the worker has ended."
)


def others_that_came(seen, values):
    """Which other values of this run came as they were, a sentence; "" if none did."""
    came = []
    for (_, outcome), value in zip(seen, values, strict=False):
        if (
            type(outcome["value"]) is type(value)
            and outcome["value"] == value
            and value is not None
            and brief(value) not in came
        ):
            came.append(brief(value))
    return (
        f"These came as they should, in the same run: {', '.join(came)}. What is not true, as 0, '' and [], is a value, too."
        if came
        else ""
    )


def assert_ok(what, seen, value, why=AS_EACH, others=""):
    """The task returned `value`; `others` tells which values came in the same run."""
    assert seen["ok"] is True, f"{what}: ok should be True, it is {seen['ok']!r}; error is {seen['error']!r}. {why}"
    assert type(seen["value"]) is type(value) and seen["value"] == value, (
        f"{what}: value should be {brief(value, 60)}, it is {brief(seen['value'], 200)}. {KEPT if value else others or KEPT}"
    )
    assert seen["error"] == "", f"{what}: error should be '' where all went well, it is {seen['error']!r}."


def assert_told(what, seen, names=(), why=""):
    """The task did not return, and one of `names` tells what happened; anything does if there are none."""
    assert seen["ok"] is False, (
        f"{what}: ok should be False, it is {seen['ok']!r}, and value is {seen['value']!r}. {why}"
    )
    assert seen["value"] is None, f"{what}: value should be None where there is none, it is {seen['value']!r}."
    error = seen["error"]
    assert isinstance(error, str) and error.strip(), (
        f"{what}: error should tell what happened, it is {error!r}. An exception may have no text, so str(error) may be ''; its "
        "type has a name always."
    )
    assert not names or any(name in error for name in names), (
        f"{what}: error should have {' or '.join(names)} in it, it is {error!r}. {why}"
    )


TRY_CATCH = (
    "An exception in a thread ends that thread alone and is raised nowhere else, so a `try` around start() and join() sees nothing. In a "
    "process it ends the process, and the parent learns no more than exitcode. The function that calls the task must catch it."
)


def assert_exception_is_value(learner, function):
    """An exception that a task returns is its value."""
    _, ((what, outcome),) = outcomes_of(learner, function, [["an_exception"]])
    assert outcome["ok"] is True, (
        f"{what}: ok should be True, it is {outcome['ok']!r}. The task *returned* an exception, and raised none. What it returned does not tell "
        "whether it returned: keep that too."
    )


def counted(times):
    """How often, in words."""
    return {0: "never", 1: "once", 2: "twice"}.get(times, f"{times} times")


def assert_called(run, seen, tasks):
    """Each task was called, also where another did the same."""
    for (what, _), task, callers in zip(seen, tasks, run.value["callers"], strict=True):
        assert len(callers) == tasks.count(task), (
            f"{what}: such a task was handed over {counted(tasks.count(task))}, and called {counted(len(callers))}. What became of one before "
            "says nothing of the next: call each."
        )


def how_it_waited(learner):
    """Whether run_in_process joins, and in how many processes two tasks run, a sentence; "" if that was not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        seen = learner.probe("joins_called", limit=LIMIT).value
        timed = sum(timeout is not None for timeout in seen["joins"])
        served = "a process for each" if seen["processes"] > 1 else "the same process for both"
        called = f"called {counted(len(seen['joins']))}" if seen["joins"] else "never called"
        cut = f", {counted(timed)} with a timeout" if timed else ""
        return f"Once more, with two calls: there was {served}, and join() of a process was {called}{cut}. "
    return ""


def assert_none_left(learner, run, what, kind):
    """Who has called the tasks is gone."""
    left = run.value["left"]
    assert not left, (
        f"{what}: 0.4 s after it returned, the {kind} that had called the task was still there. "
        f"{how_it_waited(learner) if kind == 'process' else ''}It is to wait for the end of that {kind}, "
        f"not only for the task's: join it, without a timeout, and keep no pool."
    )


def assert_calls_keep_apart(learner):
    """run_in_thread serves two callers at once, whatever becomes of their tasks, and tasks that call it themselves."""
    learner.explore("two_at_once", budget=40, thread_errors=True, limit=LIMIT).only(
        {"a": "a", "b": "ValueError"},
        "Two threads have called run_in_thread at once, with a task that returns 'a' and one, b, that raises ValueError. Keep each outcome where no "
        "other call writes, in a variable of this call; all that is there once for all threads, as threading.excepthook, others change meanwhile.",
    )
    with explaining(
        "Two threads have called run_in_thread at once, with tasks that call it, too. If one call holds what another needs, as a lock or the "
        "only thread of a pool, they wait for ever."
    ):
        came = learner.probe("calls_in_calls", LONG, clock="bubble", limit=LIMIT).value
    for name, outcome in sorted(came.items()):
        assert outcome["ok"] is True and outcome["value"] == [name], (
            f"run_in_thread, called by two threads at once with tasks that call it, too, and there take {LONG} s: ok should be True and value "
            f"{[name]!r}; ok is {outcome['ok']!r}, value {outcome['value']!r}, error {outcome['error']!r}. {NO_TIMEOUT}"
        )


def assert_waits_for_ages(learner):
    """run_in_thread waits for a task that takes long, by looking again and again, too."""
    ages, less = AGES
    seconds = ages
    try:
        with learner.aside():
            run = learner.probe("after_ages", ages, clock="bubble", limit=LIMIT / 3)
    except LearnerFault:
        seconds = less
        run = learner.probe("after_ages", less, clock="bubble", limit=LIMIT)
    outcome = run.value
    assert outcome["ok"] is True and outcome["value"] == "late", (
        f"run_in_thread of a task that takes {seconds:.0f} s: ok should be True and value 'late'; ok is {outcome['ok']!r}, value "
        f"{outcome['value']!r}, error {outcome['error']!r}. {NO_TIMEOUT}"
    )


@pytest.mark.points(2)
def test_values_come_back_from_a_thread(learner, rng):
    """run_in_thread calls the task in another thread of this process and returns its value."""
    value = [rng.randint(0, 99), "two", (3.0,)]
    values = (value, value, None, 0, "", [], False)
    tasks = (*(["give", each] for each in values), ["give", value, 0.2], ["place"])
    run, (*seen, (what, spot)) = outcomes_of(learner, "run_in_thread", tasks)
    for (each, outcome), right in zip(seen, (*values, value), strict=True):
        assert_ok(each, outcome, right, others=others_that_came(seen, values))
    process, thread = run.value["here"]
    assert_ok(what, spot, spot["value"])
    assert spot["value"][0] == process, (
        f"{what}: the task ran in another process. Threads belong to the process that starts them."
    )
    assert spot["value"][1] != thread, (
        f"{what}: the task ran in the thread that called run_in_thread. `target=task()` calls it at once, and run() is an ordinary call: "
        "hand the task over, and start()."
    )
    assert_called(run, [*seen, (what, spot)], tasks)
    assert_none_left(learner, run, what, "thread")
    assert_exception_is_value(learner, "run_in_thread")
    very = learner.probe("the_very_object", limit=LIMIT).value
    for thing, name in zip(very["things"], ("lock", "list"), strict=True):
        assert thing["ok"] is True and thing["same"], (
            f"run_in_thread of a task that returns a {name}: ok is {thing['ok']!r}, error {thing['error']!r}, and the value is "
            f"{f'that {name}' if thing['same'] else 'another object'}. Threads share memory: what a task returns comes back as it is."
        )
    assert very["fields"] == ["ok", "value", "error"], (
        "An Outcome should be as the file had it: a frozen dataclass with ok, value and error, no more and no less. Who gets one relies on it."
    )
    assert_calls_keep_apart(learner)
    assert_waits_for_ages(learner)


@pytest.mark.points(2)
def test_values_come_back_from_a_process(learner, rng):
    """run_in_process calls the task in another process and returns its value, a large one too."""
    value = {"a": rng.randint(0, 99), "b": ["two", (3.0,)]}
    values = (value, value, None, 0, "")
    tasks = (*(["give", each] for each in values), ["give", value, LONG], ["place"])
    run, (*seen, (_, late), (what, spot)) = outcomes_of(learner, "run_in_process", tasks)
    for (each, outcome), right in zip(seen, values, strict=True):
        assert_ok(each, outcome, right, others=others_that_came(seen, values))
    assert late["ok"] is True and late["value"] == value, (
        f"run_in_process of a task that takes {LONG} s: ok should be True and value {value!r}; ok is {late['ok']!r}, value "
        f"{late['value']!r}, error {late['error']!r}. A task may take as long as it likes, so that nothing came for a while, as when a "
        "get(), poll() or join() with a timeout is over, does not tell that it failed. Wait without a timeout, for its message or its end."
    )
    assert_ok(what, spot, spot["value"])
    pids = [process.pid for process in run.children]
    assert spot["value"][0] in pids, (
        f"{what}: it ran in process {spot['value'][0]}; this one is {run.value['here'][0]}, and the system saw "
        f"{f'its children {pids}' if pids else 'no child of it'}. Threads, run() and `target=task()` stay in this process."
    )
    size = rng.randint(10**6, 2 * 10**6)
    _, ((what, outcome),) = outcomes_of(learner, "run_in_process", [["long", size]], why=joined_too_early)
    assert_ok(what, outcome, "x" * size, why=AS_LARGE)
    assert_exception_is_value(learner, "run_in_process")
    assert_called(run, [*seen, ("", late), (what, spot)], tasks)
    run, ((what, outcome),) = outcomes_of(learner, "run_in_process", [["linger", value, 1.2, 3]])
    assert_ok(what, outcome, value, why=AS_LATER)
    assert_none_left(learner, run, what, "process")
    late = learner.probe("with_short_timeouts", 1.0, SHORTER, limit=LIMIT).value
    assert late["ok"] is True and late["value"] == "late", (
        f"run_in_process of a task that takes 1 s, while each timeout was {SHORTER} times shorter, as if it took {SHORTER} s: ok should be True and "
        f"value 'late'; ok is {late['ok']!r}, value {late['value']!r}, error {late['error']!r}. A task may take as long as it likes: wait without a "
        "timeout, or when one is over look whether the process is there, and wait again."
    )


def which_were_caught(tasks, seen):
    """Of which exceptions the outcomes told, and of which not, a sentence."""
    told = [kind for (_, kind, *_), (_, outcome) in zip(tasks, seen, strict=True) if outcome["ok"] is False]
    missed = [kind for _, kind, *_ in tasks if kind not in told]
    if not missed:
        return f"It saw that these were raised: {', '.join(told)}. The name is that of type(error), whatever is in it or was made of it."
    if not told:
        return (
            f"Of {', '.join(missed)} none was caught, so it is no matter of the type that `except` names. {TRY_CATCH}"
        )
    return f"Caught: {', '.join(told)}; not caught: {', '.join(missed)}. {TRY_CATCH}"


def why_ok(learner, run, task):
    """What made a value that can't be sent pass for one that came, some sentences."""
    told = f"On stderr stands {run.last_error}." if run.last_error else "No error stands on stderr."
    with learner.aside(), contextlib.suppress(LearnerFault):
        came = learner.probe("messages_of", task, limit=LIMIT).value
        if came:
            arrived = ", ".join(f"{call} in line {line} {gave}" for call, line, gave in came[-3:])
            return f"{told} Once more: {arrived}. {NOT_SENT if any('Queue' in call for call, _, _ in came) else ''}".rstrip()
    return f"{told} Let the child catch that error, and send it."


@pytest.mark.points(2)
def test_exceptions_are_told(learner, rng):
    """The name of an exception's type is in the error, also if it has no text."""
    for where in ("run_in_thread", "run_in_process"):
        tasks = [
            ["fail", kind, *texts]
            for kind, texts in (
                ("ValueError", ["no"]),
                ("Unfit", ["no"]),
                ("KeyError", []),
                ("StopIteration", ["no"]),
                ("ExceptionGroup", ["no"]),
                ("Gone", ["no"]),
            )
        ]
        rng.shuffle(tasks)
        _, seen = outcomes_of(learner, where, tasks, why=nobody_sends)
        for task, (what, outcome) in zip(tasks, seen, strict=True):
            assert_told(what, outcome, [task[1]], why=which_were_caught(tasks, seen))


def test_who_leaves_has_not_returned(learner, rng):
    """A task that raises SystemExit is not ok, also if its exit code is 0."""
    code = rng.randint(3, 99)
    for where, names in (("run_in_thread", ["SystemExit"]), ("run_in_process", ["SystemExit", str(code)])):
        _, (odd, zero) = outcomes_of(learner, where, [["leave", code], ["leave", 0]], why=nobody_sends)
        caught = odd[1]["ok"] is False and str(code) in str(odd[1]["error"])
        why = (
            f"So it was caught: {code} is the text of that SystemExit, str(error). Tell its name as well, type(error).__name__."
            if caught
            else "sys.exit() raises SystemExit, which `except Exception` lets through: it is a BaseException. A thread then ends silently, "
            "and a process with the exit code."
        )
        assert_told(*odd, names, why=why)
        assert_told(*zero, names if where == "run_in_thread" else [], why=why)


@pytest.mark.points(2)
def test_the_death_of_a_process_is_told(learner, rng):
    """A process that ends before it has a value, by a signal or on the spot, is not ok, and the next task is served."""
    for task in (["die", rng.randint(2, 99)], ["kill", "SIGKILL"], ["die", 0]):
        after = ["give", rng.randint(0, 99)]
        _, ((what, outcome), following) = outcomes_of(learner, "run_in_process", [task, after], why=nobody_sends)
        why = "The parent must look: at exitcode (minus a signal's number), and at whether a value came. " + (
            "Exit code 0 is no proof of a value."
            if task[-1] == 0
            else "Nobody else tells it that the process has died."
        )
        assert_told(what, outcome, why=why)
        assert following[1]["ok"] is True, (
            f"{following[0]}, after a task that does `{shown(task)}`: ok should be True, error is {following[1]['error']!r}. A pool whose "
            "worker has died stays broken: make a new one for each task."
        )


def test_a_value_that_cannot_be_sent_is_told(learner):
    """A process whose value can't be pickled is not ok."""
    for task in (["lock"], ["function"]):
        run, ((what, outcome),) = outcomes_of(learner, "run_in_process", [task], why=not_sent)
        assert_told(
            what,
            outcome,
            why=f"This cannot be pickled, so it never came back. {why_ok(learner, run, task)}"
            if outcome["ok"] is not False
            else "",
        )
