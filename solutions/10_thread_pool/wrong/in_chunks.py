"""Has `ThreadPool.map` cut the numbers into chunks.

With few numbers a chunk is one number. With more, a worker has a whole chunk before it while another has nothing to do.

Fails: test_rounds_follow_from_workers
"""

import time
from multiprocessing.pool import ThreadPool


def label_all(numbers, workers=3, delay=1.0):
    def label(number):
        time.sleep(delay)
        return f"Number: {number}"

    with ThreadPool(workers) as pool:
        return pool.map(label, numbers)
