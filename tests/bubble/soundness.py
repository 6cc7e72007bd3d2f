"""Compares the reduction with plain search on random programs: a child of the tests.

``python -P -s soundness.py FOLDER FIRST COUNT MOST``: for each seed a small program is written to FOLDER and explored
by source sets and sleep sets; by sleep sets alone, or without any reduction where that is few enough; in order of
pre-emptions; and with every operation a point and no object told from
another. A JSON object goes to stdout: how many were compared in which way, and the seeds that differ.
"""

from __future__ import annotations

import sys

from grader import bubble

bubble.install()

import collections  # noqa: E402 - all that makes locks comes after the bubble
import json  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import unittest.mock  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from typing import Any  # noqa: E402

from grader.bubble.chosen import ChosenRun  # noqa: E402
from grader.bubble.points import Points  # noqa: E402
from grader.bubble.searching import Bounded  # noqa: E402
from grader.bubble.traces import Op, Step, Trace, fingerprint  # noqa: E402
from grader.bubble.trees import Node, Tree  # noqa: E402
from grader.bubble.trials import Subject  # noqa: E402
from tests.bubble.play import load  # noqa: E402

HEAD = """
import queue, threading, time

class State:
    total = 0

    def __init__(self):
        self.x = self.y = 0
        self.items = []
        self.table = {}
        self.nested = [[], []]
        self.a = threading.Lock()
        self.b = threading.RLock()
        self.condition = threading.Condition()
        self.event = threading.Event()
        self.semaphore = threading.Semaphore(1)
        self.queue = queue.Queue(1)

def together(*bodies):
    logs = [[] for _ in bodies]
    threads = [threading.Thread(target=body, args=(log,)) for body, log in zip(bodies, logs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return logs

def program():
    State.total = 0
    s = State()
"""

LINES = (
    "with s.a: s.x += 1",
    "with s.a: s.y = s.x",
    "with s.a: log.append(s.x)",
    "with s.b: s.x += 1",
    "with s.b:\n            with s.a: s.y += 1",
    "with s.a:\n            with s.b: s.x += 1",
    "s.x += 1",
    "s.y = 5",
    "log.append(s.x)",
    "log.append(s.y)",
    "s.items.append(len(s.items))",
    "log.append(len(s.items))",
    "with s.semaphore: s.y += 1",
    "s.event.set()",
    "s.event.wait()",
    "log.append(s.event.wait(1))",
    "log.append(s.event.is_set())",
    "s.event.clear()",
    "time.sleep(1)",
    "time.sleep(2)",
    "s.queue.put(s.x)",
    "log.append(s.queue.get())",
    "with s.condition:\n            while not s.items: s.condition.wait()\n            s.items.pop()",
    "with s.condition:\n            if not s.items: s.condition.wait()\n            log.append(len(s.items))",
    "with s.condition:\n            log.append(s.condition.wait(1))",
    "with s.condition:\n            s.items.append(1)\n            s.condition.notify()",
    "with s.condition: s.condition.notify_all()",
    "log.append(s.a.acquire(timeout=1))\n        if log[-1]:\n            time.sleep(2)\n            s.a.release()",
    "log.append(s.a.acquire(blocking=False))\n        if log[-1]:\n            s.y += 1\n            s.a.release()",
    "log.append(s.a.locked())",
    "s.semaphore.acquire()",
    "s.semaphore.release()",
    "log.append(s.semaphore.acquire(blocking=False))",
    "mine = s.items\n        mine.append(1)",
    "for item in s.items: log.append(item)",
    "if s.items: log.append(s.items.pop())",
    "log.append(list(s.items))",
    "s.items = [7]",
    "with s.a: s.items = [*s.items, 8]",
    "s.table['k'] = s.x",
    "log.append(s.table.get('k'))",
    "log.append('k' in s.table)",
    "s.table.setdefault('m', []).append(1)",
    "log.append(sum(map(len, s.table.values() if 'm' in s.table and 'k' not in s.table else [])))",
    "s.nested[0].append(1)",
    "log.append(len(s.nested[0]))",
    "s.nested[0] = s.nested[1]",
    "s.nested[1].append(2)",
    "State.total += 1",
    "log.append(s.total)",
    "s.total = 3",
    "s.a.acquire()",
    "try: s.a.release()\n        except RuntimeError: log.append('free')",
)


