"""Takes the reserve off the machine's CPUs, and compares with the usable ones then.

In a container the machine's are many more, so nothing is left to others.

Fails: test_the_reserve_is_left_to_others
"""

import os


def usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))


def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, os.cpu_count() - reserve, usable()))
