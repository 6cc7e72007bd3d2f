"""Computes the square in the arguments of the call.

So it is computed here, and the pool carries it to and fro (MISTAKES.md, 1).

Fails: test_one_to_four_other_processes_square
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    context = multiprocessing.get_context(method)
    with context.Pool(4) as pool:
        return [pool.apply(int, (number * number,)) for number in numbers]


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
