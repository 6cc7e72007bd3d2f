"""Gives one task to a child and does the other itself.

Lines and time are right, but the kata asks for two child processes.

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
    p1 = Process(target=print_squares, args=(delay,))
    p1.start()
    print_cubes(delay)
    p1.join()
    print("Total :", time.time() - start)
