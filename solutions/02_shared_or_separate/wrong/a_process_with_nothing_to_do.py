"""Begins a process that gets neither the list nor the value.

What comes back is right, since nothing is to change here; but nobody has appended anything.

Fails: test_a_process_changes_a_copy
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
    process = multiprocessing.Process(target=int)
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
