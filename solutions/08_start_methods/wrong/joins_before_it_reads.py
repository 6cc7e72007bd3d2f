"""Waits for the end of the process before it reads what that has put into the queue.

As long as the results fit into the pipe nothing is seen of it; with more of them both wait for ever (MISTAKES.md, 28).

Fails: test_one_to_four_other_processes_square
"""

import multiprocessing
import pickle


def square(number):
    return number * number


def work(numbers, results):
    results.put([square(number) for number in numbers])


def square_all(numbers, method):
    context = multiprocessing.get_context(method)
    results = context.Queue()
    process = context.Process(target=work, args=(numbers, results))
    process.start()
    process.join()
    return results.get()


def usable_methods():
    return multiprocessing.get_all_start_methods()


def is_sendable(obj):
    try:
        pickle.loads(pickle.dumps(obj))
    except Exception:
        return False
    return True
