"""Kata 20: the same computation in threads and in processes."""

from __future__ import annotations


def count_primes(limit: int) -> int:
    """Return how many primes are less than `limit`: 4 for 10 (2, 3, 5, 7), 0 for 2 and less.

    How is up to you; counting in plain Python is what this kata is about.
    """
    raise NotImplementedError


def with_threads(limits: list[int]) -> list[int]:
    """Return `count_primes` of each of `limits`, in their order, computed by threads of this process.

    The work is spread over threads that are begun beside each other; no other process takes part.

    Args:
        limits: any number of limits, also none; the same one may come twice.
    """
    raise NotImplementedError


def with_processes(limits: list[int]) -> list[int]:
    """Return `count_primes` of each of `limits`, in their order, computed by other processes.

    This process computes none of them itself. Where there are two limits or more, the work is spread over at least two
    processes that compute beside each other, whatever the number of cores.

    Args:
        limits: any number of limits, also none; the same one may come twice.
    """
    raise NotImplementedError
