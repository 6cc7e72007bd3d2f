"""Takes a ThreadPool for a pool of processes.

Fails: test_processes_add_beside_each_other
"""

import queue
import threading
from multiprocessing.pool import ThreadPool


def parts_of(numbers, workers):
    if workers < 1:
        raise ValueError("at least one worker")
    return [numbers[i::workers] for i in range(workers)]


def work(part, results):
    results.put(sum(part))


def sum_by_threads(numbers, workers):
    results = queue.Queue()
    threads = [threading.Thread(target=work, args=(part, results)) for part in parts_of(numbers, workers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return sum(results.get() for _ in threads)


def sum_by_processes(numbers, workers):
    with ThreadPool(workers) as pool:
        return sum(pool.map(sum, parts_of(numbers, workers)))
