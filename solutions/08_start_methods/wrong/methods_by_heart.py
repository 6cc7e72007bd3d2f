"""Names the start methods by heart, and one is missing.

Fails: test_usable_methods_are_those_of_this_system
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
    return ["fork", "spawn"]


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
