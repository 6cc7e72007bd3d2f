"""The authors' proof again and again with every core loaded: how often is a verdict wrong?

Each round grades every reference and every stub in all checks, and each wrong answer in the checks that it names.
Goal: no fault in 20 rounds. Run: ``python -m benchmarks.repeated [ROUNDS [KATA]...]``.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from grader import check, course

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Load every core, repeat the proof, and print what went wrong in each round and in all."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    whole = course.load(ROOT)
    katas = whole.find(sys.argv[2:])
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    wrong = 0
    try:
        for number in range(1, rounds + 1):
            began = time.perf_counter()
            faults = check.prove(whole, katas, lambda _: None)
            wrong += len(faults)
            print(f"round {number}: {len(faults)} faults, {time.perf_counter() - began:.0f} s", flush=True)
            for fault in faults:
                print(f"  {fault}", flush=True)
    finally:
        for burner in burners:
            burner.kill()
    answers = sum(2 + len(kata.wrong_answers()) for kata in katas)
    print(f"{rounds} rounds of {answers} answers: {wrong} wrong verdicts")


if __name__ == "__main__":
    main()
