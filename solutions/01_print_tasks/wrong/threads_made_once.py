"""Makes the two threads once for all, when the file is loaded.

A thread can be started once, so the second call ends with a RuntimeError.

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
    start = time.perf_counter()
    print_numbers(delay)
    print_letters(delay)
    return time.perf_counter() - start


wait = None
numbers = threading.Thread(target=lambda: print_numbers(wait))
letters = threading.Thread(target=lambda: print_letters(wait))


def run_threaded(delay=2.0):
    global wait
    wait = delay
    start = time.perf_counter()
    numbers.start()
    letters.start()
    numbers.join()
    letters.join()
    return time.perf_counter() - start
