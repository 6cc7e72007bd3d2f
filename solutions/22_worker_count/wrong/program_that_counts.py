"""Has the program nproc count, and sees to it that OMP_NUM_THREADS does not mislead it.

Starting a program takes a thousand times as long as asking, and not every system has this one.

Fails: test_computing_takes_a_worker_a_usable_cpu
"""

import os
import subprocess


def usable():
    others = {name: value for name, value in os.environ.items() if not name.startswith("OMP")}
    return int(subprocess.run(["nproc"], capture_output=True, env=others).stdout)


def io_workers(tasks, cap=32):
    return max(1, min(tasks, cap))



def cpu_workers(tasks, reserve=0):
    return max(1, min(tasks, usable() - reserve))

