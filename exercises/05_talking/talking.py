"""Kata 05: share a sum among workers, and bring the parts together."""

from __future__ import annotations


def sum_by_threads(numbers: list[int], workers: int) -> int:
    """Return the sum of `numbers`, whose parts are added up by threads beside each other.

    Each number is added by one of the threads, in each call anew, and none by the caller. The partial sums come back to
    the caller, through a queue for example, or as a pool's results, and the caller adds those up. Adding may take as
    long as it likes. When the sum is returned, the threads end: none is kept.

    Args:
        numbers: ints of any size, in any number, also none (then the sum is 0). The list is left as it is.
        workers: how many threads to share the work among, at least 1; there may be more than numbers. Where there are
            many times as many numbers, all of these threads, and no more, are at work at the same time, and have about
            as many numbers each.

    Raises:
        ValueError: if `workers` is less than 1.
    """
    raise NotImplementedError


def sum_by_processes(numbers: list[int], workers: int) -> int:
    """Return the sum of `numbers`, whose parts are added up by processes beside each other.

    As `sum_by_threads`, with processes for threads, also where there is one worker, or one number. Partial sums travel
    through a pipe or queue of `multiprocessing`, or as a pool's results; they may be larger than a pipe can hold.

    Args:
        numbers: as there.
        workers: how many processes to share the work among, at least 1; there may be more than numbers.

    Raises:
        ValueError: if `workers` is less than 1.
    """
    raise NotImplementedError
