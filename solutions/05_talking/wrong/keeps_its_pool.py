"""Makes a pool at the first call and keeps it.

Its processes are never ended, and a later call with more workers has those of the first.

Fails: test_processes_add_beside_each_other
"""

import multiprocessing
import queue
import threading
from concurrent.futures import ProcessPoolExecutor


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


pool = None


def sum_by_processes(numbers, workers):
    global pool
    parts = parts_of(numbers, workers)
    if pool is None:
        pool = ProcessPoolExecutor(workers)
    return sum(pool.map(sum, parts))
