"""Keeps a pool of threads for all calls.

The value has been appended when the function returns, but the pool's thread waits for more work and never ends.

Fails: test_a_thread_changes_the_callers_list
"""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

POOL = ThreadPoolExecutor(1)


def append(items, value):
    items.append(value)


def append_in_thread(items, value):
    POOL.submit(items.append, value).result()
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
