"""Kata 22: how many workers a pool should have.

Both functions only count: they start nothing, and change nothing.
"""

from __future__ import annotations


def io_workers(tasks: int, cap: int = 32) -> int:
    """Return how many threads to take for `tasks` tasks that wait: one for each, up to `cap`, and at least 1.

    Args:
        tasks: 0 or more.
        cap: what the other side can bear; 1 or more.
    """
    raise NotImplementedError


def cpu_workers(tasks: int, reserve: int = 0) -> int:
    """Return how many processes to take for `tasks` tasks that compute.

    One for each task, but no more than the usable CPUs less `reserve`, and at least 1, whatever `reserve` is.

    Usable are the CPUs that *this process* may use at the time of the call. Those may be fewer than the machine has: an
    administrator, a batch system or a container can give a process some of them (its affinity mask). Where the system
    knows no such mask (macOS), all are usable, and one if nobody can tell how many there are. Quotas of CPU time are
    left out of account. Ask by Python's own functions: no program, process or thread is started for it.

    Args:
        tasks: 0 or more.
        reserve: CPUs to leave to others; 0 or more.
    """
    raise NotImplementedError
