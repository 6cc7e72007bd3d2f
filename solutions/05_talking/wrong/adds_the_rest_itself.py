"""Cuts the list into parts of equal size, and adds what is left over in the caller.

The sum is right, and up to a part's worth of the numbers is nobody's but the caller's.

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


def sum_by_threads(numbers, workers):
    if workers < 1:
        raise ValueError("at least one worker")
    size = len(numbers) // workers
    results = queue.Queue()
    for i in range(workers):
        threading.Thread(target=work, args=(numbers[i * size : (i + 1) * size], results)).start()
    rest = sum(numbers[workers * size :])
    return rest + sum(results.get() for _ in range(workers))


def sum_by_processes(numbers, workers):
    results = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(part, results)) for part in parts_of(numbers, workers)]
    for p in processes:
        p.start()
    total = sum(results.get() for _ in processes)
    for p in processes:
        p.join()
    return total
