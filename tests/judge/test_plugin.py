"""A check's verdict: its status, and a message for the learner, in a judged run and in an editor's pytest alike."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader.sandbox.survey import survey
from grader.verdict import Check, Result, Status
from tests import graded
from tests.leftovers import watched

ROOT = Path(__file__).parents[2]

CHECKS = '''
"""The checks of answer.py."""

import pytest


def test_passes(learner):
    """It gives what it was given."""
    learner.call("give", 4).returned(4)


def test_fails(learner):
    """It never fails."""
    run = learner.call("give", 4)
    assert run.value == 5, "It gave 4: five was asked for."


@pytest.mark.points(2)
def test_is_worth_two(learner):
    """It is worth two."""
    learner.call("give", None).returned(None)


def test_breaks_before_it_asks(learner):
    """The author's mistake."""
    [][0]


def test_is_careless_about_what_it_gets(learner):
    """The author did not think of None."""
    run = learner.call("give", None)
    assert run.value["key"] == 1, "It has no key."


def test_looks_for_what_is_not_there(learner):
    """The author did not think of an empty list."""
    next(iter(learner.call("give", []).value))


def test_is_careless_about_large_numbers(learner):
    """The author did not think that the error can't be written."""
    {}[learner.call("give", 10**5000).value]


def test_is_warned_by_what_it_gets(learner):
    """The author did not think of what libraries warn of."""
    raise RuntimeWarning(str(learner.call("give", 4).value))


def test_finds_no_file(learner):
    """The machine's fault."""
    learner.call("give", 4)
    open("/nowhere/at/all")


def test_lets_the_grader_do_the_impossible(learner):
    """The author's mistake, after a call."""
    learner.call("give", 4)
    learner.bound("a", "b")


def test_never_looks_at_the_result(learner):
    """The author did not look whether it raised."""
    learner.call("fail")


def test_wants_an_error(learner):
    """It raises KeyError."""
    run = learner.call("fail")
    assert run.error is not None and run.error.type == "KeyError", "It should raise KeyError."


def test_looks_at_the_output_of_a_call_that_raised(learner):
    """It prints."""
    run = learner.call("fail")
    assert run.text == "hello\\n", "It printed nothing."


def test_explains_what_it_found(learner):
    """It gives five."""
    run = learner.call("give", 4)
    with learner.aside():
        learner.call("talk", "aside")
        learner.call("fail")
    assert run.value == 5, "It gave 4, and it fails if asked so."


def test_looks_aside_and_finds_nothing(learner):
    """It must not pass by what raised."""
    with learner.aside():
        learner.call("fail")


def test_hangs(learner):
    """It ends."""
    learner.call("hang", limit=0.3)


def test_crashes(learner):
    """It returns."""
    learner.call("leave")


def test_is_failed_in_words(learner):
    """It is failed by pytest.fail."""
    learner.call("give", 1)
    pytest.fail("In words.")


def test_needs_a_probe(learner):
    """A probe is given the answer."""
    learner.probe("twice", 3).returned(6)


def test_draws_inputs(learner, rng):
    """Inputs are drawn anew."""
    numbers = [rng.random() for _ in range(3)]
    learner.call("give", numbers).returned(numbers)
'''

PROBES = '''
"""Runs inside."""


def twice(answer, number):
    return answer.give(number) * 2
