"""Takes threads for computing too (MISTAKES.md 23).

`choose` is right, and `run` does not ask it.

Fails: test_computing_is_done_by_processes
"""

import dataclasses
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


def run(workload, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    if choose(workload) == "neither":
        return [workload.task(item) for item in workload.items]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(workload.task, workload.items))
