"""Thousands of gradings in one process, and a grader that is killed at any moment: nothing is wrong, left, or grows.

``python -m tests.soak [GRADINGS]`` (2,000 if not said) with every core loaded. Right, wrong and hostile answers are
graded side by side, again and again, in one process: each verdict has to be what it is worth, nothing may be left
behind, and memory and open files of the grader may not grow. Then graders are killed, one for each ten gradings.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from grader import grading
from grader.verdict import Verdict
from tests import leftovers, test_attacks, tiny_course
from tests.test_attacks import ANSWERS, ATTACKS, CHECKS, PASSED, TIMES, Attack

SLOW = ("hangs_at_import", "hangs_and_swallows", "returns_huge", "returns_more_than_there_is")
"""Attacks that take long and so would keep the others from being tried often."""

WARM = 100
"""Gradings after which memory and open files are first looked at."""

GROWTH = 1.1
"""What memory may grow to, times what it was then."""

PATIENCE = 2.0
"""Seconds that what a killed grader started may outlive it."""

SLEEPS = "import time\n\n\ndef double(number):\n    time.sleep(0.5)\n    return 2 * number\n"


def main(count: int) -> int:
    """Grade `count` times, kill a tenth as often, and say what was wrong; return the exit code."""
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        with tempfile.TemporaryDirectory(prefix="s-") as folder:
            tempfile.tempdir = folder
            faults = [*_grade_often(Path(folder), count), *_kill_often(Path(folder), max(1, count // 10))]
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
    for fault in faults:
        print(fault)
    print(f"{count} gradings, {max(1, count // 10)} kills: {len(faults)} faults")
    return 1 if faults else 0


# --- gradings


def _grade_often(folder: Path, count: int) -> Iterator[str]:
    attacks = {attack.name: attack for attack in ATTACKS if attack.name not in SLOW}
    katas, answers = test_attacks.handed_in(
        folder / "attacks", test_attacks.named(tuple(attacks.values())), CHECKS.replace("LIMIT", "10.0")
    )
    timed, waiting = test_attacks.handed_in(
        folder / "times", {name: ANSWERS / f"{name}.py" for name in TIMES}, test_attacks.WAITS
    )
    began, graded, first = time.monotonic(), 0, None
    while graded < count:
        with leftovers.watched() as left:
            result = grading.grade(katas, answers, grading.Options(), test_attacks.Silent())
            in_time = grading.grade(timed, waiting, grading.Options(), test_attacks.Silent())
        graded += len(result.katas) + len(in_time.katas)
        yield from (f"grading {graded}: left behind: {thing}" for thing in left)
        yield from (f"grading {graded}: {fault}" for verdict in result.katas for fault in _wrong(verdict, attacks))
        yield from (f"grading {graded}: {fault}" for verdict in in_time.katas for fault in _wrong_in_time(verdict))
        now = _size()
        first = now if first is None and graded >= WARM else first
        print(f"{graded} gradings, {time.monotonic() - began:.0f} s, {now[0] >> 20} MiB, {now[1]} files", flush=True)
    if first is not None:
        yield from _grown(first, _size())


def _wrong(verdict: Verdict, attacks: dict[str, Attack]) -> Iterator[str]:
    attack = attacks[verdict.kata[3:]]
    seen = tuple(check.status for check in verdict.checks)
    if seen != (attack.total, attack.say) or verdict.points != seen.count(PASSED):
        yield f"{attack.name} is {', '.join(seen)}: {verdict.message[:200]}"


def _wrong_in_time(verdict: Verdict) -> Iterator[str]:
    (check,) = verdict.checks
    if check.status is not TIMES[verdict.kata[3:]][0]:
        yield f"{verdict.kata[3:]} is {check.status}: {check.message[:200]}"


def _size() -> tuple[int, int]:
    """Return memory in bytes and the number of open files of this process."""
    me = psutil.Process()
    return me.memory_info().rss, me.num_fds()


def _grown(first: tuple[int, int], last: tuple[int, int]) -> Iterator[str]:
    if last[0] > first[0] * GROWTH:
        yield f"memory grew from {first[0] >> 20} to {last[0] >> 20} MiB"
    if last[1] > first[1]:
        yield f"open files grew from {first[1]} to {last[1]}"


# --- kills


def _kill_often(folder: Path, count: int) -> Iterator[str]:
    clone = tiny_course.make(folder / "clone")
    (clone / "exercises/01_double/double.py").write_text(SLEEPS, encoding="utf-8")
    chance = random.Random(0)
    for number in range(count):
        with leftovers.watched(PATIENCE) as left:
            _kill_one(clone, chance.uniform(0.0, 2.0))
        yield from (f"kill {number}: left behind after {PATIENCE} s: {thing}" for thing in left)
    done = tiny_course.grader(clone)
    if "Score: 3 of 3 points." not in done.stdout:
        yield f"after the kills: {done.stdout[-300:]}{done.stderr[-300:]}"


def _kill_one(clone: Path, after: float) -> None:
    grader = subprocess.Popen(
        [sys.executable, "-m", "grader"],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(tiny_course.ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        grader.wait(after)
    except subprocess.TimeoutExpired:
        grader.send_signal(signal.SIGKILL)
        grader.wait()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