'''

ANSWER = """
import os
import time


def give(value):
    return value


def fail():
    raise KeyError("k")


def talk(word):
    print(word)


def hang():
    time.sleep(60)


def leave():
    os._exit(0)
"""

STATUSES = {
    "test_passes": Status.PASSED,
    "test_fails": Status.FAILED,
    "test_is_worth_two": Status.PASSED,
    "test_breaks_before_it_asks": Status.GRADER_ERROR,
    "test_is_careless_about_what_it_gets": Status.FAILED,
    "test_looks_for_what_is_not_there": Status.FAILED,
    "test_is_careless_about_large_numbers": Status.FAILED,
    "test_is_warned_by_what_it_gets": Status.FAILED,
    "test_finds_no_file": Status.GRADER_ERROR,
    "test_lets_the_grader_do_the_impossible": Status.GRADER_ERROR,
    "test_never_looks_at_the_result": Status.FAILED,
    "test_wants_an_error": Status.PASSED,
    "test_looks_at_the_output_of_a_call_that_raised": Status.FAILED,
    "test_explains_what_it_found": Status.FAILED,
    "test_looks_aside_and_finds_nothing": Status.FAILED,
    "test_hangs": Status.TIMED_OUT,
    "test_crashes": Status.CRASHED,
    "test_is_failed_in_words": Status.FAILED,
    "test_needs_a_probe": Status.PASSED,
    "test_draws_inputs": Status.PASSED,
}

MESSAGES = {
    "test_fails": "It gave 4: five was asked for.",
    "test_breaks_before_it_asks": "The grader's own code failed, which costs you nothing: IndexError",
    "test_is_careless_about_what_it_gets": "give(None) returned None. The check can't use that: TypeError",
    "test_looks_for_what_is_not_there": "give([]) returned []. The check can't use that: StopIteration()",
    "test_is_careless_about_large_numbers": "give(0x31e20801036510f3",
    "test_is_warned_by_what_it_gets": "give(4) returned 4. The check can't use that: RuntimeWarning('4').",
    "test_finds_no_file": "The grader's own code failed, which costs you nothing: FileNotFoundError",
    "test_lets_the_grader_do_the_impossible": "The grader's own code failed, which costs you nothing: TypeError",
    "test_never_looks_at_the_result": "fail() raised an exception:\nKeyError: 'k'",
    "test_looks_at_the_output_of_a_call_that_raised": "fail() raised an exception:\nKeyError: 'k'",
    "test_explains_what_it_found": "It gave 4, and it fails if asked so.",
    "test_looks_aside_and_finds_nothing": "fail() raised an exception:\nKeyError: 'k'",
    "test_hangs": "hang() had not ended after 0.3 s of real time, so it was ended.",
    "test_crashes": "leave() gave no answer: its process ended with exit code 0.",
    "test_is_failed_in_words": "In words.",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone whose one kata has checks of every kind."""
    root = graded.clone(tmp_path_factory.mktemp("clone"), {"01_all": CHECKS}, probes=PROBES)
    (root / "exercises" / "01_all" / "answer.py").write_text(ANSWER, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def result(root: Path) -> Result:
    return graded.grade(root, {})


@pytest.fixture(scope="module")
def in_an_editor(root: Path) -> subprocess.CompletedProcess[str]:
    """What a plain pytest says, as an editor's test panel starts it."""
    with watched() as left, tempfile.TemporaryDirectory(prefix="t-") as temporary:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "grader.judge.plugin", "-rA", "--tb=short", "exercises/01_all"],
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": temporary},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        left += [path.name for path in Path(temporary).iterdir()]
    assert left == []
    return done


def check(result: Result, name: str) -> Check:
    return next(check for check in result.katas[0].checks if check.name == name)


def test_what_only_explains_is_not_shown(result: Result) -> None:
    assert check(result, "test_explains_what_it_found").output == ""


@pytest.mark.parametrize("name", STATUSES)
def test_a_check_has_its_status_and_its_points(result: Result, name: str) -> None:
    seen = check(result, name)
    worth = 2 if name == "test_is_worth_two" else 1
    assert seen.status is STATUSES[name], seen.message
    assert (seen.points, seen.max_points) == (worth if seen.status is Status.PASSED else 0, worth)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_says_what_went_wrong_without_lines_of_the_grader(result: Result, name: str) -> None:
    message = check(result, name).message
    assert message.startswith(MESSAGES[name])
    assert "/grader/" not in message
    assert "assert " not in message


def test_a_check_that_passed_has_no_message(result: Result) -> None:
    assert check(result, "test_passes").message == ""


def test_the_title_is_the_first_line_of_the_docstring(result: Result) -> None:
    assert check(result, "test_passes").title == "It gives what it was given."


def test_the_line_to_blame_is_told(result: Result) -> None:
    where = check(result, "test_never_looks_at_the_result").where
    assert where is not None
    assert (where.file, where.line) == ("answer.py", 11)


def test_a_fault_of_the_grader_is_nobodys_points(result: Result) -> None:
    """20 checks, of which one is worth 2 and three can't be judged."""
    assert (result.score, result.max_score) == (6, 18)


@pytest.mark.parametrize("name", STATUSES)
def test_an_editor_gets_the_same_verdicts(in_an_editor: subprocess.CompletedProcess[str], name: str) -> None:
    word = "PASSED" if STATUSES[name] is Status.PASSED else "FAILED"
    assert f"{word} exercises/01_all/test_answer.py::{name}" in in_an_editor.stdout, in_an_editor.stdout


def test_an_editor_gets_the_same_messages(in_an_editor: subprocess.CompletedProcess[str]) -> None:
    for message in MESSAGES.values():
        assert message in in_an_editor.stdout
    assert "learner.py" not in in_an_editor.stdout  # no frames of the grader's


def test_what_cannot_be_imported_is_tried_once(tmp_path: Path) -> None:
    """The other checks of the kata would end the same way, and a hang would cost its limit each time."""
    checks = "".join(f'def test_{n}(learner):\n    """{n}"""\n    learner.call("f", limit=1)\n' for n in range(20))
    result = graded.grade(graded.clone(tmp_path, {"01_a": checks}), {"01_a": "import os; os._exit(0)"})
    first, *rest = result.katas[0].checks
    assert {one.message for one in rest} == {first.message}
    assert sum(one.seconds for one in rest) < 20 * first.seconds / 2


SHARED = '''
"""The checks of answer.py."""


