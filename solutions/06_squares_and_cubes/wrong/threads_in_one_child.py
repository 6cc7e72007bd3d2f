"""Does both tasks in one child, by threads; the other child does nothing but wait.

There are two processes, and one of them prints all lines.

Fails: test_two_children_work_side_by_side
"""

import sys
import threading
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


def both(delay):
    threads = [threading.Thread(target=task, args=(delay,)) for task in (print_squares, print_cubes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def wait(delay):
    time.sleep(5 * delay)


if __name__ == "__main__":
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    start = time.perf_counter()
    children = [Process(target=task, args=(delay,)) for task in (both, wait)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"Total : {time.perf_counter() - start:.2f}")
