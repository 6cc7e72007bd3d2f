"""Joins each thread right after it was started.

The second thread is only begun when the first has ended: two threads, and never two at once (MISTAKES.md 3).

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
    for task in (print_numbers, print_letters):
        thread = threading.Thread(target=task, args=(delay,))
        thread.start()
        thread.join()
    return time.time() - start
