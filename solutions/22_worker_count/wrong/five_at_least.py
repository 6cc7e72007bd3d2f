"""Takes five threads at least, since a thread costs little here.

The cap is what the other side can bear: a database that gives out two connections refuses the third.

Fails: test_waiting_takes_a_worker_a_task_up_to_the_cap
"""

import os


def usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def io_workers(tasks, cap=32):
    return max(1, min(tasks, max(cap, 5)))


def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, usable() - reserve))

