"""Uses threads, which are no processes.

The lines and the time are right; only what the system saw tells that there was one process all along.

Fails: test_two_children_work_side_by_side
"""

import sys
import threading
import time


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
    t1 = threading.Thread(target=print_squares, args=(delay,))
    t2 = threading.Thread(target=print_cubes, args=(delay,))
    t1.start()
    t2.start()
    t1.join()
    t2.join()
    print("Total :", time.time() - start)
