"""The reference for kata 22."""

from __future__ import annotations

import os


def io_workers(tasks: int, cap: int = 32) -> int:
    """Return how many threads to take for `tasks` tasks that wait."""
    return max(1, min(tasks, cap))


def cpu_workers(tasks: int, reserve: int = 0) -> int:
    """Return how many processes to take for `tasks` tasks that compute."""
    return max(1, min(tasks, _usable_cpus() - reserve))  # at least 1 comes last, whatever the reserve


def _usable_cpus() -> int:
    """Return how many CPUs this process may use now: what `os.process_cpu_count` says from Python 3.13 on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # it is None where nobody can tell
