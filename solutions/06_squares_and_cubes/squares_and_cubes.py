"""The reference for kata 06: ``python squares_and_cubes.py [delay]``."""

from __future__ import annotations

import sys
import time
from multiprocessing import Process


# Both tasks stand at the top level: a spawned child imports this file and finds them by name.
def print_squares(delay: float) -> None:
    """Print the squares of 1 to 5 as ``Square : n``, each after a wait of `delay` seconds."""
    for number in range(1, 6):
        time.sleep(delay)
        print("Square :", number**2, flush=True)


def print_cubes(delay: float) -> None:
    """Print the cubes of 1 to 5 as ``Cube : n``, each after a wait of `delay` seconds."""
    for number in range(1, 6):
        time.sleep(delay)
        print("Cube :", number**3, flush=True)


def main() -> int:
    """Run both tasks side by side, print the total, and return the exit code."""
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    start = time.perf_counter()
    # The delay travels in args. A global that is set behind the guard would be unknown to a spawned child.
    children = [Process(target=task, args=(delay,)) for task in (print_squares, print_cubes)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"Total : {time.perf_counter() - start:.2f}")
    # An exception in a child ends that child only; all that is left of it here is its exit code.
    return 1 if any(child.exitcode for child in children) else 0


if __name__ == "__main__":  # the child reads this file too, under another name, and must not start children
    sys.exit(main())
