"""A chooser sees the threads that can go on, with what each is about to do, and picks who goes."""

from __future__ import annotations

from tests.bubble.test_install import said

PROGRAM = """
import json, random, threading, time
from grader import bubble
bubble.install()

def counter(total):
    lock = threading.Lock()
    def add():
        for _ in range(2):
            with lock:
                seen = total[0]
            bubble.note("print", "between")
            with lock:
                total[0] = seen + 1
    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return total[0]
"""


def test_choosing_the_first_is_the_same_as_no_chooser() -> None:
    """The first of the enabled threads is the one that goes on by default."""
    source = """
free = bubble.run(lambda: counter([0]))
first = bubble.run(lambda: counter([0]), chooser=lambda enabled: enabled[0])
print(json.dumps([free.value, first.value, free.events == first.events]))
"""
    assert said(PROGRAM + source) == [4, 4, True]


def test_schedules_differ_and_each_can_be_played_again() -> None:
    """Random choices lose updates; the same choices lose the same ones."""
    source = """
def chosen(seed):
    pick = random.Random(seed)
    return bubble.run(lambda: counter([0]), chooser=lambda enabled: pick.choice(enabled))
outcomes = [chosen(seed) for seed in range(30)]
again = [chosen(seed) for seed in range(30)]
print(json.dumps([
    sorted({outcome.value for outcome in outcomes}),
    [a.events for a in outcomes] == [b.events for b in again],
]))
"""
    values, same = said(PROGRAM + source)
    assert values[0] < values[-1] == 4
    assert same


def test_threads_announce_what_they_are_about_to_do() -> None:
    """A thread that waits for a lock in another's hands is not among those that can go on."""
    source = """
kinds, held = set(), []
def look(enabled):
    kinds.update(thread.operation.kind for thread in enabled)
    held.extend(thread.name for thread in enabled if thread.operation.kind == "acquire"
                and thread.operation.target.holder not in (None, thread))
    return enabled[-1]
def program():
    counter([0])
    time.sleep(1)
    thread = threading.Thread(target=time.sleep, args=(0.5,))
    thread.start()
    thread.join(0.1)
    thread.join()
bubble.run(program, chooser=look)
print(json.dumps([sorted(kinds), held]))
"""
    assert said(PROGRAM + source) == [["acquire", "begin", "join", "print", "sleep"], []]


def test_starting_a_thread_is_silent() -> None:
    """Nobody is asked before the starter itself comes to an operation: its join."""
    source = """
asked = []
def look(enabled):
    asked.append([(thread.name, thread.operation.kind) for thread in enabled])
    return enabled[0]
def program():
    threads = [threading.Thread(target=int, name=name) for name in "ab"]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
bubble.run(program, chooser=look)
print(json.dumps(asked))
"""
    assert said(PROGRAM + source) == [
        [["a", "begin"], ["b", "begin"]],
        [["b", "begin"], ["MainThread", "join"]],
        [["MainThread", "join"]],
    ]


def test_choosing_nobody_ends_the_run() -> None:
    """As an explorer does that has seen enough of a schedule; no thread is left."""
    source = """
outcome = bubble.run(lambda: counter([0]), chooser=lambda enabled: None)
print(json.dumps([outcome.value, outcome.deadlock, outcome.over_limit, threading.active_count()]))
"""
    assert said(PROGRAM + source) == [None, None, "", 1]
