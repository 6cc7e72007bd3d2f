"""Begins a batch of threads, waits for all of them, begins the next.

With equal waits nobody can tell; but who is done early waits for the slowest of the batch.

Fails: test_no_worker_waits_for_a_slower_one
"""

import threading
import time


def label_all(numbers, workers=3, delay=1.0):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    labels = [""] * len(numbers)

    def label(place):
        time.sleep(delay)
        labels[place] = f"Number: {numbers[place]}"

    for first in range(0, len(numbers), workers):
        places = range(first, min(first + workers, len(numbers)))
        batch = [threading.Thread(target=label, args=(place,)) for place in places]
        for thread in batch:
            thread.start()
        for thread in batch:
            thread.join()
    return labels
