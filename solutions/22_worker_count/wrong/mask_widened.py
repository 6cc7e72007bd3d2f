"""Takes hold of all CPUs once it has counted those that it was given.

The administrator gave it some on purpose, and the next call counts others.

Fails: test_only_cpus_of_this_process_count
"""

import os


def usable():
    if not hasattr(os, "sched_setaffinity"):
        return os.cpu_count() or 1
    mask = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, range(os.cpu_count()))
    except OSError:
        pass
    return len(mask)


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))



def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, usable() - reserve))

