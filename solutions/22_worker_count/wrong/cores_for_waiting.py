"""Takes no more threads than there are cores and four, for waiting too.

A thread that waits needs no core. On two cores a hundred downloads go six by six.

Fails: test_waiting_takes_a_worker_a_task_up_to_the_cap
"""

import os


def usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap, usable() + 4))


def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, usable() - reserve))