def test_nothing_is_left(learner):
    """What was released is not told."""
    run = learner.call("use", True)
    assert run.shared_memory == [], f"{run.shared_memory} was left."


def test_what_is_left_is_told_by_name(learner):
    """What was not released is told, though Python's tracker removes it later."""
    run = learner.call("use", False)
    assert run.shared_memory == [run.value], f"{run.shared_memory} was left, {run.value} expected."
'''
USES_SHARED_MEMORY = """
from multiprocessing.shared_memory import SharedMemory

def use(release):
    shared = SharedMemory(create=True, size=100)
    shared.close()
    if release:
        shared.unlink()
    return shared.name
"""


@pytest.mark.skipif(not survey().guards["own root folder"], reason="others' shared memory would be seen too")
def test_shared_memory_that_a_call_leaves_is_told(tmp_path: Path) -> None:
    root = graded.clone(tmp_path, {"01_double": SHARED})
    (verdict,) = graded.grade(root, {"01_double": USES_SHARED_MEMORY}).katas
    assert [(check.status, check.message) for check in verdict.checks] == [(Status.PASSED, "")] * 2


DRAWN = '''
"""The checks of answer.py."""


def test_processes(learner):
    """A process each."""
    learner.call("in_processes").returned([0, 0])


def test_schedules(learner):
    """It counts to two."""
    learner.explore("both", True).only(2)


def test_schedules_that_fail(learner):
    """It counts to two."""
    learner.explore("both", False).only(2)
'''
COUNTS = """
import threading
import time
from multiprocessing import Process

def in_processes():
    processes = [Process(target=time.sleep, args=(0.3,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]

class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def add(self, locked):
        if locked:
            with self.lock:
                self.value += 1
        else:
            self.value += 1
"""
BOTH = """
from threading import Thread

def both(answer, locked):
    counter = answer.Counter()
    threads = [Thread(target=counter.add, args=(locked,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counter.value
"""


def test_a_check_tells_of_processes_and_of_one_schedule_if_none_fails(tmp_path: Path) -> None:
    root = graded.clone(tmp_path, {"01_double": DRAWN}, probes=BOTH)
    result = graded.grade(root, {"01_double": COUNTS})
    lanes = [(event.lane, event.what) for event in check(result, "test_processes").timeline]
    assert {("MainThread", "start"), ("process 1", "start"), ("process 2", "end")} <= {*lanes}
    told = check(result, "test_schedules")
    assert (told.status, told.story) == (Status.PASSED, None)
    assert {"acquire", "release", "end"} <= {event.what for event in told.timeline}
    failed = check(result, "test_schedules_that_fail")
    assert (failed.status, failed.timeline) == (Status.FAILED, ())
    assert failed.story is not None


LEAVES_THREADS = """
import threading
import time


def rest():
    time.sleep(60)


def leave(count):
    for number in range(count):
        threading.Thread(target=rest, name=f"worker {number}").start()
"""
ASKS_TO_LEAVE = """
def test_leaves_some_and_should(learner):
    \"""It may.\"""
    learner.call("leave", 2).returned(None)

def test_leaves_some_and_should_not(learner):
    \"""It may not.\"""
    run = learner.call("leave", 5)
    assert not run.left, "Some are left."
"""


def test_threads_that_are_left_are_told_where_that_may_be_the_fault(tmp_path: Path) -> None:
    """Some of them: who leaves many is told which kind."""
    root = graded.clone(tmp_path, {"01_a": ASKS_TO_LEAVE})
    result = graded.grade(root, {"01_a": LEAVES_THREADS})
    assert [check.status for check in result.katas[0].checks] == [Status.PASSED, Status.FAILED]
    place = "at answer.py, line 7, in rest"
    assert list(result.leftovers) == [
        f"01_a: thread worker {number}, which is no daemon, still ran when leave(5) had returned, {place}"
        for number in range(3)
    ]
