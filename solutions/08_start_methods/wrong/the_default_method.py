"""Looks at the name, and then starts processes by the default method.

Fails: test_the_method_is_the_one_asked_for
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    if method not in multiprocessing.get_all_start_methods():
        raise ValueError(method)
    with multiprocessing.Pool(4) as pool:
        return pool.map(square, numbers)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
