"""Explores one version of one program with one tool: a child of ``benchmarks.explorers``.

``run.py TOOL MODE KIND PROGRAM VERSION SECONDS`` writes a line of JSON: what the tool says (``found``, ``proved``,
``passed`` within a bound, ``searched`` as far as time went, ``undecided``), after how many schedules, wall and CPU
seconds, and why.
"""

from __future__ import annotations

import sys

if sys.argv[1] == "ours":
    from grader import bubble

    bubble.install()  # before all that makes locks

import asyncio
import dataclasses
import importlib
import json
import os
import threading
from collections.abc import Callable
from time import perf_counter, process_time  # by these names: tools replace what is in the module
from typing import Any

import tasks
import threads

SEED = 0

Said = tuple[str, int, str]
"""Verdict, schedules and why."""


@dataclasses.dataclass(frozen=True)
class Case:
    """What is to be explored, how, and for how long."""

    mode: str
    kind: str
    program: str
    right: bool
    seconds: float

    def made(self) -> Any:
        """Return the program, made afresh."""
        programs = {"threads": threads, "tasks": tasks}[self.kind].PROGRAMS
        return programs[self.program](self.right)

    def in_threads(self) -> bool:
        """Run the threads of the program to their ends, and return whether it holds."""
        program = self.made()
        started = [threading.Thread(target=body) for body in program.bodies]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()
        return program.holds()

    async def in_tasks(self) -> bool:
        """Run the tasks of the program to their ends, and return whether it holds."""
        program = self.made()
        await asyncio.gather(*(tasks.late(number, body) for number, body in enumerate(program.bodies)))
        return program.holds()

    def in_a_loop(self) -> bool:
        """Run the tasks of the program in a loop of their own."""
        return asyncio.run(self.in_tasks())


class TimeIsUp(Exception):
    """Ends an exploration that has no limit of seconds itself."""


def with_ours(case: Case) -> Said:
    """Explore as a check of a kata does, with the same budget of schedules."""
    end = perf_counter() + case.seconds
    count = 0

    def check(outcome: bubble.Outcome) -> str:
        nonlocal count
        count += 1
        if perf_counter() > end:
            raise TimeIsUp
        return "" if outcome.value is True else "it does not hold"

    function = case.in_threads if case.kind == "threads" else case.in_a_loop
    try:
        told = bubble.explore(function, files=(threads.__file__, tasks.__file__), check=check)
    except TimeIsUp:
        return "searched", count, "time is up"
    if told.failure is not None:
        return "found", told.failed_at, told.failure.message
    return "proved" if told.proved else "searched", told.schedules, "; ".join(told.doubts)


def with_frontrun(case: Case) -> Said:
    """Explore by its DPOR, without a bound of pre-emptions or with its own; or at random."""
    frontrun = importlib.import_module("frontrun")
    options: dict[str, Any] = {
        "all": {"preemption_bound": None},
        "bounded": {"preemption_bound": 2},
        "random": {"strategy": "random", "max_attempts": 10**9, "max_ops": 2000, "seed": SEED},
    }[case.mode]
    worker = {"threads": _thread_worker, "tasks": _task_worker}[case.kind]
    began = perf_counter()
    try:
        told = frontrun.explore(
            setup=case.made,
            workers=[worker(number) for number in range(len(case.made().bodies))],
            invariant=lambda program: program.holds(),
            clock="virtual",
            total_timeout=case.seconds,
            **options,
        )
        told = asyncio.run(told) if case.kind == "tasks" else told
    except IndexError as error:  # its DPOR raises again what ended a thread, and does not tell the number
        return "found", 0, f"IndexError: {error}"
    if told.property_holds is None:
        return "undecided", told.num_explored, told.inconclusive_reason
    if not told.property_holds:
        return "found", told.num_explored, told.explanation
    if case.mode == "random" or perf_counter() - began >= case.seconds:
        return "searched", told.num_explored, ""
    return "proved" if case.mode == "all" else "passed", told.num_explored, ""


def _thread_worker(number: int) -> Callable[[Any], None]:
    return lambda program: program.bodies[number]()


def _task_worker(number: int) -> Callable[[Any], Any]:
    async def work(program: Any) -> None:
        await tasks.late(number, program.bodies[number])

    return work


def with_interleave_test(case: Case) -> Said:
    """Explore by its bounded search, or at random as it does by default; until the time is over."""
    interleave_test = importlib.import_module("interleave_test")
    base = {"bounded": interleave_test.DFSStrategy, "random": interleave_test.RandomStrategy}[case.mode]
    end = perf_counter() + case.seconds

    class Timed(base):
        def more(self) -> bool | None:
            return False if perf_counter() > end else super().more()

    def model() -> None:
        program = case.made()
        spawned = [interleave_test.spawn(body) for body in program.bodies]
        for task in spawned:
            task.join()
        assert program.holds(), "it does not hold"

    told = interleave_test.explore(
        model, strategy=Timed(), iterations=10**9, seed=SEED, include=[threads.__file__], raise_on_failure=False
    )
    if told.failure is not None:
        verdict = "undecided" if told.failure.kind == "hang" else "found"
        return verdict, told.schedules_run, f"{told.failure.kind}: {told.failure.exception!r} {told.failure.details}"
    return "passed" if told.exhausted else "searched", told.schedules_run, ""


def with_detangle(case: Case) -> Said:
    """Explore by its bounded search with 3 delays, or by the mixture that is its default; until the time is over."""
    detangle = importlib.import_module("detangle")

    async def main() -> None:
        assert await case.in_tasks(), "it does not hold"

    strategy = {"bounded": "dfs:3", "mixed": "auto"}[case.mode]
    try:
        told = detangle.explore(main, runs=10**9, strategy=strategy, max_duration=case.seconds, seed=SEED)
    except detangle.BugFound as found:
        return "found", found.report.runs, found.report.failure.headline()
    return "passed" if told.exhausted else "searched", told.runs, ""


TOOLS = {
    "ours": with_ours,
    "frontrun": with_frontrun,
    "interleave-test": with_interleave_test,
    "detangle": with_detangle,
}


def main() -> None:
    """Explore, and tell."""
    tool, mode, kind, program, version, seconds = sys.argv[1:]
    case = Case(mode, kind, program, version == "right", float(seconds))
    began, cpu = perf_counter(), process_time()
    verdict, schedules, why = TOOLS[tool](case)
    told = {
        "verdict": verdict,
        "schedules": schedules,
        "seconds": perf_counter() - began,
        "cpu": process_time() - cpu,
        "why": why,
    }
    print(json.dumps(told), flush=True)
    os._exit(0)  # whatever threads are left


if __name__ == "__main__":
    main()
