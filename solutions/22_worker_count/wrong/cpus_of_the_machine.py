"""Counts the CPUs of the machine, as most tutorials do.

In a container that was given 2 of 64 that makes 64 processes, which take turns on two CPUs.

Fails: test_only_cpus_of_this_process_count
"""

import os


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))


def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, os.cpu_count() - reserve))
