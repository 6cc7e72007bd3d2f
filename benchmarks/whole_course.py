"""All katas with their references: wall, beside what it could be at best, and beside one check after the other.

Goal: wall ≤ 1.2 × (longest single check + CPU of waiting and I/O katas / cores + the CPU katas' own walls). Run:
``python -m benchmarks.whole_course``.
"""

import os
import resource
import time
from pathlib import Path

from grader import course, grading, submission
from grader.verdict import Check, Status, Verdict

ROOT = Path(__file__).resolve().parents[1]


class _Silent:
    def planned(self, kata: str, count: int) -> None:
        """Say nothing."""

    def check(self, kata: str, check: Check) -> None:
        """Say nothing."""

    def verdict(self, verdict: Verdict) -> None:
        """Say nothing."""

    def waits(self, sentence: str) -> None:
        """Say nothing."""


def graded(katas: tuple[course.Kata, ...]) -> tuple[float, float, list[Verdict]]:
    """Return wall seconds, CPU seconds of everything, and the verdicts."""
    answers = {kata.name: submission.read(kata, kata.solution) for kata in katas}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    result = grading.grade(katas, answers, grading.Options(), _Silent())
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, list(result.katas)


def main() -> None:
    """Measure the parts, then the whole."""
    whole = course.load(ROOT)
    computing = tuple(kata for kata in whole.katas if "cpu" in kata.needs)
    others = tuple(kata for kata in whole.katas if "cpu" not in kata.needs)
    _, cpu, _ = graded(others)
    own = sum(graded((kata,))[0] for kata in computing)
    wall, _, verdicts = graded(whole.katas)
    assert all(verdict.status in (Status.PASSED, Status.NOT_HERE) for verdict in verdicts), verdicts
    seconds = [check.seconds for verdict in verdicts for check in verdict.checks]
    best = max(seconds) + cpu / (os.cpu_count() or 1) + own
    print(f"{len(verdicts)} katas, {len(seconds)} checks: wall {wall:.1f} s; longest check {max(seconds):.1f}, ")
    print(f"CPU of waits and io {cpu:.1f}, cpu katas' own walls {own:.1f}: at best {best:.1f}, ratio {wall / best:.2f}")
    print(f"the same checks one after the other: {sum(seconds):.1f} s, {sum(seconds) / wall:.1f} times as long")


if __name__ == "__main__":
    main()
