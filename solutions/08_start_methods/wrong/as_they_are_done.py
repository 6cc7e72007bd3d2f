"""Takes the squares as they are done.

Fails: test_squares_stand_in_order
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    context = multiprocessing.get_context(method)
    with context.Pool(4) as pool:
        return list(pool.imap_unordered(square, numbers))


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
