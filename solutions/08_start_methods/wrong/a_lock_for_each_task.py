"""Sends a Lock along with each number.

A Lock can only be inherited; a pool refuses it (MISTAKES.md, 31).

Fails: test_squares_stand_in_order
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_with_lock(number, lock):
    with lock:
        return number * number


def square_all(numbers, method):
    context = multiprocessing.get_context(method)
    lock = context.Lock()
    with context.Pool(4) as pool:
        return pool.starmap(square_with_lock, [(number, lock) for number in numbers])


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
