"""Chosen schedules as a check sees them: what came, what should have, and the story of the difference."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest

from grader.judge.faults import LearnerFault, explaining
from grader.verdict import Status, Where
from tests.bench import Bench

PROBES = """
    from threading import Thread
    from grader.bubble import quiesce

    def in_threads(*bodies):
        threads = [Thread(target=body) for body in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def counted(answer, times):
        counter = answer.Counter()
        def work():
            for _ in range(times):
                counter.add()
        in_threads(work, work)
        return counter.value

    def blocked(answer):
        lock, seen = answer.Lock(), []
        lock.acquire()
        thread = Thread(target=lambda: (lock.acquire(), seen.append("through"), lock.release()))
        thread.start()
        quiesce()
        before = list(seen)
        lock.release()
        thread.join()
        return [before, seen]
"""
RIGHT = """
    import threading
    from threading import Lock
    class Counter:
        def __init__(self):
            self.value = 0
            self.lock = threading.Lock()
        def add(self):
            with self.lock:
                self.value += 1
"""
WRONG = """
    class Counter:
        def __init__(self):
            self.value = 0
        def add(self):
            self.value += 1
"""
HANGS = RIGHT.replace("with self.lock:", "if self.lock.acquire():")
TRIES_ITSELF = (
    RIGHT
    + """
    import time
    counter = Counter()
    def count():
        for _ in range(500):
            counter.add()
    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(3600)
    for thread in threads:
        thread.join()
"""
)
KEEPS_STATE = """
    total = 0
    class Counter:
        def add(self):
            pass
        @property
        def value(self):
            global total
            total += 1
            return total
"""


def test_a_right_answer_is_proved(bench: Bench) -> None:
    """All orders of two threads that each add once under a lock are few."""
    learner = bench.learner(RIGHT, probes=PROBES, waits=True)
    found = learner.explore("counted", 1)
    assert found.values == [2]
    assert found.proved
    assert re.fullmatch(r"proved: all \d+ different schedules", found.words)
    found.only(2)
    found.always(lambda value: value == 2)
    done = [(event.what, event.line) for event in learner.runs[-1].sample if event.lane != "MainThread"]
    assert {("acquire", 9), ("release", 9), ("note", 10)} <= {*done}, "and one of them is told"


def test_a_right_answer_with_long_lines_and_odd_names_is_proved_too(bench: Bench) -> None:
    """What is told of one schedule must fit in a frame of 4 MiB, whatever the answer is like."""
    long = RIGHT.replace("self.value += 1", f"self.value += 1  # {'x' * 2_000_000}")
    odd = long.replace("def add(self):", "def add(self):\n            threading.current_thread().name = 'a\\ud800'")
    learner = bench.learner(odd, probes=PROBES, waits=True)
    learner.explore("counted", 1).only(2)
    assert learner.runs[-1].sample


def test_a_wrong_answer_with_long_lines_is_told_as_any_other(bench: Bench) -> None:
    long = WRONG.replace("self.value += 1", f"self.value += 1  # {'x' * 2_000_000}")
    learner = bench.learner(long, probes=PROBES, waits=True)
    with pytest.raises(LearnerFault, match=r"counted\(1\) should give 2; under one of \d+ schedules it gave 1"):
        learner.explore("counted", 1).only(2)
    assert learner.runs[-1].story is not None


def test_where_no_schedule_came_to_its_end_nothing_is_proved(bench: Bench) -> None:
    """With a budget of none there are no values, and a check of no values would pass."""
    with pytest.raises(ValueError, match=r"no schedule of counted\(1\) can come to its end"):
        bench.learner(RIGHT, probes=PROBES, waits=True).explore("counted", 1, budget=0)


FORGING = """\
import os, stat, struct
def send(body):
    for number in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, struct.pack(">I", len(body)) + body)
        except OSError:
            pass
send(b'{"ready": true}')
send(b'{"reply": {"explored": @TOLD@}}')
os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the channel is no socket")
@pytest.mark.parametrize(
    "told",
    [
        pytest.param('{"failure": null, "values": []}', id="neither a value nor a reason"),
        pytest.param('{"failure": {"message": ""}, "failed_at": 1e999}', id="a failure at a number without end"),
        pytest.param('{"failure": null, "values": [[1, ""]], "schedules": 1e999}', id="schedules without end"),
    ],
)
def test_an_answer_that_tells_of_schedules_itself_is_found_out(bench: Bench, told: str) -> None:
    """Were it a fault of ours, it would take the check out of the score."""
    told = told[:-1] + ', "proved": true, "words": "", "doubts": []' + told[-1]
    with pytest.raises(LearnerFault, match="in a way that only a forged answer can") as caught:
        bench.learner(FORGING.replace("@TOLD@", told), probes=PROBES, waits=True).explore("counted", 1)
    assert caught.value.status is Status.CRASHED


