"""Returns early where there are no numbers, before it has looked at the method.

Fails: test_an_unknown_method_is_an_error
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    if not numbers:
        return []
    context = multiprocessing.get_context(method)
    with context.Pool(4) as pool:
        return pool.map(square, numbers)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
