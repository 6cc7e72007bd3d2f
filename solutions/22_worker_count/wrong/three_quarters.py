"""Leaves a quarter of the CPUs to others without being asked to, and returns a float.

A pool refuses 1.5 workers.

Fails: test_computing_takes_a_worker_a_usable_cpu
"""

import os


def usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))


def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, usable() * 0.75 - reserve))
