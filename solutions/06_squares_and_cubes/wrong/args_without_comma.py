"""Writes `args=(delay)`, which is a number and not a tuple.

`Process` makes a tuple of its args at once, so this one raises in the parent (a thread would fail unseen, MISTAKES.md 2).

Fails: test_runs_under_fork
"""

import sys
import time
from multiprocessing import Process


def print_squares(delay):
    for i in range(1, 6):
        time.sleep(delay)
        print("Square :", i * i)


def print_cubes(delay):
    for i in range(1, 6):
        time.sleep(delay)
        print("Cube :", i * i * i)


if __name__ == "__main__":
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    start = time.time()
    p1 = Process(target=print_squares, args=(delay))
    p2 = Process(target=print_cubes, args=(delay))
    p1.start()
    p2.start()
    p1.join()
    p2.join()
    print("Total :", time.time() - start)
