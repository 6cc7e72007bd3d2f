"""Keeps a pool for each method, for the next call.

Its processes stay there for as long as the program runs, and nobody can end them.

Fails: test_one_to_four_other_processes_square
"""

import multiprocessing
import pickle


def square(number):
    return number * number


pools = {}


def square_all(numbers, method):
    if method not in pools:
        pools[method] = multiprocessing.get_context(method).Pool(2)
    return pools[method].map(square, numbers)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
