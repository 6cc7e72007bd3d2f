"""Remembers squares from one call to the next.

The second call starts no process, whatever method it asks for, and what is remembered never goes away.

Fails: test_one_to_four_other_processes_square
"""

import multiprocessing
import pickle


def square(number):
    return number * number


known = {}


def square_all(numbers, method):
    context = multiprocessing.get_context(method)
    new = [number for number in numbers if number not in known]
    if new:
        with context.Pool(2) as pool:
            known.update(zip(new, pool.map(square, new)))
    return [known[number] for number in numbers]


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
