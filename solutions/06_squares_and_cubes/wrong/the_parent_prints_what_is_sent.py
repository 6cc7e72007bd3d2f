"""Has the children send their lines through pipes, and prints them in the parent, under a start method of its own choice.

Each child is to print its own lines, however it was started.

Fails: test_two_children_work_side_by_side
"""

import multiprocessing
import sys
import threading
import time


def squares(pipe, delay):
    for number in range(1, 6):
        time.sleep(delay)
        pipe.send(f"Square : {number**2}")
    pipe.close()


def cubes(pipe, delay):
    for number in range(1, 6):
        time.sleep(delay)
        pipe.send(f"Cube : {number**3}")
    pipe.close()


def show(pipe):
    for _ in range(5):
        print(pipe.recv())


if __name__ == "__main__":
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    context = multiprocessing.get_context("spawn")
    start = time.perf_counter()
    children, readers = [], []
    for task in (squares, cubes):
        here, there = context.Pipe(duplex=False)
        children.append(context.Process(target=task, args=(there, delay)))
        readers.append(threading.Thread(target=show, args=(here,)))
    for each in (*children, *readers):
        each.start()
    for each in (*children, *readers):
        each.join()
    print(f"Total : {time.perf_counter() - start:.2f}")
