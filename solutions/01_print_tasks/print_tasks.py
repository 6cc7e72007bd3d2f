"""The reference for kata 01."""

from __future__ import annotations

import time
from threading import Thread


def print_numbers(delay: float = 2.0) -> None:
    """Print the five lines ``Number : 0`` to ``Number : 4``, one after each wait of `delay` seconds."""
    for number in range(5):
        time.sleep(delay)
        print("Number :", number)


def print_letters(delay: float = 2.0) -> None:
    """Print the five lines ``Letter : A`` to ``Letter : E``, one after each wait of `delay` seconds."""
    for letter in "ABCDE":
        time.sleep(delay)
        print("Letter :", letter)


def run_sequential(delay: float = 2.0) -> float:
    """Run `print_numbers`, then `print_letters`; return the seconds that both took together."""
    start = time.perf_counter()  # process_time would not count the sleeps
    print_numbers(delay)
    print_letters(delay)
    return time.perf_counter() - start


def run_threaded(delay: float = 2.0) -> float:
    """Run both tasks beside each other in two threads; return the seconds until the last has ended."""
    start = time.perf_counter()
    # The function itself and its arguments: the thread makes the call. `(delay,)` is a tuple, `(delay)` a number.
    threads = [Thread(target=task, args=(delay,)) for task in (print_numbers, print_letters)]
    for thread in threads:
        thread.start()
    # A second loop, since a join in the first would let the letters begin only when the numbers have ended.
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


if __name__ == "__main__":
    print(f"one after the other: {run_sequential(0.5):.2f} s")
    print(f"together: {run_threaded(0.5):.2f} s")
