"""Waits for the processes before it fetches what they have sent.

Small sums fit into the pipe. With a large one the process can't end before somebody reads (MISTAKES.md, 28).

Fails: test_large_messages_come_through
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
        p.join()
    return sum(results.get() for _ in processes)
