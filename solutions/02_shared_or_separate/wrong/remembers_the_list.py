"""Remembers the list that came, for the next call with the same arguments.

That one begins no process.

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
    channel.put(items + [value])


known = {}


def append_and_send_back(items, value):
    key = repr((items, value))
    if key in known:
        return list(known[key])
    channel = multiprocessing.Queue()
    process = multiprocessing.Process(target=send, args=(items, value, channel))
    process.start()
    known[key] = channel.get()
    process.join()
    return list(known[key])
