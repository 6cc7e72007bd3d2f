"""Has no `if __name__ == "__main__"`.

Under spawn each child reads this file, comes to start() and is refused with a RuntimeError; the parent prints its
total and ends with exit code 0. Under fork all is well, which is why so many leave it out (MISTAKES.md 26).

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


delay = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
start = time.time()
p1 = Process(target=print_squares, args=(delay,))
p2 = Process(target=print_cubes, args=(delay,))
p1.start()
p2.start()
p1.join()
p2.join()
print("Total :", time.time() - start)
