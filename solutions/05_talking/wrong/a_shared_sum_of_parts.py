"""Lets each thread add its partial sum to one total, without a lock.

Each does so once only, and what one adds between another's reading and writing is lost all the same (MISTAKES.md, 9).

Fails: test_threads_add_beside_each_other
"""

import multiprocessing
import threading


def parts_of(numbers, workers):
    if workers < 1:
        raise ValueError("at least one worker")
    return [numbers[i::workers] for i in range(workers)]


def work(part, results):
    results.put(sum(part))


def sum_by_threads(numbers, workers):
    total = [0]

    def add(part):
        partial = sum(part)
        total[0] += partial

    threads = [threading.Thread(target=add, args=(part,)) for part in parts_of(numbers, workers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return total[0]


def sum_by_processes(numbers, workers):
    results = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(part, results)) for part in parts_of(numbers, workers)]
    for p in processes:
        p.start()
    total = sum(results.get() for _ in processes)
    for p in processes:
        p.join()
    return total
