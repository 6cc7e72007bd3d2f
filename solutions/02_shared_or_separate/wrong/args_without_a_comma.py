"""Hands the thread `args=(value)`, which is no tuple but the value itself.

The thread ends by a TypeError at once, and the caller learns nothing of it (MISTAKES.md, 2).

Fails: test_a_thread_changes_the_callers_list
"""

import multiprocessing
import threading


def append(items, value):
    items.append(value)


def append_in_thread(items, value):
    thread = threading.Thread(target=items.append, args=(value))
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
