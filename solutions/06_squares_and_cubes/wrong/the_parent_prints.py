"""Has the children put their lines into a queue, and prints them in the parent.

Each child is to print its own lines.

Fails: test_two_children_work_side_by_side
"""

import sys
import time
from multiprocessing import Process, Queue


def squares(queue, delay):
    for number in range(1, 6):
        time.sleep(delay)
        queue.put(f"Square : {number**2}")


def cubes(queue, delay):
    for number in range(1, 6):
        time.sleep(delay)
        queue.put(f"Cube : {number**3}")


if __name__ == "__main__":
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    start = time.perf_counter()
    queue = Queue()
    children = [Process(target=task, args=(queue, delay)) for task in (squares, cubes)]
    for child in children:
        child.start()
    for _ in range(10):
        print(queue.get())
    for child in children:
        child.join()
    print(f"Total : {time.perf_counter() - start:.2f}")
