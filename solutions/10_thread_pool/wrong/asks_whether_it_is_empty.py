"""Lets each worker ask whether the queue is empty, and take a number if it is not.

In between another worker may take the last one, and then this one waits for ever (seldom, and on the customer's machine).

Fails: test_labels_are_right
"""

import queue
import threading
import time


def label_all(numbers, workers=3, delay=1.0):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    tasks = queue.Queue()
    for place in range(len(numbers)):
        tasks.put(place)
    labels = [""] * len(numbers)

    def work():
        while not tasks.empty():
            place = tasks.get()
            time.sleep(delay)
            labels[place] = f"Number: {numbers[place]}"

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return labels
