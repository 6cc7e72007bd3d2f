"""Kata 05: share a sum among workers, and bring the parts together."""

from __future__ import annotations


def sum_by_threads(numbers: list[int], workers: int) -> int:
    """Return the sum of `numbers`, whose parts are added up by threads beside each other.

    Each number is added by one of the threads, and none by the caller. The partial sums come back through a queue, or
    as a pool's results, and the caller adds those up. Where there are numbers enough, at least two of the threads are
    at work at the same time. Adding may take as long as it likes.

    Args:
        numbers: ints of any size, in any number, also none (then the sum is 0).
        workers: how many threads to share the work among, at least 1; there may be more than numbers.

    Raises:
        ValueError: if `workers` is less than 1.
    """
    raise NotImplementedError


def sum_by_processes(numbers: list[int], workers: int) -> int:
    """Return the sum of `numbers`, whose parts are added up by processes beside each other.

    As `sum_by_threads`, with processes for threads. Partial sums travel through a pipe or queue of `multiprocessing`,
    or as a pool's results; they may be larger than a pipe can hold.

    Args:
        numbers: as there.
        workers: how many processes to share the work among, at least 1; there may be more than numbers.

    Raises:
        ValueError: if `workers` is less than 1.
    """
    raise NotImplementedError
