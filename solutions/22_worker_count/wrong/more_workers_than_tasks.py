"""Takes all CPUs, whatever there is to do.

Processes without a task cost what it costs to begin them.

Fails: test_computing_takes_a_worker_a_usable_cpu
"""

import os


def usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))


def cpu_workers(tasks, reserve=0):
    return max(1, usable() - reserve)
