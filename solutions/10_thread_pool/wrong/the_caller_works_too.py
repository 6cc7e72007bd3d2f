"""Begins one thread less, since the calling thread works as well.

The time is right; but the labels are to be made by the pool, and a caller that waits for one can't look after the others.

Fails: test_never_more_than_workers_wait_at_once
"""

import queue
import threading
import time


def label_all(numbers, workers=3, delay=1.0):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    tasks = queue.SimpleQueue()
    for place in range(len(numbers)):
        tasks.put(place)
    labels = [""] * len(numbers)

    def work():
        while True:
            try:
                place = tasks.get_nowait()
            except queue.Empty:
                return
            time.sleep(delay)
            labels[place] = f"Number: {numbers[place]}"

    threads = [threading.Thread(target=work) for _ in range(workers - 1)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()
    return labels
