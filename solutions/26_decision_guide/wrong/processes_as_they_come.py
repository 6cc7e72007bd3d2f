"""Collects what processes bring as it comes; what threads bring is in order.

Fails: test_computing_is_done_by_processes
"""

import dataclasses
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed


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
    with pool_type(max_workers=workers) as pool:
        if choice == "threads":
            return list(pool.map(workload.task, workload.items))
        futures = [pool.submit(workload.task, item) for item in workload.items]
        return [future.result() for future in as_completed(futures)]
