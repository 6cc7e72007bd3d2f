"""Prints first and waits afterwards.

The first line comes at once and the last wait is followed by nothing. The whole time is the same, so only the moment
of each line tells.

Fails: test_each_line_follows_a_wait
"""

import threading
import time


def print_numbers(delay=2.0):
    for number in range(5):
        print("Number :", number)
        time.sleep(delay)


def print_letters(delay=2.0):
    for letter in "ABCDE":
        print("Letter :", letter)
        time.sleep(delay)


def run_sequential(delay=2.0):
    start = time.time()
    print_numbers(delay)
    print_letters(delay)
    return time.time() - start


def run_threaded(delay=2.0):
    start = time.time()
    numbers = threading.Thread(target=print_numbers, args=(delay,))
    letters = threading.Thread(target=print_letters, args=(delay,))
    numbers.start()
    letters.start()
    numbers.join()
    letters.join()
    return time.time() - start
