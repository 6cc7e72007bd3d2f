"""The checks of kata 02: lists tell who changed them, items who sent them, and the kernel which processes there were."""

import contextlib
import re

import pytest

from grader.judge.faults import LearnerFault, explaining
from grader.judge.run import brief, same

PAUSE = 0.1
"""Seconds that a list takes to change, so that whoever does not wait returns too soon."""

LONG_PAUSE = 0.7
"""The same, so that who waits for half a second at most does so too."""

SHORT_PAUSE = 0.01
"""The same for calls of which only the result is looked at."""

NO_PROCESS = (
    "The system saw no other process. Threads, `multiprocessing.dummy` and `Process.run()` stay in this one: make a "
    "multiprocessing.Process and start() it, or take a pool of processes."
)
STUCK = {
    (
        "process.py",
        "join",
    ): "It stands in join(): what a child puts into a multiprocessing.Queue or Pipe waits in the child until it is read, "
    "and before that the child does not end. So fetch first and join then; only what fits into the pipe goes well the other way round.",
    (
        "queue.py",
        "get",
    ): "It stands in get() of a queue.Queue, which is for threads and never reaches another process: take a "
    "multiprocessing.Queue.",
    (
        "queues.py",
        "get",
    ): "It stands in get() of a multiprocessing.Queue, and nothing comes that way: has the child put something into it?",
    ("connection.py", "recv"): "It stands in recv(), and nothing comes that way: has the child sent something?",
}
"""What it means that a call stood in this function of this file."""

IN_STACK = re.compile(r'File "([^"]+)", line \d+ in (\w+)')


@contextlib.contextmanager
def telling_where_it_stood():
    """Say what it means where a call that did not end stood."""
    try:
        yield
    except LearnerFault as fault:
        stood = STUCK.get(called_last(fault.message), "")
        with explaining(stood) if stood else contextlib.nullcontext():
            raise


def called_last(message):
    """File and name of the function that the answer called last, by the stacks in `message`; "" for both if they don't tell."""
    for stack in reversed(message.split("(most recent call first):")):
        above, found, _ = stack.partition('File "shared_or_separate.py"')
        if found:
            return next(reversed(IN_STACK.findall(above)), ("", ""))
    return "", ""


def some_items(rng):
    pool = [rng.randint(-99, 99), rng.random(), None, "word", (1, "two"), [rng.randint(0, 9)], True]
    return rng.choices(pool, k=rng.randint(3, 6))


def some_cases(rng):
    """Items and values of many kinds, one that stands in the list already, a long list, and the same once more."""
    twice = [1, True, 1.0, rng.randint(100, 999)]
    values = [None, 0, [], [rng.randint(1, 9), 2]]
    return [
        *((some_items(rng), value) for value in values),
        (list(range(1200)), rng.randint(100, 999)),
        (twice, twice[-1]),
        (twice, twice[-1]),
    ]


def shown(items):
    """A list as Python writes it, of a long one only its end."""
    is_long = isinstance(items, list) and len(items) > 20
    return f"a list of {len(items)} items that ends with {brief(items[-2:])}" if is_long else brief(items)


def problem_of(seen, function, items, value):
    """What is wrong with what was `seen` of a call in a row, a part of a sentence; "" if nothing is."""
    longer = [*items, value]
    if function != "append_in_thread" and not seen["elsewhere"]:
        return "no other process has been sent the list, has read it or changed it"
    if function == "append_and_send_back":
        return "" if same(seen["result"], longer) else f"it returned {shown(seen['result'])}"
    if not same(seen["after"], longer if function == "append_in_thread" else items):
        return f"the list was {shown(seen['after'])} afterwards"
    if function == "append_in_thread" and not seen["very"]:
        return "what stood at the list's end afterwards was a copy of the value, not that itself"
    return "" if seen["same"] else "it returned another list than was given"


