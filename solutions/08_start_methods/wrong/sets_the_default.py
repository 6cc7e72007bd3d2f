"""Sets the start method of the whole program.

It stays set, for everybody else in the program too.

Fails: test_the_default_is_left_alone
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    multiprocessing.set_start_method(method, force=True)
    with multiprocessing.Pool(4) as pool:
        return pool.map(square, numbers)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
