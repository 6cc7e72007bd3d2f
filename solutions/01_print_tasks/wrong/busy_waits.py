"""Waits by asking the clock again and again.

The lines come in time, and a core computes all the while for nothing.

Fails: test_two_threads_do_the_waiting
"""

import threading
import time


def wait(delay):
    end = time.perf_counter() + delay
    while time.perf_counter() < end:
        pass


def print_numbers(delay=2.0):
    for number in range(5):
        wait(delay)
        print("Number :", number)


def print_letters(delay=2.0):
    for letter in "ABCDE":
        wait(delay)
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
    numbers.join()
    letters.join()
    return time.perf_counter() - start
