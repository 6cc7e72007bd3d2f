"""Writes `args=(delay)`, which is a number and not a tuple.

Both threads end with a TypeError at their first step. Nobody sees it: join returns as if all were well, and
nothing was printed (MISTAKES.md 2).

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
    start = time.time()
    print_numbers(delay)
    print_letters(delay)
    return time.time() - start


def run_threaded(delay=2.0):
    start = time.time()
    numbers = threading.Thread(target=print_numbers, args=(delay))
    letters = threading.Thread(target=print_letters, args=(delay))
    numbers.start()
    letters.start()
    numbers.join()
    letters.join()
    return time.time() - start
