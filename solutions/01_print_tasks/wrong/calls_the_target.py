"""Writes `target=print_numbers(delay)`.

The brackets call the task at once, in the calling thread; the thread is given the None that came back and has
nothing to do (MISTAKES.md 1).

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
    numbers = threading.Thread(target=print_numbers(delay))
    letters = threading.Thread(target=print_letters(delay))
    numbers.start()
    letters.start()
    numbers.join()
    letters.join()
    return time.time() - start
