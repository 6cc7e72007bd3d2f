"""Does it itself, in a loop, if there is one item or one worker.

`choose` said "processes". The work may crash, or be in the way of a window that has to answer: then it does so here.

Fails: test_computing_is_done_by_processes
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
    if choice == "neither" or workers == 1 or len(workload.items) == 1:
        return [workload.task(item) for item in workload.items]
    pool_type = ThreadPoolExecutor if choice == "threads" else ProcessPoolExecutor
    with pool_type(max_workers=workers) as pool:
        return list(pool.map(workload.task, workload.items))
