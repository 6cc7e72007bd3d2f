"""A course of three small katas, and states of watching it."""

from __future__ import annotations

from pathlib import Path

from grader.course import Kata, Planned
from grader.submission import Answer
from grader.verdict import Check, Event, Status, Verdict, worst
from grader.watch import model

PLANNED = (
    Planned("test_a", "It does a.", 1, real_time=False),
    Planned("test_b", "It does b.", 2, real_time=False),
    Planned("test_real", "It works for real.", 2, real_time=True),
)
TIMELINE = (
    Event(0.0, "MainThread", "start"),
    Event(0.0, "MainThread", "sleep", file="a.py", line=1),
    Event(1.0, "MainThread", "end"),
)


def kata(name: str, title: str = "A kata") -> Kata:
    """Return a kata of this name, on no disk."""
    folder, solution = Path("/c/exercises", name), Path("/c/solutions", name)
    return Kata(name, int(name[:2]), title, 1, 5, (f"{name[3:]}.py",), ("waits",), "", (), (), folder, solution)


def entries(*done: str) -> tuple[model.Entry, ...]:
    """Return the three katas, those of these names done."""
    katas = [kata("01_apples", "Apples"), kata("02_pears", "Pears"), kata("03_plums", "Plums and more")]
    return tuple(model.Entry(one, PLANNED, done=one.name in done) for one in katas)


def check(name: str, status: Status = Status.PASSED, message: str = "", output: str = "") -> Check:
    """Return a judged check."""
    planned = next(one for one in PLANNED if one.name == name)
    points = planned.points if status is Status.PASSED else 0
    return Check(name, planned.title, status, points, planned.points, 0.1, message, output, timeline=TIMELINE)


def verdict(*checks: Check, name: str = "01_apples", status: Status | None = None, message: str = "") -> Verdict:
    """Return the verdict of these checks."""
    return Verdict(
        name,
        "Apples",
        ("waits",),
        status or worst(one.status for one in checks),
        sum(one.points for one in checks),
        sum(one.max_points for one in checks),
        0.3,
        message,
        checks,
    )


def after(state: model.State, *events: model.Event) -> model.State:
    """Return the state after `events`."""
    for event in events:
        state, _ = model.step(state, event)
    return state


def begun(*done: str) -> model.State:
    """Return the state in which the first kata is watched."""
    return model.begin(entries(*done), 0)[0]


def answer(text: str = "x = 1", name: str = "01_apples", status: Status | None = None) -> Answer:
    """Return an answer of this text."""
    return Answer(name, "exercises", {"apples.py": text.encode()}, status)


def judged(*checks: Check) -> model.State:
    """Return the state after a run with this outcome."""
    state = after(begun(), model.Found("01_apples", answer()))
    return after(state, model.Finished(state.run, verdict(*checks), "12:00:00"))


def passed() -> model.State:
    """Return the state after a run in which all passed."""
    return judged(check("test_a"), check("test_b"), check("test_real"))


def failed(message: str = "a gave 1, not 2.") -> model.State:
    """Return the state after a run in which a check failed."""
    return judged(check("test_a", Status.FAILED, message), check("test_b"), check("test_real"))


def press(state: model.State, *keys: str) -> tuple[model.State, tuple[model.Deed, ...]]:
    """Press keys; return the state, and what is to be done after the last of them."""
    todo: tuple[model.Deed, ...] = ()
    for key in keys:
        state, todo = model.step(state, model.Pressed(key))
    return state, todo
