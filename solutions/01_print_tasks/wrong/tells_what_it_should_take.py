"""Reads no clock: it returns what the waits should add up to.

The threads are right, and so is the sum as long as nothing else takes time.

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
    print_numbers(delay)
    print_letters(delay)
    return 10 * delay


def run_threaded(delay=2.0):
    numbers = threading.Thread(target=print_numbers, args=(delay,))
    letters = threading.Thread(target=print_letters, args=(delay,))
    numbers.start()
    letters.start()
    numbers.join()
    letters.join()
    return 5 * delay
