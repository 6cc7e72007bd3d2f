"""Hands a Lock to a Pool's `apply_async`, and never calls `get`.

A Lock can't be sent to a Pool's worker. That error is kept in a result that nobody looks at (MISTAKES.md, 31 and 20).

Fails: test_processes_find_the_sum
"""

import multiprocessing
import queue
import threading


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


def add(part, totals, lock):
    with lock:
        totals.append(sum(part))


def sum_by_processes(numbers, workers):
    parts = parts_of(numbers, workers)
    lock = multiprocessing.Lock()
    with multiprocessing.Manager() as manager:
        totals = manager.list()
        with multiprocessing.Pool(workers) as pool:
            for part in parts:
                pool.apply_async(add, (part, totals, lock))
            pool.close()
            pool.join()
        return sum(totals)
