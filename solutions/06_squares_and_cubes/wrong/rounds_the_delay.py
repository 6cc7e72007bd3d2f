"""Rounds the delay to tenths of a second.

What is asked for is waited: 0.24 s are not 0.2.

Fails: test_each_line_comes_after_a_wait
"""

import sys
import time
from multiprocessing import Process


def show(word, power, delay):
    for number in range(1, 6):
        time.sleep(delay)
        print(f"{word} : {number**power}")


if __name__ == "__main__":
    delay = round(float(sys.argv[1]), 1) if len(sys.argv) > 1 else 1.0
    start = time.perf_counter()
    children = [Process(target=show, args=(*task, delay)) for task in (("Square", 2), ("Cube", 3))]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"Total : {time.perf_counter() - start:.2f}")
