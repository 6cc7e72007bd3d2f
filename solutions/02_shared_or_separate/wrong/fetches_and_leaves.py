"""Fetches the list and returns, without a join.

The process has sent all that it had to send, and has not ended yet.

Fails: test_nothing_is_left_running
"""

import multiprocessing
import threading


def append(items, value):
    items.append(value)


def send(results, items, value):
    results.put([*items, value])


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
    results = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=send, args=(results, items, value))
    process.start()
    return results.get()
