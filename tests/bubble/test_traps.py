"""Each class of mistake that was made in choosing schedules has its program, so that none is made again.

Each program is explored by source sets and sleep sets, and by plain search, sleep sets alone, and in order of
pre-emptions; all must find the same traces and ends, and the ends named here must be among them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.bubble.proving import Prover
from tests.bubble.small import Program
from tests.bubble.test_install import said

RELEASE = "try: s.a.release()\n        except RuntimeError: log.append('free')"
TRY = "log.append(s.a.acquire(blocking=False))\n        if log[-1]: s.a.release()"
TRY_LONGER = "log.append(s.a.acquire(timeout=1))\n        if log[-1]: s.a.release()"

TRAPS = {
    "a release merged into another step hides no race of two who acquire": (
        (("s.event.set()",), ("log.append(s.event.is_set())",)),
        ("[[], [False]]", "[[], [True]]"),
    ),
    "what waits at a deadlock races too": (
        (("with s.condition: s.condition.notify_all()",), ("with s.condition: s.condition.wait()",)),
        ("a Condition to be notified", "[[], []]"),
    ),
    "a release by who does not hold the lock is a place to switch": (
        (("s.a.acquire()",), (RELEASE,)),
        ("[[], []]", "[[], ['free']]"),
    ),
    "two such releases race": (
        ((RELEASE,), (RELEASE,), ("s.a.acquire()",)),
        ("[['free'], [], []]", "[[], ['free'], []]", "[['free'], ['free'], []]"),
    ),
    "who tries a lock makes its releases places to switch": (
        (("with s.a: s.x += 1",), (TRY,)),
        ("[[], [False]]", "[[], [True]]"),
    ),
    "a timed wait for a lock has two outcomes": (
        (("with s.a: time.sleep(2)",), (TRY_LONGER,)),
        ("[[], [False]]", "[[], [True]]"),
    ),
    "a timed wait that ends in the moment of its wake-up has two outcomes": (
        (("time.sleep(1)", "s.event.set()"), ("log.append(s.event.wait(1))",)),
        ("[[], [False]]", "[[], [True]]"),
    ),
    "moving the clock depends on every timer": (
        (("time.sleep(1)", "s.x = 1"), ("time.sleep(1)", "log.append(s.x)")),
        ("[[], [0]]", "[[], [1]]"),
    ),
    "the truth of a container is a read of its inside": (
        (("s.items.append(1)",), ("log.append(not s.items)",)),
        ("[[], [False]]", "[[], [True]]"),
    ),
    "a call that changes a container is a write at the call, not where its method is loaded": (
        (("s.items.append(len(s.items))",), ("s.items.append(len(s.items))",)),
        ("[0, 0]", "[0, 1]"),
    ),
    "a thread that ended with an RLock has it still, though the next one may be given its identifier": (
        (("s.b.acquire()",), ("s.b.acquire()",)),
        ("'Thread-1 (t0)', 'the lock made", "'Thread-2 (t1)', 'the lock made"),
    ),
}
"""By what it shows: the threads of a program, and pieces of ends that must be found."""


@pytest.fixture(scope="module")
def prover(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prover]:
    with contextlib.closing(Prover(tmp_path_factory.mktemp("small"))) as made:
        yield made


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_passed(trap: str, prover: Prover) -> None:
    threads, ends = TRAPS[trap]
    told = prover.ask("compare", Program(threads), most=300)
    assert told["differs"] == []
    assert told["counts"]["Sleepy"] == 1
    for end in ends:
        assert any(end in found for found in told["ends"]), told["ends"]


def test_asking_a_condition_whose_lock_it_is_takes_no_step(prover: Prover) -> None:
    """Two threads that notify under a plain lock come in two orders, as if they only took the lock."""
    told = prover.ask("compare", Program((("with s.under_a: s.under_a.notify()",),) * 2), most=300)
    assert (told["counts"]["runs"], told["differs"]) == (2, [])


def test_a_lock_has_the_same_name_under_each_schedule(prover: Prover) -> None:
    """And starting a thread is no step: else there would be more traces than the two orders of the lock."""
    made = "mine = threading.Lock()\n        with s.a:\n            with mine: pass"
    told = prover.ask("compare", Program(((made,), (made,))), most=300)
    assert (told["counts"]["runs"], told["differs"]) == (2, [])


def test_codes_that_are_equal_are_each_watched(prover: Prover) -> None:
    """A function made anew from the same text is another one, and the old one may still be there."""
    program = Program((("s.x, s.y = s.y, s.x",), ("s.y = 5",)))
    first, again = (prover.ask("compare", program, most=300) for _ in range(2))
    assert first == again
    assert len(first["ends"]) >= 2
    assert first["differs"] == []


@pytest.mark.parametrize("line", ["push = s.items.append\n        push(1)", "started(s.items.pop)"])
def test_a_method_of_a_container_that_is_kept_for_later_is_no_proof(line: str, prover: Prover) -> None:
    """Where it is called can't be seen: a program with doubts is left out of the comparison."""
    told = prover.ask("compare", Program(((line,), ("log.append(len(s.items))",))), most=300)
    assert told["counts"]["left out"] == 1


BANK = """
import json, threading, time
from grader import bubble
bubble.install()
LOCK = threading.Lock()

def bank():
    a, b = threading.Lock(), threading.Lock()
    def pay(source, target):
        with LOCK:
            pass
        with source, target:
            seen.append(1)
    threads = [threading.Thread(target=pay, args=locks) for locks in ((a, b), (b, a))]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return len(seen)
seen = []
"""


def test_after_a_deadlock_all_threads_are_gone_and_the_locks_are_free() -> None:
    """Before the next schedule begins, so that what one leaves does not touch the next."""
    source = """
found = [bubble.explore(bank).failure.kind for _ in range(2)]
alive, locked = threading.active_count(), LOCK.locked()
seen.clear()
print(json.dumps([found, alive, locked, bubble.run(bank).value]))
"""
    assert said(BANK + source) == [["deadlock", "deadlock"], 1, False, 2]


def test_what_finalizers_do_in_a_thread_that_is_ended_says_nothing() -> None:
    """As that of a pool, which wants to wake its worker: it can't, and nobody has to be told."""
    source = """
class Slow:
    def __del__(self):
        time.sleep(1)
def program():
    def wait():
        mine = Slow()
        threading.Event().wait()
    threading.Thread(target=wait, daemon=True).start()
    bubble.quiesce()
print(json.dumps([bubble.explore(program).failure, bubble.run(program).seconds]))
"""
    assert said(BANK + source) == [None, 0.0]