def assert_for_all(learner, rng, function):
    """The function does so for values of all kinds and for a long list, in calls one after the other."""
    cases = some_cases(rng)
    with (
        telling_where_it_stood(),
        explaining(f"That calls {function} for one pair of items and value after the other."),
    ):
        run = learner.probe("in_a_row", function, cases, SHORT_PAUSE)
        run.raise_error()
    for turn, ((items, value), seen) in enumerate(zip(cases, run.value, strict=True), start=1):
        problem = problem_of(seen, function, items, value)
        assert not problem, (
            f"{function}({shown(items)}, {value!r}), call number {turn} in one program: {problem}. "
            f"{why_this_one(learner, function, items, value)}"
        )


def why_this_one(learner, function, items, value):
    """Whether a call went wrong for its arguments or for what was before it, a sentence."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        (alone,) = learner.probe("in_a_row", function, [(items, value)], SHORT_PAUSE).value
        if not problem_of(alone, function, items, value):
            return "As a first call it does it right: what of an earlier call is kept, in a global?"
    other = ""
    if function == "append_in_thread" and isinstance(value, list) and not value:
        other = with_another(learner, function, items)
    return (
        f"A first call does so too{other}: items stay what they are, and any value is appended as it is (None, 0, a list, one that is there "
        "already), to a list of any length."
    )


def with_another(learner, function, items):
    """What the list is afterwards where the value is a list that is not empty, a part of a sentence; "" if it is right."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        value = [7, 8]
        (alone,) = learner.probe("in_a_row", function, [(items, value)], SHORT_PAUSE).value
        if problem_of(alone, function, items, value):
            return f", and with {value} in place of [] the list was {shown(alone['after'])} afterwards"
        return f", and with {value} in place of [] the list was as it should be"
    return ""


