"""Takes the reserve off the workers instead of the CPUs.

With one task and one CPU to spare nobody works.

Fails: test_the_reserve_is_left_to_others
"""

import os


def usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))


def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, usable())) - reserve
