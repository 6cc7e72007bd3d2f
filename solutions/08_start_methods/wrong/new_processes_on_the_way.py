"""Has each process end after 50 numbers, and another take its place.

Two are there at a time, and with many numbers many are started, each a whole Python.

Fails: test_one_to_four_other_processes_square
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def square_all(numbers, method):
    with multiprocessing.get_context(method).Pool(2, maxtasksperchild=50) as pool:
        return pool.map(square, numbers, chunksize=1)


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
