"""Save to verdict: how long it takes from a write to the screen, and whether a thousand saves leave anything.

Goals, warm, for kata 01 in the bubble: median ≤ 250 ms and at worst 500 ms over 50 saves; idle it uses < 1 % of a
core and < 100 MB. After 1,000 saves, some during runs, some broken: no missed verdict, no leftover process, no growth.
Run on an idle machine: ``python -m benchmarks.watch``; ``--saves 1000`` for the long one.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from tests.watch.driver import Watched
from tests.watch.saves import in_bursts

ROOT = Path(__file__).resolve().parents[1]
KATA = "01_print_tasks"
FILE = f"exercises/{KATA}/print_tasks.py"
IDLE = 20.0
"""Seconds of which the use of a core is measured."""
_RESTS = 3.0
"""Seconds after which what was there for the last run has gone."""


def main() -> None:
    """Measure, and print what was asked for."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--saves", type=int, default=50)
    saves = words.parse_args().saves
    with tempfile.TemporaryDirectory(prefix="w-") as name, Watched(_clone(Path(name)), "01") as seen:
        seen.until("not started", 30)
        answers = Answers(Path(name))
        latencies(seen, answers, min(saves, 50))
        idle(seen)
        if saves > 50:  # noqa: PLR2004 - what the first part takes
            endurance(seen, answers, saves)
        seen.press("q")
        print(f"exit code {seen.ended(30)}")


def _clone(root: Path) -> Path:
    for side in ("exercises", "solutions"):
        shutil.copytree(ROOT / side / KATA, root / side / KATA)
    (root / "pyproject.toml").write_text("")
    return root


class Answers:
    """Writes answers: right ones, and wrong ones that can be told from each other by a word."""

    def __init__(self, clone: Path) -> None:
        self.path = clone / FILE
        self.right = (clone / "solutions" / KATA / "print_tasks.py").read_text(encoding="utf-8")
        self._count = 0

    def wrong(self) -> tuple[str, str]:
        """Return another wrong answer, and a word that its verdict says."""
        self._count += 1
        word = f"Nr{self._count}"
        return self.right.replace("Number", word), word

    def broken(self) -> tuple[str, str]:
        """Return another answer that is not Python, and a word that its verdict says."""
        self._count += 1
        word = f"broken_{self._count}"
        return f"{self.right}\ndef {word}(:\n", word


def judged(word: str) -> Callable[[str], bool]:
    """Return what tells a screen with the whole verdict of the bubble in which `word` stands."""
    return lambda text: word in text and ("6 of 7 checks" in text or "/10 " in text)


def latencies(seen: Watched, answers: Answers, saves: int) -> None:
    """Save right and wrong answers in turn, wait for each verdict, and tell how long that took; the first one apart."""
    times = []
    for number in range(1, saves + 2):
        text, word = (answers.right, "Right so far") if number % 2 else answers.wrong()
        began = time.perf_counter()
        answers.path.write_text(text, encoding="utf-8")
        seen.until(judged(word), 30)
        times.append(time.perf_counter() - began)
        seen.read(0.1)
    print(f"the first save, before all is warm: {times.pop(0) * 1000:.0f} ms")
    middle, worst = statistics.median(times) * 1000, max(times) * 1000
    print(f"{saves} saves: median {middle:.0f} ms (goal 250: ratio {middle / 250:.2f})", end=", ")
    print(f"worst {worst:.0f} ms (goal 500: ratio {worst / 500:.2f})")


def idle(seen: Watched) -> None:
    """Tell what it uses while nothing happens."""
    seen.until("10/10", 60)
    _rest(seen, _RESTS)
    before, began = _cpu(seen), time.perf_counter()
    _rest(seen, IDLE)
    used = (_cpu(seen) - before) / (time.perf_counter() - began) * 100
    memory = _memory(seen)
    print(f"idle: {used:.2f} % of a core (goal 1: ratio {used:.2f}), {memory:.0f} MB (goal 100: {memory / 100:.2f})")


def _rest(seen: Watched, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        seen.read(0.5)


def endurance(seen: Watched, answers: Answers, saves: int) -> None:
    """Save in all the ways that editors do, often while the last save is judged; each last one must be judged."""
    rng = random.Random(1)  # noqa: S311 - what is saved when, the same each time

    def answer() -> tuple[str, str]:
        return rng.choice((answers.wrong, answers.broken))()

    def between() -> str:
        return rng.choice((lambda: answers.right, lambda: answer()[0]))()

    before = _sizes_at_rest(seen)
    bursts = in_bursts(seen, answers.path, saves, answer, between)
    answers.path.write_text(answers.right + "\n# the end\n", encoding="utf-8")
    seen.until("10/10", 60)
    after = _sizes_at_rest(seen)
    print(f"{saves} saves in {bursts} bursts: each last one judged")
    for what, old in before.items():
        print(f"  {what}: {old} before, {after[what]} after")


def _cpu(seen: Watched) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in seen.tree())


def _memory(seen: Watched) -> float:
    """Return the MB of it and all below it; what is shared counts once."""
    return sum(process.memory_full_info().pss for process in seen.tree()) / 1e6


def _sizes_at_rest(seen: Watched) -> dict[str, int]:
    _rest(seen, _RESTS)
    tree = seen.tree()
    folders = Path(tempfile.gettempdir()).glob(f"gr-{seen.process.pid}-*")
    return {
        "processes": len([process for process in tree if process.status() != psutil.STATUS_ZOMBIE]),
        "zombies": len([process for process in tree if process.status() == psutil.STATUS_ZOMBIE]),
        "memory, MB": round(_memory(seen)),
        "file descriptors": sum(process.num_fds() for process in _there(tree)),
        "threads": tree[0].num_threads(),
        "folders": len(list(folders)),
    }


def _there(tree: list[psutil.Process]) -> Iterator[psutil.Process]:
    yield from (process for process in tree if process.status() != psutil.STATUS_ZOMBIE)


if __name__ == "__main__":
    main()
