"""Catches the errors that it knows of.

However long the list is, objects may raise what they like.

Fails: test_what_can_be_sent
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    context = multiprocessing.get_context(method)
    with context.Pool(4) as pool:
        return pool.map(square, numbers)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except (pickle.PicklingError, TypeError, AttributeError, ValueError, RuntimeError, LookupError):
        return False
    return True
