"""Lets the children append to a list.

Each appends to a list of its own (MISTAKES.md, 25).

Fails: test_squares_stand_in_order
"""

import multiprocessing
import pickle


def square(number):
    return number * number


results = []


def work(numbers):
    for number in numbers:
        results.append(number * number)


def square_all(numbers, method):
    context = multiprocessing.get_context(method)
    process = context.Process(target=work, args=(numbers,))
    process.start()
    process.join()
    return results


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
