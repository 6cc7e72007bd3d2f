"""Doesn't say how many processes it wants, and gets as many as the machine has CPUs.

On a small machine nothing is seen of it.

Fails: test_one_to_four_other_processes_square
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    with multiprocessing.get_context(method).Pool() as pool:
        return pool.map(square, numbers)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
