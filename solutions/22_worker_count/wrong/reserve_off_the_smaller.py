"""Takes the reserve off the smaller of tasks and CPUs.

Three tasks on 16 CPUs less 2 get one worker, though 14 CPUs are free for them.

Fails: test_the_reserve_is_left_to_others
"""

import os


def usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))


def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, usable()) - reserve)
