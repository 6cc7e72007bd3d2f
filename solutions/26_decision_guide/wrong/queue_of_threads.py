"""Lets processes put their results into a `queue.Queue`, which is one of threads (MISTAKES.md 32).

Each process has a copy of it; the parent's stays empty, and `get` waits for ever.

Fails: test_computing_is_done_by_processes
"""

import dataclasses
import queue
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Process


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


def work(task, place, item, results):
    results.put((place, task(item)))


def run(workload, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    choice = choose(workload)
    if choice == "neither":
        return [workload.task(item) for item in workload.items]
    if choice == "threads":
        with ThreadPoolExecutor(max_workers=workers) as pool:
            return list(pool.map(workload.task, workload.items))
    results = queue.Queue()
    processes = [
        Process(target=work, args=(workload.task, place, item, results)) for place, item in enumerate(workload.items)
    ]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return [value for _, value in sorted(found)]
