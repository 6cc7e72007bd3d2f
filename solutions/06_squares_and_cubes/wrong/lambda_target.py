"""Gives each process a lambda.

Under fork it is inherited with all the memory; under spawn and forkserver it would have to be pickled, which cannot be
done (MISTAKES.md 27).

Fails: test_runs_under_spawn
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
    p1 = Process(target=lambda: print_squares(delay))
    p2 = Process(target=lambda: print_cubes(delay))
    p1.start()
    p2.start()
    p1.join()
    p2.join()
    print("Total :", time.time() - start)
