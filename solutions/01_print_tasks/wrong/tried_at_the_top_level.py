"""Leaves a call that tried the task out at the top level of the file.

It runs whenever the file is imported.

Fails: test_each_line_follows_a_wait
"""

import threading
import time


def print_numbers(delay=2.0):
    for number in range(5):
        time.sleep(delay)
        print("Number :", number)


print_numbers(0.1)


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
    numbers.join()
    letters.join()
    return time.perf_counter() - start