def who_appends_next(learner, items, value):
    """Who appends in two calls of `append_in_thread` in a row, a sentence; "" if that was not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        (first, second), both = learner.probe("appended_by", "append_in_thread", items, value).value
        if first and second:
            again = "by the same thread" if both else f"by another thread, {second[0]}"
            return f"Once more, with two calls: the first value was appended by {first[0]}, the second {again}. "
    return ""


def told_on_stderr(run):
    """The last error that stands on stderr, as a sentence; "" if there is none."""
    errors = re.findall(r"^[\w.]*(?:Error|Exception)\b.*", run.stderr, flags=re.MULTILINE)
    return f" On stderr stands {errors[-1][:200]}." if errors else ""


def why_no_value(run, seen):
    """Why a list may have stayed as it was where a thread should have changed it."""
    if run.left or seen["working"]:
        return "The thread is still at it: join() waits for its end."
    if run.children:
        return "A process was started, which has a copy of the list. This one is for a thread."
    if told_on_stderr(run):
        return f"The thread ended by an error, and that is no error here.{told_on_stderr(run)} Is `args` a tuple, as (value,)?"
    if seen["result"] == seen["after"]:
        return "Has the thread been started?"
    return "A copy of the list was changed. Threads share memory, so hand over the list itself."


def why_by_the_caller(run, seen):
    """How the calling thread came to change the list that another should change, a sentence."""
    method, within_run = seen["by the caller"][0]
    if within_run:
        return "It did so within a call of run(), which is an ordinary call: only start() begins a thread."
    if len(run.threads) > 1 and method != "append":
        return (
            f"It called {method}(), and a thread was begun, which did not change this list: a copy of it? Threads share memory, so "
            "hand over the list itself; nothing has to be put back into it."
        )
    if len(run.threads) > 1:
        return (
            "It called append(), and the thread that was begun did not change this list: `Thread(target=items.append(value))` calls at "
            "once. Hand over the function and its args: target=items.append, args=(value,)."
        )
    return f"It called {method}(), and no thread was begun."


def why_changed(run, seen):
    """How a list may have changed in this process where another should have changed its copy."""
    if seen["by others"]:
        return (
            f"Another thread of this process changed it, of the class {' and '.join(seen['kinds'])}. Threads share memory, those of a "
            "ThreadPool or multiprocessing.dummy as well."
        )
    if not seen["by the caller"]:
        return ""
    method, within_run = seen["by the caller"][0]
    if within_run:
        return "The calling thread changed it, within a call of run(): that does the task right here, only start() begins a process."
    if not run.children:
        return f"The calling thread changed it by {method}(), and no process was begun."
    if method == "append":
        return (
            "The calling thread called append() itself, beside the process: `target=items.append(value)` calls at once and gives the "
            "process nothing to do. Hand over a function and its args."
        )
    return f"The calling thread changed it by {method}(): was the copy fetched back into it?"


def why_no_new_value(run, seen):
    """Why a list may have come back from `append_and_send_back` as it was, a sentence or two."""
    senders = sorted({sender for sender in seen["senders"] if sender not in (0, seen["here"])})
    if not run.children:
        return NO_PROCESS
    if not senders:
        return (
            f"No item of it came from another process. {whose_list(seen)} Let the process send its list by a Queue, a Pipe or as a pool's "
            "result."
        )
    if len(run.children) > len(senders):
        return (
            f"One of the {len(run.children)} processes, {senders[0]}, sent it, and what another has appended is not there. If that is a "
            "manager's: a plain list that is taken out of its dict or list is a copy, and a change of it is lost, unless it is assigned "
            "back."
        )
    return f"Process {senders[0]} sent it without the value: the append should come before that."


def whose_list(seen):
    """Which list of this process was returned in place of one that was sent, and what that means, two sentences."""
    if seen["globals"]:
        return f"It is the list that the global `{seen['globals'][0]}` names in this process. A process has globals of its own, and sets those."
    if seen["same"]:
        return "It is the very list that was given. A process has a copy of it, and changes that."
    return "It is a list of this process, not the given one. A process has copies of such lists, and changes those."


def why_another(learner, seen):
    """Why `append_in_thread` may have returned another object than the list, a sentence or two."""
    shares = "Threads share memory, so there is nothing to fetch: return `items`."
    if seen["result"] is not None:
        return shares
    with learner.aside(), contextlib.suppress(LearnerFault):
        teller = learner.probe("told_by", "append_in_thread").value
        if teller:
            return f"What it returned is what the Thread's {teller}() returned, and that is always None. {shares}"
        return f"That None did not come from the Thread's start() or join(): a function without `return` returns None. {shares}"
    return shares


def why_changed_too(seen):
    """How `append_and_send_back` came to change the caller's list, a sentence."""
    if any(sender not in (0, seen["here"]) for sender in seen["senders afterwards"]):
        return "What stands in it now was sent by the process: it was written into it after it had arrived."
    return "Nothing in it was sent by a process: this one has changed it by itself."


def assert_no_error(run):
    """The call did not raise, nor because something could not travel."""
    error = run.error
    told = f"{error.type}: {error.text}" if error else ""
    unpicklable = error and (
        error.type == "PicklingError" or re.search(r"(cannot|can't) pickle|local object", told, re.IGNORECASE)
    )
    assert not unpicklable, (
        f"{run.asked} raised {told}. What goes to another process is pickled, and a function travels by its name: it must stand at "
        "the top level of your file, no lambda and no inner function."
    )
    with explaining(told_on_stderr(run).strip()):
        run.raise_error()


