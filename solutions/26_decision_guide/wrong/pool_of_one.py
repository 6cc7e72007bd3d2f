"""Does tiny work in a pool of one thread, which costs more than the work.

Fails: test_tiny_work_is_done_by_the_caller
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
        workers = 1
    pool_type = ProcessPoolExecutor if choice == "processes" else ThreadPoolExecutor
    with pool_type(max_workers=workers) as pool:
        return list(pool.map(workload.task, workload.items))
