"""Does batch after batch, with a new pool for each.

The slowest item of a batch holds up all workers, while there is still much to do.

Fails: test_waiting_is_done_by_threads
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
    for begin in range(0, len(workload.items), workers):
        with pool_type(max_workers=workers) as pool:
            results += pool.map(workload.task, workload.items[begin : begin + workers])
    return results
