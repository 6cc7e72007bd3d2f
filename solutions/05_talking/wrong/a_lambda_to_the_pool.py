"""Hands a lambda to a pool of processes.

A function travels by its name, and a lambda has none to be found by (MISTAKES.md, 27).

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


def sum_by_processes(numbers, workers):
    with multiprocessing.Pool(workers) as pool:
        return sum(pool.map(lambda part: sum(part), parts_of(numbers, workers)))
