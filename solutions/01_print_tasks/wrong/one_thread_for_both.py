"""Lets one thread do both tasks, a line of each in turn.

The output looks right, and so does the time. Nothing waits beside anything else.

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
    start = time.perf_counter()
    print_numbers(delay)
    print_letters(delay)
    return time.perf_counter() - start


def both(delay):
    for number, letter in enumerate("ABCDE"):
        time.sleep(delay)
        print("Number :", number)
        print("Letter :", letter)


def run_threaded(delay=2.0):
    start = time.perf_counter()
    thread = threading.Thread(target=both, args=(delay,))
    thread.start()
    thread.join()
    return time.perf_counter() - start
