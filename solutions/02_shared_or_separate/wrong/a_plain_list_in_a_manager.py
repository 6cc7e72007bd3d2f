"""Changes a plain list within a manager's dict.

What is taken out of the dict is a copy, and the change is lost (MISTAKES.md, 30).

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


def change(shared, value):
    shared["items"].append(value)


def append_and_send_back(items, value):
    with multiprocessing.Manager() as manager:
        shared = manager.dict(items=items)
        process = multiprocessing.Process(target=change, args=(shared, value))
        process.start()
        process.join()
        return shared["items"]