def test_a_lost_update_is_found_and_told_line_by_line(bench: Bench) -> None:
    """The message has the value, the check's own words, both threads' lines, and a name to replay it by."""
    learner = bench.learner(WRONG, probes=PROBES, waits=True)
    found = learner.explore("counted", 1)
    assert sorted(found.values) == [1, 2]
    with pytest.raises(
        LearnerFault, match=r"counted\(1\) should give 2; under one of \d+ schedules it gave 1"
    ) as caught:
        found.only(2, "An update was lost.")
    assert caught.value.status is Status.FAILED
    message = caught.value.message
    assert "An update was lost." in message
    assert message.count("self.value += 1") >= 2
    assert "replay answer 3." in message
    assert caught.value.where is not None
    assert caught.value.where.file == "answer.py"
    story = learner.runs[-1].story
    assert story is not None
    assert story["collision"]["name"] == "value"


def test_a_schedule_that_failed_fails_again_by_its_name(bench: Bench) -> None:
    """And a schedule of another answer is none of this one's."""
    with pytest.raises(LearnerFault) as caught:
        bench.learner(WRONG, probes=PROBES, waits=True).explore("counted", 1).only(2)
    name = re.findall(r"replay answer (\S+)", caught.value.message)[0]
    with pytest.raises(LearnerFault, match="under this schedule it gives 1"):
        bench.learner(WRONG, probes=PROBES, waits=True, schedule=name).explore("counted", 1)
    other = bench.learner(RIGHT, probes=PROBES, waits=True, schedule=name).explore("counted", 1)
    assert other.values == []
    other.only("nothing that could come")


def test_a_switch_that_never_comes_is_refused(bench: Bench) -> None:
    """Such a schedule would be another one than it says."""
    with pytest.raises(LearnerFault) as caught:
        bench.learner(WRONG, probes=PROBES, waits=True).explore("counted", 1).only(2)
    name = re.findall(r"replay answer (\S+)", caught.value.message)[0]
    learner = bench.learner(WRONG, probes=PROBES, waits=True, schedule=f"{name},999:1")
    learner.explore("counted", 1)
    assert learner.runs[-1].told_of_schedules["unfit"] == "This schedule does not fit what the function does now."


def test_a_value_that_comes_under_every_schedule_is_told_so(bench: Bench) -> None:
    found = bench.learner(RIGHT, probes=PROBES, waits=True).explore("counted", 1)
    with pytest.raises(LearnerFault, match=r"should give 3; under each of \d+ schedules it gave 2\."):
        found.only(3)
    found = bench.learner(WRONG, probes=PROBES, waits=True).explore("counted", 1)
    with pytest.raises(LearnerFault, match=r"should give 3; under none of \d+ schedules it did: under one of them"):
        found.only(3)


MISSING = "Your class Counter has no add. Is the name misspelt, or the method not inside the class?"


@pytest.mark.parametrize(
    "source, told",
    [
        ("class Countr: pass", "Your file has no class Counter. Is the name misspelt?"),
        ("class Counter: value = 0", MISSING),
    ],
)
def test_what_the_answer_lacks_is_told_alone_and_alike(bench: Bench, source: str, told: str) -> None:
    """Not with the check's own words, which are about something else, nor a schedule; in whatever way it is asked."""
    bubble = bench.learner(source, probes=PROBES, waits=True)
    real = bench.learner(source, probes=PROBES, real_time=True)
    asks: list[Callable[[], None]] = [
        lambda: bubble.explore("counted", 1).only(2, "An update was lost."),
        lambda: bubble.probe("counted", 1).returned(2, "An update was lost."),
        lambda: real.probe("counted", 1).returned(2, "An update was lost."),
    ]
    for ask in asks:
        with pytest.raises(LearnerFault) as caught, explaining("It may hang."):
            ask()
        assert caught.value.message == told
        assert caught.value.status is Status.FAILED


def test_an_attribute_that_the_answer_itself_misses_is_told_as_any_other_exception(bench: Bench) -> None:
    source = "class Counter:\n    def add(self):\n        self.value += 1"
    with pytest.raises(LearnerFault, match="'Counter' object has no attribute 'value'") as caught:
        bench.learner(source, probes=PROBES, waits=True).explore("counted", 1).only(2)
    assert caught.value.where == Where("answer.py", 3)


