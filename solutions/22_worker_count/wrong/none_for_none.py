"""Gives no workers to no tasks. A pool of none is refused.

Fails: test_no_tasks_take_one_waiting_worker
"""

import os


def usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def io_workers(tasks, cap=32):
    return min(tasks, cap)


def cpu_workers(tasks, reserve=0):
    return min(tasks, max(1, usable() - reserve))
