"""Prints each line, and waits after it.

The first line comes without a wait, and the last wait is for nothing.

Fails: test_each_line_comes_after_a_wait
"""

import sys
import time
from multiprocessing import Process


def print_squares(delay):
    for number in range(1, 6):
        print("Square :", number**2, flush=True)
        time.sleep(delay)


def print_cubes(delay):
    for number in range(1, 6):
        print("Cube :", number**3, flush=True)
        time.sleep(delay)


if __name__ == "__main__":
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    start = time.perf_counter()
    children = [Process(target=task, args=(delay,)) for task in (print_squares, print_cubes)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"Total : {time.perf_counter() - start:.2f}")
