"""Has the slower child print the total: it waits for the other by an event.

That is not yet the end of either child, and what the end costs is not measured. The parent knows it, by join.

Fails: test_two_children_work_side_by_side
"""

import sys
import time
from multiprocessing import Event, Process


def squares(delay, done):
    for number in range(1, 6):
        time.sleep(delay)
        print(f"Square : {number**2}")
    sys.stdout.flush()
    done.set()


def cubes(delay, done, start):
    for number in range(1, 6):
        time.sleep(delay)
        print(f"Cube : {number**3}")
    done.wait()
    print(f"Total : {time.monotonic() - start:.2f}")


if __name__ == "__main__":
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    done = Event()
    start = time.monotonic()
    children = [
        Process(target=squares, args=(delay, done)),
        Process(target=cubes, args=(delay, done, start)),
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
