"""Reckons the total from the delay, with a little for the processes.

What it takes to start them, and how long the children really worked, is not in it.

Fails: test_total_is_true_and_last
"""

import sys
import time
from multiprocessing import Process


def print_squares(delay):
    for number in range(1, 6):
        time.sleep(delay)
        print("Square :", number**2, flush=True)


def print_cubes(delay):
    for number in range(1, 6):
        time.sleep(delay)
        print("Cube :", number**3, flush=True)


if __name__ == "__main__":
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    children = [Process(target=task, args=(delay,)) for task in (print_squares, print_cubes)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"Total : {5 * delay + 0.05:.2f}")
