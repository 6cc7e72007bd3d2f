"""Takes a pool of threads.

Fails: test_one_to_four_other_processes_square
"""

import multiprocessing
import pickle
from multiprocessing.pool import ThreadPool


def square(number):
    return number * number


def square_all(numbers, method):
    multiprocessing.get_context(method)
    with ThreadPool(4) as pool:
        return pool.map(square, numbers)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
