"""Sets the start method of the whole program, and sets it back at the end.

Meanwhile it is another one for everybody else in the program.

Fails: test_the_default_is_left_alone
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method(method, force=True)
    try:
        with multiprocessing.Pool(2) as pool:
            return pool.map(square, numbers)
    finally:
        multiprocessing.set_start_method(before, force=True)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
