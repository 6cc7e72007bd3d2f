"""Puts the list together itself and has the process send it back.

The process gets the finished list, and has nothing to append.

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


def send(result, channel):
    channel.put(result)


def append_and_send_back(items, value):
    channel = multiprocessing.Queue()
    process = multiprocessing.Process(target=send, args=(items + [value], channel))
    process.start()
    result = channel.get()
    process.join()
    return result
