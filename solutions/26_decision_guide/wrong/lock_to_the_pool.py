"""Hands the workers a lock, to be safe. A lock cannot be sent to a pool (MISTAKES.md 31).

`apply_async` says nothing of it, and nobody asks for its result (MISTAKES.md 20): the list stays empty.

Fails: test_computing_is_done_by_processes
"""

import dataclasses
import multiprocessing
from concurrent.futures import ThreadPoolExecutor


@dataclasses.dataclass(frozen=True)
class Workload:
    kind: str
    task: object
    items: list
    waits: float
    computes: float


def choose(workload):
    total = len(workload.items) * (workload.waits + workload.computes)
    if total < 0.1:
        return "neither"
    if workload.computes > workload.waits:
        return "processes"
    return "threads"


def work(task, place, item, results, lock):
    value = task(item)
    with lock:
        results[place] = value


def run(workload, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    choice = choose(workload)
    if choice == "neither":
        return [workload.task(item) for item in workload.items]
    if choice == "threads":
        with ThreadPoolExecutor(max_workers=workers) as pool:
            return list(pool.map(workload.task, workload.items))
    lock = multiprocessing.Lock()
    with multiprocessing.Manager() as manager, multiprocessing.Pool(workers) as pool:
        results = manager.dict()
        for place, item in enumerate(workload.items):
            pool.apply_async(work, (workload.task, place, item, results, lock))
        pool.close()
        pool.join()
        return [results[place] for place in sorted(results.keys())]
