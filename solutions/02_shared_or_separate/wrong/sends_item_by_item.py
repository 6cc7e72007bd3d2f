"""Has the process send items and value one by one, and makes a list of what comes.

All comes from the process, but no process has made the list: this one does.

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


def send(items, value, channel):
    for item in items:
        channel.put(item)
    channel.put(value)


def append_and_send_back(items, value):
    channel = multiprocessing.Queue()
    process = multiprocessing.Process(target=send, args=(items, value, channel))
    process.start()
    result = [channel.get() for _ in range(len(items) + 1)]
    process.join()
    return result
