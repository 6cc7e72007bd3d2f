"""Compares the reduction with plain search on small programs, and replays what fails: a child of the tests.

``python -P -s soundness.py``: each line of stdin is a JSON object, {"ask": NAME, …arguments of that function below}; a
line with what it returns goes to stdout.
"""

from __future__ import annotations

import sys

from grader import bubble

bubble.install()

import collections  # noqa: E402 - all that makes locks comes after the bubble
import dataclasses  # noqa: E402
import json  # noqa: E402
import math  # noqa: E402
import os  # noqa: E402
import types  # noqa: E402
import unittest.mock  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from typing import Any  # noqa: E402

from grader.bubble.chosen import ChosenRun  # noqa: E402
from grader.bubble.points import Points  # noqa: E402
from grader.bubble.searching import Bounded  # noqa: E402
from grader.bubble.traces import Op, Step, Trace, fingerprint  # noqa: E402
from grader.bubble.trees import Node, Tree  # noqa: E402
from grader.bubble.trials import Subject  # noqa: E402


class Sleepy(Tree):
    """Sleep sets alone: all that can go on is tried."""

    def _make_node(self, keys: list[str], before: Node | None, step: Step) -> Node:
        node = super()._make_node(keys, before, step)
        node.wanted.update(dict.fromkeys(keys))
        return node


class Plain(Sleepy):
    """No reduction."""

    def _make_node(self, keys: list[str], before: Node | None, step: Step) -> Node:  # noqa: ARG002
        nothing: dict[str, list[Op]] = {}
        node = Node(keys, nothing)
        node.wanted.update(dict.fromkeys(keys))
        return node


class Ordered:
    """Search in order of pre-emptions, until there is nothing left."""

    def __init__(self) -> None:
        self._bounded = Bounded()
        self._bounded.begin()

    def choose(self, run: ChosenRun, enabled: list[bubble.BubbleThread]) -> bubble.BubbleThread:
        """Return who takes the next step."""
        return self._bounded.choose(run, enabled)

    def learn(self, trace: Trace) -> bool:
        """Take note of the run; return whether another one is to be made."""
        self._bounded.learn(trace)
        return self._bounded.begin()


Seen = tuple[set[int], set[str]]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What a search found: all traces and all ends; in how many runs; and at least how many there are in all."""

    seen: Seen
    runs: int
    orders: int


def search(subject: Subject, kind: type[Tree | Ordered], points: Points, most: int) -> Found | None:
    """Return what is found; None if it takes too many runs."""
    tree = kind()
    orders = 0
    traces: set[int] = set()
    ends: set[str] = set()
    for runs in range(1, most + 1):
        trial = subject.run(tree, points)
        if not trial.cut:
            traces.add(fingerprint(trial.trace))
            orders = max(orders, orders_of(trial.trace))
            stuck = trial.outcome.deadlock.stuck if trial.outcome.deadlock is not None else ()
            waits = sorted((one.name, one.waits_for, one.line) for one in stuck)
            ends.add(repr((trial.kind, trial.outcome.value, waits, repr(trial.outcome.error), trial.outcome.seconds)))
        if points.late:
            points.late = False
            return search(subject, kind, points, most)
        if not tree.learn(trial.trace):
            return Found((traces, ends), runs, orders)
    return None


def orders_of(trace: Trace) -> int:
    """Return in how many orders the steps of the threads can come, those of the main thread apart."""
    counts = collections.Counter(step.key for step in trace.steps[1:] if step.key != "0")
    return math.factorial(counts.total()) // math.prod(map(math.factorial, counts.values()))


def compare(path: str, most: int) -> dict[str, Any]:
    """Return in which ways the reduction differs, and what was compared; searches of more than `most` runs are left."""
    counts: dict[str, int] = collections.Counter(programs=1)
    subject, points = Subject(program(path), (), {}, (path,), 3600.0, None), Points()
    with subject.watched():
        found = search(subject, Tree, points, most)
        if found is None or points.doubts:
            counts["left out"] += 1
            return {"counts": counts, "differs": [], "ends": []}
        differs = differences(subject, counts, points, found, most)
    return {"counts": counts, "differs": differs, "ends": sorted(found.seen[1])}


def differences(subject: Subject, counts: dict[str, int], points: Points, found: Found, most: int) -> list[str]:
    """Return in which ways the reduction, which has `found`, differs from other searches."""
    traces, ends = found.seen
    counts["runs"] += found.runs
    counts["deadlocks"] += any("deadlock" in end for end in ends)
    differs = []
    for kind, seen in others(subject, counts, points, found, most):
        wanted = traces if kind in ("Plain", "Sleepy", "Ordered") else seen[0]  # more places to stop: more traces
        if seen != (wanted, ends):
            differs.append(f"{kind}: {len(seen[0])} traces, not {len(traces)}; ends {sorted(ends ^ seen[1])}")
    return differs


def others(
    subject: Subject, counts: dict[str, int], points: Points, found: Found, most: int
) -> Iterator[tuple[str, Seen]]:
    """Yield what other searches find, as far as they come to an end."""
    searches: list[tuple[str, type[Tree | Ordered], Points, int]] = [
        ("Sleepy", Sleepy, points, most),
        ("Ordered", Ordered, points, most),
    ]
    if found.orders < most:
        searches.append(("Plain", Plain, points, 4 * most))
    with unittest.mock.patch.object(ChosenRun, "_number", return_value=0):  # and no object told from another
        whole = search(subject, Tree, Points(whole=True), most // 2)
    if whole is not None:
        counts["Whole"] += 1
        yield "Whole", whole.seen
    for name, kind, known, limit in searches:
        other = search(subject, kind, known, limit)
        if other is not None:
            counts[name] += 1
            counts[f"{name} runs"] += other.runs
            yield name, other.seen


def fail(path: str, budget: int) -> dict[str, Any] | None:
    """Explore the program; None if no schedule fails, nor gives another value than the first one.

    Else what failed, and what came of it when it was replayed.
    """
    function = program(path)
    first = bubble.explore(function, files=(path,), budget=1)
    expected = repr(first.values[0]) if first.values else ""
    found = bubble.explore(function, files=(path,), budget=budget, check=checking(expected)).failure
    if found is None:
        return None
    schedule = str(found.schedule)
    again = replay(path, schedule, expected)
    return {"expected": expected, "schedule": schedule, "failed": told(found), "again": again}


def replay(path: str, schedule: str, expected: str) -> list[str]:
    """Return what comes of the one schedule."""
    return told(bubble.replay(program(path), schedule, files=(path,), check=checking(expected)))


def told(failure: bubble.Failure) -> list[str]:
    """Return what is to be the same each time."""
    return [failure.kind, failure.message, repr(failure.outcome.value), f"{failure.outcome.seconds}"]


def checking(expected: str) -> Callable[[bubble.Outcome], str]:
    """Return a check that the value is as `expected`."""
    return lambda outcome: "" if repr(outcome.value) == expected else f"It returned {outcome.value!r}."


def program(path: str) -> Callable[[], Any]:
    """Return the program of the module at `path`, made anew."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        code = compile(file.read(), path, "exec")
    module = types.ModuleType("program")
    exec(code, vars(module))  # noqa: S102 - this is how a module is made
    return module.program  # type: ignore[no-any-return]


ASKED: dict[str, Callable[..., Any]] = {function.__name__: function for function in (compare, fail, replay)}


def main() -> None:
    """Answer one line after another."""
    stdout = sys.stdout
    for line in sys.stdin:
        asked = json.loads(line)
        answer = ASKED[asked.pop("ask")](**asked)
        stdout.write(json.dumps(answer) + "\n")
        stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
