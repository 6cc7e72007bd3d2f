"""Kata 06: a script whose two child processes work side by side.

It is run as ``python squares_and_cubes.py [delay]``, on a machine where the start method of processes may be
any of spawn, forkserver and fork. Here is what it must do; how you cut it into functions is up to you, and the
two below are a proposal.

*   One child process prints ``Square : 1``, ``Square : 4``, ``Square : 9``, ``Square : 16``, ``Square : 25``;
    another prints ``Cube : 1``, ``Cube : 8``, ``Cube : 27``, ``Cube : 64``, ``Cube : 125``. Each waits `delay`
    seconds before each of its lines: five waits, five lines. Both are at work at the same time.
*   `delay` is the first word of the command line after the script's name, in seconds, a decimal fraction;
    without it 1.0.
*   When both have ended, the parent prints ``Total : 5.03``: the seconds from before the first child was started
    until both had ended, measured, with at least one decimal. That is the last line of the output.
*   The script ends with exit code 0 when all went well.
"""

from __future__ import annotations


def print_squares(delay: float) -> None:
    """Print the squares of 1 to 5 as ``Square : n``, each after a wait of `delay` seconds."""
    raise NotImplementedError


def print_cubes(delay: float) -> None:
    """Print the cubes of 1 to 5 as ``Cube : n``, each after a wait of `delay` seconds."""
    raise NotImplementedError


# your code: read the delay, run both tasks in processes of their own, print the total
