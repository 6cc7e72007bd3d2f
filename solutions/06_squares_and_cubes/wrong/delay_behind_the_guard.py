"""Sets the global `delay` behind the guard and lets the children read it.

A forked child has a copy; a spawned one read this file without the guarded part, and ends with a NameError. The parent
notices nothing and ends with exit code 0 (MISTAKES.md 25 is its neighbour).

Fails: test_runs_under_forkserver
"""

import sys
import time
from multiprocessing import Process


def print_squares():
    for i in range(1, 6):
        time.sleep(delay)
        print("Square :", i * i)


def print_cubes():
    for i in range(1, 6):
        time.sleep(delay)
        print("Cube :", i * i * i)


if __name__ == "__main__":
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    start = time.time()
    p1 = Process(target=print_squares)
    p2 = Process(target=print_cubes)
    p1.start()
    p2.start()
    p1.join()
    p2.join()
    print("Total :", time.time() - start)
