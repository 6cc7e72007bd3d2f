"""Sleeps as long as the tasks should take and a hundredth of a second more, in place of a join.

That is long enough wherever a line is written at once (MISTAKES.md 24).

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
    threading.Thread(target=print_letters, args=(delay,)).start()
    time.sleep(5 * delay + 0.01)
    return time.perf_counter() - start
