"""Makes a Timer, which is a thread, for each of the ten lines.

The lines come in time, but no thread does a task: each waits once, for a line of its own.

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


def run_threaded(delay=2.0):
    start = time.perf_counter()
    timers = []
    for number, letter in enumerate("ABCDE"):
        for line in (f"Number : {number}", f"Letter : {letter}"):
            timers.append(threading.Timer(delay * (number + 1), print, args=(line,)))
    for timer in timers:
        timer.start()
    for timer in timers:
        timer.join()
    return time.perf_counter() - start
