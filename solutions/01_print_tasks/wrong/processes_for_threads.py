"""Begins processes in the place of threads.

The lines come and the time is that of five waits, so for real nothing looks wrong; but no thread did the waiting.

Fails: test_ends_in_under_11_seconds
"""

import multiprocessing
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
    numbers = multiprocessing.Process(target=print_numbers, args=(delay,))
    letters = multiprocessing.Process(target=print_letters, args=(delay,))
    numbers.start()
    letters.start()
    numbers.join()
    letters.join()
    return time.perf_counter() - start
