"""Takes what `join` returns for the thread's result.

`start` and `join` return None (MISTAKES.md, 7).

Fails: test_a_thread_changes_the_callers_list
"""

import multiprocessing
import threading


def append(items, value):
    items.append(value)


def append_in_thread(items, value):
    thread = threading.Thread(target=items.append, args=(value,))
    thread.start()
    return thread.join()


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
