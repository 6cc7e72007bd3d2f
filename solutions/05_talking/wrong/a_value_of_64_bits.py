"""Adds the parts to a shared `Value`, with its lock.

It is a C number of 64 bits, and larger sums are cut without a word.

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


def add(part, total):
    result = sum(part)
    with total.get_lock():
        total.value += result


def sum_by_processes(numbers, workers):
    total = multiprocessing.Value("q", 0)
    processes = [multiprocessing.Process(target=add, args=(part, total)) for part in parts_of(numbers, workers)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    return total.value
