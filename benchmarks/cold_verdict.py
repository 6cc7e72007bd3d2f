"""How long a cold ``run 01 --only-bubble`` takes, beside ``import pytest`` in the same run.

Goal: at most 1.5 × ``python -c "import pytest"`` + 0.3 s. Run: ``python -m benchmarks.cold_verdict``.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 15


def seconds(*command: str) -> float:
    """Return the wall seconds of one run of `command`."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Measure both in turn and print medians and their ratio."""
    answer = ("--answer", str(ROOT / "solutions/01_print_tasks/print_tasks.py"))
    imports, verdicts = [], []
    for _ in range(REPEATS):
        imports.append(seconds("-c", "import pytest"))
        verdicts.append(seconds("-m", "grader", "run", "01", "--only-bubble", *answer))
    base, ours = statistics.median(imports), statistics.median(verdicts)
    goal = 1.5 * base + 0.3
    print(f"import pytest {base:.3f} s, verdict {ours:.3f} s, goal {goal:.3f} s: ratio {ours / goal:.2f}")


if __name__ == "__main__":
    main()
