"""Begins a thread for each number, and lets a semaphore hold them back.

Never more than `workers` wait, but ten thousand numbers are ten thousand threads: what a pool is there to spare.

Fails: test_never_more_than_workers_wait_at_once
"""

import threading
import time


def label_all(numbers, workers=3, delay=1.0):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    places = threading.Semaphore(workers)
    labels = [""] * len(numbers)

    def label(place):
        with places:
            time.sleep(delay)
            labels[place] = f"Number: {numbers[place]}"

    threads = [threading.Thread(target=label, args=(place,)) for place in range(len(numbers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return labels
