"""A schedule has a name, and is refused in a sentence where it can't fit."""

from __future__ import annotations

from tests.bubble.playing import HERE
from tests.bubble.test_install import said

PROGRAM = """
import json, threading
from grader import bubble
bubble.install()

def lose():
    total, lock = [0], threading.Lock()
    def add():
        with lock:
            seen = total[0]
        with lock:
            total[0] = seen + 1
    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return total[0]

def complain(outcome):
    return "" if outcome.value == 2 else f"one was lost: {outcome.value}"

def refused(call):
    try:
        call()
    except bubble.Unfit as error:
        return str(error)
"""


def test_names_can_be_read_back() -> None:
    source = """
schedules = [bubble.Schedule(()), bubble.Schedule(((3, 1), (10, 2)), "3.12", "00ff00ff", early="early")]
print(json.dumps([[str(s) for s in schedules], [bubble.Schedule.parse(str(s)) == s for s in schedules],
                  [refused(lambda: bubble.Schedule.parse(text)) for text in ("", "3.11", "3.11--1:2;")]]))
"""
    names, same, refusals = said(PROGRAM + source)
    assert names[1] == "3.12-00ff00ff-early-3:1,10:2"
    assert same == [True, True]
    assert refusals[0] == "'' is not the name of a schedule."
    assert all(refusals)


def test_another_python_and_another_text_are_refused_in_a_sentence() -> None:
    source = """
failure = bubble.explore(lose, check=complain, digest="11111111").failure
again = bubble.replay(lose, str(failure.schedule), check=complain, digest="11111111")
other = bubble.Schedule(failure.schedule.choices, "2.7", "11111111")
absurd = bubble.Schedule(((0, 7),))
print(json.dumps([
    [failure.kind, failure.message, again.kind, again.message],
    refused(lambda: bubble.replay(lose, str(failure.schedule), check=complain, digest="22222222")),
    refused(lambda: bubble.replay(lose, other, check=complain, digest="11111111")),
    refused(lambda: bubble.replay(lose, absurd)),
]))
"""
    kinds, text, python, unfit = said(PROGRAM + source)
    assert kinds == ["check", "one was lost: 1"] * 2
    assert text == "This schedule was found with another text of the files; it does not fit what they are now."
    assert python.startswith("This schedule was found by Python 2.7 and fits no other; this is Python 3.")
    assert unfit == "This schedule does not fit what the function does now."


def test_the_same_schedule_gives_the_same_events() -> None:
    source = """
failure = bubble.explore(lose, check=complain).failure
deeds = [bubble.replay(lose, failure.schedule, check=complain).deeds for _ in range(3)]
print(json.dumps([deeds[0] == deeds[1] == deeds[2] == failure.deeds, len(deeds[0]) > 5]))
"""
    assert said(PROGRAM + source) == [True, True]


def test_quiesce_waits_until_all_others_are_blocked_or_done() -> None:
    """Under every schedule; who sleeps is blocked, and no time passes."""
    source = """
import queue, time
def probe():
    box, done = queue.Queue(1), []
    def put():
        for number in range(3):
            box.put(number)
            done.append(number)
    threads = [threading.Thread(target=put), threading.Thread(target=time.sleep, args=(5,))]
    for thread in threads: thread.start()
    bubble.quiesce()
    first = list(done)
    box.get()
    bubble.quiesce()
    second, when = list(done), bubble.now()
    box.get(), box.get()
    for thread in threads: thread.join()
    return first, second, when
found = bubble.explore(probe)
print(json.dumps([found.words, found.values, bubble.run(probe).value]))
"""
    words, values, value = said(PROGRAM + source)
    assert words.startswith("proved")
    assert values == [[[0], [0, 1], 0.0]] == [value]


def test_quiesce_is_no_deadlock_and_hides_none() -> None:
    source = """
def stuck():
    event = threading.Event()
    thread = threading.Thread(target=event.wait, name="stuck")
    thread.start()
    bubble.quiesce()
    thread.join()
found = bubble.explore(stuck)
print(json.dumps([found.failure.kind, found.failure.message]))
"""
    kind, message = said(PROGRAM + source)
    assert kind == "deadlock"
    assert "stuck waits" in message


def test_nothing_is_traced_but_while_exploring() -> None:
    """Neither in a plain run, nor after an exploration, also one that failed."""
    source = """
import sys
def traced():
    tools = [sys.monitoring.get_tool(number) for number in range(6)] if hasattr(sys, "monitoring") else []
    return [sys.gettrace() is not None or any(tools)]
def probe():
    found = traced()
    thread = threading.Thread(target=lambda: found.extend(traced()))
    thread.start()
    thread.join()
    return found
files = [PATH]
plain = bubble.run(probe, files=files).value
during = bubble.explore(probe, files=files).values
proved = traced()
failed = bubble.explore(lose, files=files, check=complain).failure
print(json.dumps([plain, during, proved, failed.kind, traced()]))
"""
    path = HERE / "programs" / "races.py"
    plain, during, proved, kind, failed = said(PROGRAM + source.replace("PATH", repr(str(path))))
    assert plain == [False, False]
    assert during == [[True, True]]
    assert (proved, kind, failed) == ([False], "check", [False])


def test_what_is_printed_goes_nowhere_but_to_the_outcome() -> None:
    source = """
def talk():
    threads = [threading.Thread(target=print, args=(name,)) for name in "ab"]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
orders = set()
def note(outcome):
    orders.add("".join(event.detail for event in outcome.events if event.what == "print"))
    return ""
found = bubble.explore(talk, check=note)
print(json.dumps([found.words, sorted(orders)]))
"""
    assert said(PROGRAM + source) == ["proved: all 2 different schedules", ["ab", "ba"]]


def test_the_random_module_and_clocks_are_the_same_each_time() -> None:
    source = """
import random, time
def probe():
    return random.random(), time.time(), time.monotonic()
random.seed(5)
before = random.getstate()
values = [bubble.explore(probe).values for _ in range(2)]
print(json.dumps([values[0] == values[1], random.getstate() == before]))
"""
    assert said(PROGRAM + source) == [True, True]


def test_without_an_installed_bubble_it_is_refused() -> None:
    source = """
import json
from grader import bubble
try:
    bubble.explore(print)
except RuntimeError as error:
    print(json.dumps(str(error)))
"""
    assert said(source) == "grader.bubble.install() has to be called first"
