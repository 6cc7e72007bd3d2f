"""Lets the processes add to a global.

Each has a global of its own; that of the caller stays 0 (MISTAKES.md, 25).

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


total = 0


def add(part):
    global total
    total += sum(part)


def sum_by_processes(numbers, workers):
    global total
    total = 0
    processes = [multiprocessing.Process(target=add, args=(part,)) for part in parts_of(numbers, workers)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    return total
