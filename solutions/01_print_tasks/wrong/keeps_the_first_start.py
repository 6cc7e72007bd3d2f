"""Keeps the start of the first call in a global, for all calls that follow.

What a second call returns is the time since the first began.

Fails: test_the_returned_seconds_are_true
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


start = None


def run_sequential(delay=2.0):
    global start
    start = start or time.perf_counter()
    print_numbers(delay)
    print_letters(delay)
    return time.perf_counter() - start


def run_threaded(delay=2.0):
    start = time.perf_counter()
    numbers = threading.Thread(target=print_numbers, args=(delay,))
    letters = threading.Thread(target=print_letters, args=(delay,))
    numbers.start()
    letters.start()
    numbers.join()
    letters.join()
    return time.perf_counter() - start
