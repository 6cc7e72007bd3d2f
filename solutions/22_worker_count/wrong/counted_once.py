"""Counts the usable CPUs at the first call, and remembers them by functools.cache.

What a process may use can change while it runs.

Fails: test_only_cpus_of_this_process_count
"""

import functools
import os


@functools.cache
def usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))



def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, usable() - reserve))

