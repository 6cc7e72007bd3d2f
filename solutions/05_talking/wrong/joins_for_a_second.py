"""Gives each process a second to end, and fetches what has come by then.

So nothing hangs, and what takes longer is lost (MISTAKES.md, 18 and 24).

Fails: test_processes_add_beside_each_other
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
    results = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(part, results)) for part in parts_of(numbers, workers)]
    for p in processes:
        p.start()
    for p in processes:
        p.join(timeout=1)
    total = 0
    while not results.empty():
        total += results.get()
    return total
