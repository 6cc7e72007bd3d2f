"""Squares a single number itself, since no process is worth its start.

Who asks for a process of that method may need the number to be handled there, and not here.

Fails: test_one_to_four_other_processes_square
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    context = multiprocessing.get_context(method)
    if len(numbers) == 1:
        return [square(numbers[0])]
    with context.Pool(2) as pool:
        return pool.map(square, numbers)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
