"""Holds a lock while a part is added up.

All threads are there from the start, and each waits until the one before has done its part.

Fails: test_threads_add_beside_each_other
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


def work_alone(part, results, lock):
    with lock:
        results.put(sum(part))


def sum_by_threads(numbers, workers):
    results = queue.Queue()
    lock = threading.Lock()
    threads = [threading.Thread(target=work_alone, args=(part, results, lock)) for part in parts_of(numbers, workers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return sum(results.get() for _ in threads)


def sum_by_processes(numbers, workers):
    results = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(part, results)) for part in parts_of(numbers, workers)]
    for p in processes:
        p.start()
    total = sum(results.get() for _ in processes)
    for p in processes:
        p.join()
    return total
