"""Kata 21: factorials, computed by a pool of processes."""

from __future__ import annotations


def factorials(numbers: list[int], workers: int) -> dict[int, int]:
    """Return the factorial of each of `numbers`, computed by at most `workers` other processes at a time.

    The keys stand in the order of the input. Each number is computed once; one that comes more than once is one key.
    Where there are two numbers or more and `workers` is 2 or more, two processes compute at the same time. This process
    computes none of them itself, and what is checked is checked here, before a process is started.

    It works under every start method, so also where a child process imports this file (spawn, forkserver).

    Args:
        numbers: any number of ints, also none. The factorial of 0 is 1; results may have thousands of digits.
        workers: 1 or more.

    Raises:
        ValueError: if a number is negative, or `workers` is less than 1. No process has been started then.
    """
    raise NotImplementedError
