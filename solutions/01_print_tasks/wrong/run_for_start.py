"""Calls `run()` where `start()` is meant.

`run()` is what the new thread would call; called by hand it is an ordinary function and runs in the caller
(MISTAKES.md 5).

Fails: test_two_threads_do_the_waiting
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
    numbers = threading.Thread(target=print_numbers, args=(delay,))
    letters = threading.Thread(target=print_letters, args=(delay,))
    numbers.run()
    letters.run()
    return time.time() - start
