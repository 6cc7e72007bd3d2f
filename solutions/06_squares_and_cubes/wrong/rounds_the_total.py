"""Rounds the total to whole seconds.

Two tasks of 2.5 s each then take 3 s, or 2.

Fails: test_total_is_true_and_last
"""

import multiprocessing
import sys
import time


def print_squares(delay):
    for number in range(1, 6):
        time.sleep(delay)
        print("Square :", number**2)


def print_cubes(delay):
    for number in range(1, 6):
        time.sleep(delay)
        print("Cube :", number**3)


if __name__ == "__main__":
    wait = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    start = time.perf_counter()
    squares = multiprocessing.Process(target=print_squares, args=(wait,))
    cubes = multiprocessing.Process(target=print_cubes, args=(wait,))
    squares.start()
    cubes.start()
    squares.join()
    cubes.join()
    print(f"Total : {round(time.perf_counter() - start)}")