def assert_appended_elsewhere(seen, what, right):
    """By all that was seen another process has made its copy of the list `right`, and was done with that."""
    used = seen["elsewhere"]
    assert used, (
        f"{what}: a process was begun, and none but this one was sent the list, has read it or changed it. So what did that process append "
        "to? Hand over the list and the value: target=append, args=(items, value)."
    )
    changed = [(length, last) for _, did, length, last in used if did == "changed"]
    assert len(changed) == sum(did == "begins" for _, did, _, _ in used), (
        f"{what}: the process began to append, which takes a while here, and did not get done: it was ended before. kill() and "
        "terminate() wait for nothing; join() does, without a timeout."
    )
    assert not changed or (len(right), repr(right[-1:])[:200]) in changed, (
        f"{what}: the process changed its copy of the list, which had {changed[-1][0]} items then, the last of them "
        f"{changed[-1][1][1:-1]}; it should have {len(right)}, the last of them {right[-1]!r}."
    )


def who_was_left(learner, function, items, value):
    """Which processes were alive when `function` had returned, and whether they were daemons, a sentence or two."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        alive = learner.probe("alive_afterwards", function, items, value, 0.8, limit=10).value
        if alive:
            told = " and ".join(f"{name} ({'a' if daemon else 'no'} daemon)" for name, daemon in alive)
            daemons = any(daemon for _, daemon in alive)
            more = "A daemon is ended with the program, done or not: join() it like any other." if daemons else ""
            return f"Once more: {told} still ran when it returned. {more or 'join() waits for a Process.'}"
    return "join() waits for a Process; a pool or a manager belongs into a `with`."


@pytest.mark.points(2)
def test_a_thread_changes_the_callers_list(learner, rng):
    """append_in_thread: another thread appends, and the caller's own list has the value."""
    for items, pause in (([], PAUSE), (some_items(rng), LONG_PAUSE)):
        value = rng.randint(100, 999)
        run = learner.probe("change", "append_in_thread", items, value, pause)
        seen = run.value
        what = f"append_in_thread({items}, {value})"
        assert not seen["by the caller"], (
            f"{what}: the calling thread changed the list itself. {why_by_the_caller(run, seen)}"
        )
        assert seen["after"] == [*items, value], (
            f"{what}: when it returned, the list was {seen['after']}; it should be {[*items, value]}. {why_no_value(run, seen)}"
        )
        assert seen["same"], (
            f"{what} returned {seen['result']!r}, which is not the list that was given but another object. {why_another(learner, seen)}"
        )
        assert seen["by others"] or len(run.threads) > 1, f"{what}: no other thread was started."
        assert not seen["alive"], (
            f"{what}: {' and '.join(seen['alive'])}, which appended, had not ended when it returned. "
            f"{who_appends_next(learner, items, value)}Wait for the thread's end, not only for the append: join() does that, and so does the end of a `with` around a pool. One that is kept for later never ends."
        )
    assert_for_all(learner, rng, "append_in_thread")


@pytest.mark.points(2)
def test_a_process_changes_a_copy(learner, rng):
    """append_in_process: another process appends, and the caller's list stays as it is."""
    for items in ([], some_items(rng)):
        value = rng.randint(100, 999)
        run = learner.probe("change", "append_in_process", items, value, PAUSE)
        assert_no_error(run)
        seen = run.value
        what = f"append_in_process({items}, {value})"
        assert seen["after"] == items, (
            f"{what}: the caller's list is {seen['after']} afterwards, so it was changed in this process; another process changes its copy. "
            f"{why_changed(run, seen)}"
        )
        assert run.children, f"{what}: {NO_PROCESS}"
        assert seen["same"], (
            f"{what} returned {seen['result']!r}, which is not the list that was given but another object. "
            + (
                "It is the list that was handed to the process, and that is a copy of the given one. No copy is needed: what is handed "
                "to a process is copied on the way. Hand over the given list, and return that."
                if seen["handed"]
                else "Here nothing is fetched: return `items`."
            )
        )
        assert not told_on_stderr(run), (
            f"{what}: the process ended by an error before it had appended.{told_on_stderr(run)} The parent learns no more than its "
            "exitcode. Is `args` a tuple, (items, value)?"
        )
        assert not seen["by the caller"] and not seen["by others"], (
            f"{what}: the list is as it was, but meanwhile a thread of this process has changed it and changed it back. The process should "
            "change its copy; the caller's list is never touched."
        )
        assert_appended_elsewhere(seen, what, [*items, value])
    assert_for_all(learner, rng, "append_in_process")


