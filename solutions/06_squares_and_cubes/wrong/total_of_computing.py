"""Measures by `time.process_time`, which counts what this process computes.

The parent computes next to nothing, it waits for its children; so the total is 0.0.

Fails: test_total_is_true_and_last
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
    start = time.process_time()
    p1 = Process(target=print_squares, args=(delay,))
    p2 = Process(target=print_cubes, args=(delay,))
    p1.start()
    p2.start()
    p1.join()
    p2.join()
    print("Total :", round(time.process_time() - start, 2))
