"""Hands a lambda to a pool of processes.

A function travels by its name, and a lambda has none to be found by (MISTAKES.md, 27).

Fails: test_the_new_list_comes_from_a_process
"""

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor


def append(items, value):
    items.append(value)


def append_in_thread(items, value):
    thread = threading.Thread(target=items.append, args=(value,))
    thread.start()
    thread.join()
    return items


def append_in_process(items, value):
    process = multiprocessing.Process(target=append, args=(items, value))
    process.start()
    process.join()
    return items


def append_and_send_back(items, value):
    with ProcessPoolExecutor() as pool:
        return pool.submit(lambda: items + [value]).result()
