"""Prints what a task raises, and goes on as if nothing had been (see MISTAKES.md 8 and 37).

The caller gets a list with a hole in it.

Fails: test_errors_come_to_the_caller
"""

import dataclasses
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


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


def run(workload, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    choice = choose(workload)
    if choice == "neither":
        return [workload.task(item) for item in workload.items]
    pool_type = ThreadPoolExecutor if choice == "threads" else ProcessPoolExecutor
    results = []
    with pool_type(max_workers=workers) as pool:
        futures = [pool.submit(workload.task, item) for item in workload.items]
        for future in futures:
            try:
                results.append(future.result())
            except Exception as error:
                print("a task failed:", error)
                results.append(None)
    return results
