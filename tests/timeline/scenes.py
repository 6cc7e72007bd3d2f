"""Scenes that tests draw: a deadlock by steps, two tasks in time, and those whose every text is a stranger's."""

from __future__ import annotations

from typing import Any

from grader.timeline.scene import Scene, choose
from grader.verdict import Check, Event, Status, Verdict
from tests.report.mixed import hostile


def step(lane: str, what: str, name: str, line: int, held_by: str = "") -> dict[str, Any]:
    words = f"{what} {name}"
    place = {"file": "bank.py", "line": line, "text": {22: "with a.lock:", 23: "with b.lock:"}[line]}
    return {"lane": lane, "what": what, "name": name, "held_by": held_by, "words": words, "at": 0.0, **place}


DEADLOCK = {
    "kind": "deadlock",
    "lanes": ["t1", "t2"],
    "steps": [
        step("t1", "acquire", "lock 1", 22),
        step("t2", "acquire", "lock 2", 22),
        step("t2", "wait", "lock 1", 23, "t1"),
        step("t1", "wait", "lock 2", 23, "t2"),
    ],
    "waits": [],
    "collision": None,
    "schedule": "3.11-x-1",
}

TASKS = (
    Event(0, "MainThread", "start"),
    Event(0, "a", "start", "by MainThread", "tasks.py", 2),
    Event(0, "b", "start", "by MainThread", "tasks.py", 2),
    Event(0, "MainThread", "wait", "for the end of a", "tasks.py", 3),
    Event(0, "a", "acquire", "the lock", "tasks.py", 1),
    Event(0, "a", "sleep", "2 s", "tasks.py", 1),
    Event(0, "b", "wait", "for the lock, held by a", "tasks.py", 1),
    Event(2, "a", "print", "one"),
    Event(2, "a", "release", "the lock", "tasks.py", 1),
    Event(2, "a", "end"),
    Event(2, "MainThread", "wait", "for the end of b", "tasks.py", 3),
    Event(2, "b", "run"),
    Event(2, "b", "acquire", "the lock", "tasks.py", 1),
    Event(2, "b", "sleep", "2 s", "tasks.py", 1),
    Event(4, "b", "print", "two"),
    Event(4, "b", "release", "the lock", "tasks.py", 1),
    Event(4, "b", "end"),
    Event(4, "MainThread", "end"),
)
FILES = {"tasks.py": b"with lock:\n    start()\njoin()\n"}


def check(name: str, status: Status = Status.PASSED, **told: Any) -> Check:
    return Check(name, f"What {name} wants.", status, 0, 1, **told)


def verdict(*checks: Check) -> Verdict:
    return Verdict("32_bank", "Bank", (), Status.FAILED, 0, 1, checks=checks)


def deadlock() -> Scene:
    return choose(verdict(check("test_ends", Status.TIMED_OUT, story=DEADLOCK)), {})


def tasks() -> Scene:
    return choose(verdict(check("test_tasks", timeline=TASKS)), FILES)


def of_a_stranger(text: str) -> list[Scene]:
    """Return scenes in which every text that an answer has a part in is `text`."""
    kata = hostile(text).katas[0]
    return [choose(kata, {text: text.encode("utf-8", "replace")}, name) for name in ("test_a", "test_b")]