@pytest.mark.points(3)
def test_the_new_list_comes_from_a_process(learner, rng):
    """append_and_send_back: the longer list was made by another process, and the caller's stays as it is."""
    for items in (some_items(rng), []):
        value = rng.randint(100, 999)
        with telling_where_it_stood():
            run = learner.probe("send_back", items, value, limit=10)
        assert_no_error(run)
        seen = run.value
        what = f"append_and_send_back({items}, {value})"
        right = [*items, value]
        assert seen["result"] == right, f"{what} should return {right}, it returned {seen['result']!r}. " + (
            f"That is the list without the value. {why_no_new_value(run, seen)}"
            if seen["result"] == items
            else f"A Process's start() and join() return None; what it has made must be sent.{told_on_stderr(run)}"
        )
        assert seen["after"] == items, (
            f"{what}: the caller's list is {seen['after']} afterwards. It should stay as it was: return the new list beside it. "
            f"{why_changed_too(seen)}"
        )
        assert not seen["same"], (
            f"{what} returned the list that was given. A list that comes from a process is another object."
        )
        assert run.children, f"{what}: {NO_PROCESS}"
        pids = {process.pid for process in run.children}
        strange = [place for place, sender in enumerate(seen["senders"]) if sender not in pids]
        assert not strange, (
            f"{what}: the values are right, but those at {strange} were not sent by another process, so this one has put the list "
            "together. The process should make the whole list and send it."
        )
        assert not seen["made here"], (
            f"{what}: this process had a list of all items and the value when it began the other or sent something there, so it has made "
            "the list, and the other only sent it back. Hand over both, args=(items, value), and put them together there."
        )
        assert seen["whole"], (
            f"{what}: when the process sent the value, it had no list of all items and, at its end, the value: they came one by one, and this "
            "process has put them together. The process should make the whole list and send it."
        )
    assert_for_all(learner, rng, "append_and_send_back")


@pytest.mark.points(2)
def test_a_long_list_comes_back_too(learner, rng):
    """append_and_send_back: a list that is larger than a pipe can hold comes back as well."""
    texts, count, size = [f"{rng.random()} " * 100 for _ in range(400)], 9_000, 1_000_000
    with telling_where_it_stood():
        run = learner.probe("send_back_long", texts, count, size, limit=10)
    long = 3 * len(texts) + count
    for seen, length, shown in zip(
        run.value,
        (long + 1, 3),
        (f"{3 * len(texts)} long texts and {count} numbers", f"two numbers and a value of {size} letters"),
        strict=True,
    ):
        assert seen["right"], (
            f"append_and_send_back for {shown} should return them with the value at the end, {length} items; "
            f"{seen['size']} came back{'' if seen['size'] != length else ', not the same'}."
        )
        assert seen["sent"], (
            f"append_and_send_back for {shown} returned the right list, and no other process has sent it. A long list, too, is to be made by a "
            "process."
        )


def test_nothing_is_left_running(learner, rng):
    """When a function returns, the processes that it has started have ended."""
    for function in ("append_in_process", "append_and_send_back"):
        items, value = some_items(rng), rng.randint(100, 999)
        with telling_where_it_stood():
            run = learner.probe("change", function, items, value, 0.8, limit=10)
        run.raise_error()
        assert run.children, f"{function}: {NO_PROCESS}"
        if function == "append_in_process":
            assert_appended_elsewhere(run.value, function, [*items, value])
        assert not run.leftovers, (
            f"{function} returned while a process that it has started was still running: {', '.join(run.leftovers)}. Here an append "
            f"takes 0.8 s, and so does the end of a process. {who_was_left(learner, function, items, value)}"
        )
