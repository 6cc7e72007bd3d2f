"""Returns at once if there are no items, and looks at `workers` only then.

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
    if not workload.items:
        return []
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    choice = choose(workload)
    if choice == "neither":
        return [workload.task(item) for item in workload.items]
    pool_type = ThreadPoolExecutor if choice == "threads" else ProcessPoolExecutor
    with pool_type(max_workers=workers) as pool:
        return list(pool.map(workload.task, workload.items))
