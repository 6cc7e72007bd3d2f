"""Gives each worker its share in advance: every third number.

With equal waits nobody can tell. Who has a slow number in his share keeps the rest of it, while the others are done.

Fails: test_no_worker_waits_for_a_slower_one
"""

import threading
import time


def label_all(numbers, workers=3, delay=1.0):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    labels = [""] * len(numbers)

    def work(first):
        for place in range(first, len(numbers), workers):
            time.sleep(delay)
            labels[place] = f"Number: {numbers[place]}"

    threads = [threading.Thread(target=work, args=(first,)) for first in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return labels