def test_the_line_that_is_named_is_the_answers_own(bench: Bench) -> None:
    """The later of the accesses that collide, or where one waits for ever; never one of the probes."""
    with pytest.raises(LearnerFault) as caught:
        bench.learner(WRONG, probes=PROBES, waits=True).explore("counted", 1).only(2)
    assert caught.value.where == Where("answer.py", 6)
    with pytest.raises(LearnerFault) as caught:
        bench.learner(HANGS, probes=PROBES, waits=True).explore("counted", 1).only(2)
    assert caught.value.where == Where("answer.py", 9)


def test_what_is_wrong_and_the_picture_stand_once_each(bench: Bench) -> None:
    with pytest.raises(LearnerFault) as caught:
        bench.learner(HANGS, probes=PROBES, waits=True).explore("counted", 1).only(2)
    assert caught.value.message.count("Nobody can go on") == 1
    assert "\n\n\n" not in caught.value.message


def test_what_fails_once_and_never_again_fails_the_check_without_a_story(bench: Bench) -> None:
    """What an answer does must not hang on which run it is; a right one never fails."""
    once = RIGHT.replace(
        "self.value = 0",
        "threading.made = getattr(threading, 'made', 0) + 1; assert threading.made != 2, 'now'; self.value = 0",
    )
    found = bench.learner(once, probes=PROBES, waits=True).explore("counted", 1)
    with pytest.raises(
        LearnerFault, match=r"AssertionError: now\. When its steps were made in the same order"
    ) as caught:
        found.only(2)
    assert "replay" not in caught.value.message


def test_a_hang_is_told_with_the_words_of_the_check(bench: Bench) -> None:
    """Who waits for whom, and why that matters."""
    found = bench.learner(HANGS, probes=PROBES, waits=True).explore("counted", 1)
    with pytest.raises(LearnerFault, match="Nobody can go on") as caught:
        found.only(2, "Give back what you take.")
    assert caught.value.status is Status.TIMED_OUT
    assert "Give back what you take." in caught.value.message


def test_what_an_answer_keeps_in_its_module_is_new_for_each_schedule(bench: Bench) -> None:
    """Else the value of one schedule would hang on those before."""
    assert bench.learner(KEEPS_STATE, probes=PROBES, waits=True).explore("counted", 2).values == [1]


def test_a_probe_knows_when_all_others_are_blocked(bench: Bench) -> None:
    """By `quiesce`, which the answer can't import."""
    assert bench.learner(RIGHT, probes=PROBES, waits=True).explore("blocked").values == [[[], ["through"]]]
    spy = RIGHT + "    import grader.bubble\n"
    with pytest.raises(LearnerFault, match="can't be imported: ModuleNotFoundError"):
        bench.learner(spy, probes=PROBES, waits=True).explore("blocked")


DYING = """
    from threading import Thread

    def die_together(answer):
        threads = [Thread(target=answer.fail, name=name) for name in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answer.failed
"""
FAILS = """
    failed = 0
    def fail():
        global failed
        failed += 1
        raise KeyError("lost")
"""


def test_a_thread_that_dies_is_a_failure_unless_the_probe_sees_to_that(bench: Bench) -> None:
    """Then it is like any end, and what the probe returns is judged, also where that is told again."""
    with pytest.raises(LearnerFault, match="a was ended by KeyError"):
        bench.learner(FAILS, probes=DYING, waits=True).explore("die_together").only(2)
    found = bench.learner(FAILS, probes=DYING, waits=True).explore("die_together", thread_errors=True)
    assert sorted(found.values) == [1, 2]
    with pytest.raises(LearnerFault, match="should give 2; under one of") as caught:
        found.only(2)
    name = re.findall(r"replay answer (\S+)", caught.value.message)[0]
    learner = bench.learner(FAILS, probes=DYING, waits=True, schedule=name)
    with pytest.raises(LearnerFault, match="under this schedule it gives 1"):
        learner.explore("die_together", thread_errors=True)


def test_what_an_answer_does_when_it_is_imported_is_no_part_of_the_schedules(bench: Bench) -> None:
    """A learner's own try below the class, with threads and a sleep: it is run each time, in one order."""
    found = bench.learner(TRIES_ITSELF, waits=True, probes=PROBES).explore("counted", 2)
    found.only(4)
    assert found.words == bench.learner(RIGHT, waits=True, probes=PROBES).explore("counted", 2).words


def test_what_was_done_is_told_in_a_line(bench: Bench) -> None:
    """A proof, or a search and why: both pass."""
    found = bench.learner(RIGHT, waits=True, probes=PROBES).explore("counted", 1)
    assert found.told() == "counted(1): proved: all 2 different schedules"
    hidden = RIGHT.replace("self.value += 1", "name = 'value'; setattr(self, name, self.value + 1)")
    searched = bench.learner(hidden, waits=True, probes=PROBES).explore("counted", 1)
    assert searched.told().startswith("counted(1): searched ")
    assert "it uses setattr()" in searched.told()