def source(seed: int) -> str:
    """Return a program: two or three threads of one to three lines each."""
    pick = random.Random(seed)
    threads = pick.choice((2, 2, 3))
    few = pick.sample(LINES, pick.randint(2, 6))
    text = HEAD
    for number in range(threads):
        lines = [pick.choice(few) for _ in range(pick.randint(1, 3 if threads == 2 else 2))]
        text += f"    def t{number}(log):\n" + "".join(f"        {line}\n" for line in lines)
    names = ", ".join(f"t{number}" for number in range(threads))
    return text + f"    logs = together({names})\n    return s.x, s.y, s.items, s.table, s.nested, State.total, logs\n"


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


def search(subject: Subject, kind: type[Tree | Ordered], points: Points, most: int) -> tuple[Seen, int] | None:
    """Return all traces and all ends, and how many runs it took; None if these were too many."""
    tree = kind()
    traces: set[int] = set()
    ends: set[str] = set()
    for runs in range(1, most + 1):
        trial = subject.run(tree, points)
        if not trial.cut:
            traces.add(fingerprint(trial.trace))
            stuck = trial.outcome.deadlock.stuck if trial.outcome.deadlock is not None else ()
            waits = sorted((one.name, one.waits_for, one.line) for one in stuck)
            ends.add(repr((trial.kind, trial.outcome.value, waits, repr(trial.outcome.error), trial.outcome.seconds)))
        if points.late:
            points.late = False
            return search(subject, kind, points, most)
        if not tree.learn(trial.trace):
            return (traces, ends), runs
    return None


def compare(subject: Subject, counts: dict[str, int], most: int) -> list[str]:
    """Return in which ways the reduction differs; searches that take more than `most` runs are given up."""
    points = Points()
    found = search(subject, Tree, points, most)
    counts["programs"] += 1
    if found is None or points.doubts:
        counts["left out"] += 1
        return []
    (traces, ends), runs = found
    counts["runs"] += runs
    counts["deadlocks"] += any("deadlock" in end for end in ends)
    differs = []
    for kind, seen in others(subject, counts, points, most):
        wanted = seen[0] if kind == "Whole" else traces  # with more places to stop there are more traces
        if seen != (wanted, ends):
            differs.append(f"{kind}: {len(seen[0])} traces, not {len(traces)}; ends {ends ^ seen[1]}")
    return differs


def others(subject: Subject, counts: dict[str, int], points: Points, most: int) -> Iterator[tuple[str, Seen]]:
    """Yield what other searches find, as far as they come to an end."""
    for kind, limit in ((Plain, most // 4), (Sleepy, most), (Ordered, most)):
        found = search(subject, kind, points, limit)
        if found is not None:
            counts[kind.__name__] += 1
            counts[f"{kind.__name__} runs"] += found[1]
            yield kind.__name__, found[0]
    with unittest.mock.patch.object(ChosenRun, "_number", return_value=0):  # and no object told from another
        whole = search(subject, Tree, Points(whole=True), most // 2)
    if whole is not None:
        counts["Whole"] += 1
        yield "Whole", whole[0]


def main(folder: str, first: str, count: str, most: str) -> None:
    """Compare the programs of `count` seeds from `first` on."""
    counts: dict[str, int] = collections.Counter()
    differing: dict[int, Any] = {}
    for seed in range(int(first), int(first) + int(count)):
        path = os.path.join(folder, f"random_{seed}.py")  # noqa: PTH118
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(source(seed))
        module = load(path)
        subject = Subject(module.program, (), {}, (path,), 3600.0, None)
        with subject.watched():
            differs = compare(subject, counts, int(most))
        if differs:
            differing[seed] = differs
    json.dump({"counts": counts, "differ": differing}, sys.stdout)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
