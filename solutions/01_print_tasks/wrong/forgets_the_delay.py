"""Waits 2 s whatever `delay` is.

With the default everything looks right; any other delay is not kept.

Fails: test_each_line_follows_a_wait
"""

import threading
import time


def print_numbers(delay=2.0):
    for number in range(5):
        time.sleep(2)
        print("Number :", number)


def print_letters(delay=2.0):
    for letter in "ABCDE":
        time.sleep(2)
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
    numbers.start()
    letters.start()
    numbers.join()
    letters.join()
    return time.time() - start
