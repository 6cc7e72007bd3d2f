"""All schedules that differ, each once: source sets and sleep sets.

After Abdulla, Aronis, Jonsson and Sagonas, *Optimal dynamic partial order reduction* (POPL 2014): the races of each run
say in which other orders its steps must be tried; what is asleep at a place was tried there, and would lead to what was
seen already until something comes that depends on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.bubble.chosen import Diverged
from grader.bubble.traces import MAX_DEPTH, MAX_DEPTH_WITH_DOUBTS, Op, Order, Race, Step, Trace, independent

if TYPE_CHECKING:
    from grader.bubble.chosen import ChosenRun
    from grader.bubble.operations import BubbleThread


class Node:
    """A place at which a thread was chosen.

    Attributes:
        enabled: keys of the threads that could go on; the first is the one that does so by default.
        asleep: of each thread that needs not be tried here, by its key, what its step would do.
        done: of each thread that was tried here, what its step did.
        wanted: keys of the threads to be tried here.
        chosen: the one of them that is being tried.
    """

    __slots__ = ("asleep", "chosen", "done", "enabled", "wanted")

    def __init__(self, enabled: list[str], asleep: dict[str, list[Op]]) -> None:
        self.enabled = enabled
        self.asleep = asleep
        self.done: dict[str, list[Op]] = {}
        self.chosen = next((key for key in enabled if key not in asleep), "")
        self.wanted = {self.chosen: None}

    def sleepers_after(self, step: Step) -> dict[str, list[Op]]:
        """Return what is asleep after `step`, the one chosen here."""
        sleepers = self.asleep | self.done
        return {key: ops for key, ops in sleepers.items() if key != step.key and independent(ops, step.ops)}

    def want(self, race: Race) -> None:
        """See to it that a thread is tried here with which the other order of `race` can begin."""
        if any(key in self.wanted or key in self.asleep for key in race.starters):
            return
        able = [key for key in race.starters if key in self.enabled]
        if race.key in able:
            able = [race.key]
        for key in able[:1] or self.enabled:
            self.wanted[key] = None

    def turn(self) -> bool:
        """Choose the next thread to be tried; return whether there is one."""
        self.chosen = next((key for key in self.wanted if key not in self.done and key not in self.asleep), "")
        return self.chosen != ""


class Tree:
    """Drives runs through all schedules that differ.

    Attributes:
        is_whole: whether all orders are tried; else only those of the first `MAX_DEPTH` steps.
    """

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._depth = 0
        self._changed = 0
        self.is_whole = True

    def choose(self, run: ChosenRun, enabled: list[BubbleThread]) -> BubbleThread | None:
        """Return who takes the next step: as planned up to the last change, then whoever is not asleep."""
        if len(run.trace.steps) > (MAX_DEPTH_WITH_DOUBTS if run.points.doubts else MAX_DEPTH):
            self.is_whole = False
            return enabled[0]
        keys = [thread.key for thread in enabled]
        if self._depth == len(self._nodes):
            before = self._nodes[-1] if self._nodes else None
            self._nodes.append(self._make_node(keys, before, run.trace.steps[-1]))
        node = self._nodes[self._depth]
        if node.enabled != keys:
            raise Diverged
        self._depth += 1
        return enabled[keys.index(node.chosen)] if node.chosen else None

    def _make_node(self, keys: list[str], before: Node | None, step: Step) -> Node:
        return Node(keys, before.sleepers_after(step) if before is not None else {})

    def learn(self, trace: Trace) -> bool:
        """Take note of what the run did; return whether another one is to be made."""
        del self._nodes[len(trace.steps) - 1 :]  # the place at which it was cut
        for number, node in enumerate(self._nodes):
            if number >= self._changed:
                node.done[node.chosen] = trace.steps[number + 1].ops
        for race in Order(trace).races(self._changed + 1):
            if 0 < race.first <= len(self._nodes):
                self._nodes[race.first - 1].want(race)
        while self._nodes and not self._nodes[-1].turn():
            self._nodes.pop()
        self._depth = 0
        self._changed = max(len(self._nodes) - 1, 0)
        return bool(self._nodes)
