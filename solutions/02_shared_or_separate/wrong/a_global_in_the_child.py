"""Lets the child set a global, and reads it in the parent.

The child has globals of its own (MISTAKES.md, 25).

Fails: test_the_new_list_comes_from_a_process
"""

import multiprocessing
import threading


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


result = None


def remember(items, value):
    global result
    result = items + [value]


def append_and_send_back(items, value):
    global result
    result = list(items)
    process = multiprocessing.Process(target=remember, args=(items, value))
    process.start()
    process.join()
    return result
