"""What the sandbox adds to a learner's process: from the request to its end, beside a bare fork that does nothing.

Goal on tier B: ≤ 15 ms more, at the median. Run on an idle machine: ``python -m benchmarks.sandbox_cost``.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.warm_process import SOURCE, ask
from grader.sandbox.launch import Starter
from grader.sandbox.survey import survey

REPEATS = 100
GOAL = 15.0


def bare() -> float:
    """Return the ms that a fork takes which ends at once."""
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Measure both in turn; print medians, the worst, and how busy the machine was."""
    with tempfile.TemporaryDirectory(prefix="gr-") as name:
        folder = Path(name)
        (folder / "answer.py").write_text(SOURCE, encoding="utf-8")
        starter = Starter("real")
        ask(starter, folder, "double", 1)
        rows = [(ask(starter, folder, "double", 21)[1], bare()) for _ in range(REPEATS)]
        starter.close()
    kept, alone = zip(*rows, strict=True)
    more = statistics.median(kept) - statistics.median(alone)
    print(f"{REPEATS} processes, guards of tier {survey().tier}, load {os.getloadavg()[0]:.1f}:", end=" ")
    print(f"median {statistics.median(kept):.1f} ms, worst {max(kept):.1f} ms; a bare fork", end=" ")
    print(f"{statistics.median(alone):.1f} ms; {more:.1f} ms more (goal {GOAL:.0f}: ratio {more / GOAL:.2f})")


if __name__ == "__main__":
    main()
