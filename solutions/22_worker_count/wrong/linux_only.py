"""Asks for the mask wherever it runs. macOS and Windows have no such function.

Fails: test_computing_takes_a_worker_a_usable_cpu
"""

import os


def usable():
    return len(os.sched_getaffinity(0))


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))



def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, usable() - reserve))

