"""Writes by pickle's oldest protocol, which can be read as text.

It can't write objects with __slots__, which later ones can: processes are sent things by the newest.

Fails: test_what_can_be_sent
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    with multiprocessing.get_context(method).Pool(2) as pool:
        return pool.map(square, numbers)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj, 0))
    except Exception:
        return False
    return True
