"""Adds each number to a shared `Value`, without its lock.

What one process adds between another's reading and writing is lost (MISTAKES.md, 29). And it has but 64 bits.

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


def add(part, total):
    for number in part:
        total.value += number


def sum_by_processes(numbers, workers):
    total = multiprocessing.Value("q", 0)
    processes = [multiprocessing.Process(target=add, args=(part, total)) for part in parts_of(numbers, workers)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    return total.value
