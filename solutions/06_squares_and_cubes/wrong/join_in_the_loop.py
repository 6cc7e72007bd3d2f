"""Joins each process right after it was started.

The cubes begin when the squares have ended, so it takes the time of two tasks (MISTAKES.md 3).

Fails: test_two_children_work_side_by_side
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
    for task in (print_squares, print_cubes):
        process = Process(target=task, args=(delay,))
        process.start()
        process.join()
    print("Total :", time.time() - start)
