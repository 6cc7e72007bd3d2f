"""Adds the value by `+=` if it is a list.

Its items are appended then, one by one, and not the list itself.

Fails: test_a_thread_changes_the_callers_list
"""

import multiprocessing
import threading


def append(items, value):
    items += value if isinstance(value, list) else [value]


def append_in_thread(items, value):
    thread = threading.Thread(target=append, args=(items, value))
    thread.start()
    thread.join()
    return items


def append_in_process(items, value):
    process = multiprocessing.Process(target=append, args=(items, value))
    process.start()
    process.join()
    return items


def send(items, value, channel):
    channel.put(items + [value])


def append_and_send_back(items, value):
    channel = multiprocessing.Queue()
    process = multiprocessing.Process(target=send, args=(items, value, channel))
    process.start()
    result = channel.get()
    process.join()
    return result
