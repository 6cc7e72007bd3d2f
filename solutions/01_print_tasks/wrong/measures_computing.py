"""Measures by `time.process_time`, which stands still while a thread sleeps.

The work is right and the time that is told is nearly zero.

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


def run_sequential(delay=2.0):
    start = time.process_time()
    print_numbers(delay)
    print_letters(delay)
    return time.process_time() - start


def run_threaded(delay=2.0):
    start = time.process_time()
    numbers = threading.Thread(target=print_numbers, args=(delay,))
    letters = threading.Thread(target=print_letters, args=(delay,))
    numbers.start()
    letters.start()
    numbers.join()
    letters.join()
    return time.process_time() - start
