"""What does not do the same again under the same schedule is searched on, and never passes if it was wrong once."""

from __future__ import annotations

from tests.bubble.test_install import said

PROGRAM = """
import json, threading
from grader import bubble
bubble.install()

CALLS = []
LOCK = threading.Lock()

def count(threads, lock, apart=False):
    total = [0]
    def add():
        with lock:
            seen = total[0]
            if not apart:
                total[0] = seen + 1
        with lock:
            if apart:
                total[0] = seen + 1
    several = [threading.Thread(target=add) for _ in range(threads)]
    for thread in several: thread.start()
    for thread in several: thread.join()
    return total[0] == threads

def complain(outcome):
    return "" if outcome.value else "an update was lost"

def told(found):
    failure = found.failure
    return {
        "kind": failure and failure.kind,
        "message": failure and failure.message,
        "schedule": failure and failure.schedule and str(failure.schedule),
        "words": found.words, "proved": found.proved, "doubts": list(found.doubts), "schedules": found.schedules,
    }
"""


def test_what_failed_once_is_no_pass_though_no_schedule_makes_it_fail_again() -> None:
    """It is told without a schedule to replay, since there is none, and why there is none."""
    source = """
def once():
    CALLS.append(1)
    if len(CALLS) == 3:
        raise LookupError("the third time")
    return count(2, threading.Lock())
found = bubble.explore(once, check=complain)
story = bubble.story(found.failure)
print(json.dumps([told(found), story["schedule"], story["steps"], bubble.picture(story)]))
"""
    found, schedule, steps, picture = said(PROGRAM + source)
    assert found["kind"] == "error"
    assert found["message"].startswith("It raised LookupError: the third time. When its steps were made in the same")
    assert found["schedule"] is None
    assert found["words"] == "failed at schedule 3"
    assert not found["proved"]
    assert "a schedule failed, but not when it was replayed" in found["doubts"][0]
    assert found["schedules"] > 3
    assert (schedule, steps) == ("", [])
    assert "failed" in picture or picture == "" or found["message"] in picture


def test_after_a_fluke_a_schedule_that_fails_each_time_is_still_found() -> None:
    """And that is the one which is told."""
    source = """
def first_so_then_so():
    CALLS.append(1)
    if len(CALLS) == 1:
        raise LookupError("the first time")
    return count(2, threading.Lock(), apart=True)
found = bubble.explore(first_so_then_so, check=complain)
again = bubble.replay(first_so_then_so, found.failure.schedule, check=complain)
print(json.dumps([told(found), again.kind]))
"""
    found, again = said(PROGRAM + source)
    assert found["kind"] == again == "check"
    assert found["message"] == "an update was lost"
    assert found["schedule"]


def test_what_has_other_threads_each_time_is_searched_on() -> None:
    """Its schedules fit no other run, so they are random; what is wrong is found all the same, what is right is not."""
    source = """
def whimsical(apart):
    CALLS.append(1)
    return count(2 + len(CALLS) % 2, LOCK, apart)
wrong, right = (bubble.explore(whimsical, apart, check=complain, budget=200) for apart in (True, False))
print(json.dumps([told(wrong), told(right)]))
"""
    wrong, right = said(PROGRAM + source)
    assert wrong["kind"] == "check"
    assert "an update was lost" in wrong["message"]
    assert right["kind"] is None
    assert right["words"].startswith("searched ")
    assert right["schedules"] > 20
    assert any("it did not do the same again" in doubt for doubt in right["doubts"])


def test_who_orders_locks_by_their_addresses_is_right() -> None:
    """Another order each time, and never a deadlock."""
    source = """
def bank():
    locks = sorted([threading.Lock(), threading.Lock()], key=lambda lock: hash(id(lock)) * 2654435761 % 1009)
    keep.append(locks)
    total = [0]
    def pay():
        with locks[0], locks[1]:
            total[0] += 1
    threads = [threading.Thread(target=pay) for _ in range(2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return total[0] == 2
keep = []
print(json.dumps(told(bubble.explore(bank, check=complain, budget=60))))
"""
    found = said(PROGRAM + source)
    assert found["kind"] is None
