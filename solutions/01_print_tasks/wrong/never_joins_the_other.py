"""Does the letters itself, and doesn't wait for the thread that does the numbers.

They take as long as each other, so nothing is seen of it as a rule.

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


def run_threaded(delay=2.0):
    start = time.perf_counter()
    threading.Thread(target=print_numbers, args=(delay,)).start()
    print_letters(delay)
    return time.perf_counter() - start
