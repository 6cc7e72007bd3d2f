"""Takes the numbers of the usable CPUs to be in a row, and counts from the least to the greatest.

A process may be given the CPUs 0, 2 and 4: these are three.

Fails: test_only_cpus_of_this_process_count
"""

import os


def usable():
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    mask = os.sched_getaffinity(0)
    return max(mask) - min(mask) + 1


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))



def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, usable() - reserve))

