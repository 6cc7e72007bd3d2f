"""Waits until the queue is done, and tells no worker that this was all.

Each call leaves its threads behind, waiting for a task that never comes.

Fails: test_never_more_than_workers_wait_at_once
"""

import queue
import threading
import time


def label_all(numbers, workers=3, delay=1.0):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    tasks = queue.Queue()
    labels = [""] * len(numbers)

    def work():
        while True:
            place = tasks.get()
            time.sleep(delay)
            labels[place] = f"Number: {numbers[place]}"
            tasks.task_done()

    for _ in range(workers):
        threading.Thread(target=work, daemon=True).start()
    for place in range(len(numbers)):
        tasks.put(place)
    tasks.join()
    return labels
