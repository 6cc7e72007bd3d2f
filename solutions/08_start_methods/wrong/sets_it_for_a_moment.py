"""Sets the start method of the whole program while the pool begins, and sets it back before any number is sent.

Another thread that starts a process in that moment gets the wrong method.

Fails: test_the_default_is_left_alone
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method(method, force=True)
    try:
        pool = multiprocessing.Pool(2)
    finally:
        multiprocessing.set_start_method(before, force=True)
    with pool:
        return pool.map(square, numbers)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
