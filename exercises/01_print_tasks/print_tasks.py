"""Kata 01: two tasks that mostly wait, first one after the other, then together.

The lesson is in README.md beside this file, hints are in hints.md. When you think that you are done:
``python -m grader run 01``.
"""

from __future__ import annotations


def print_numbers(delay: float = 2.0) -> None:
    """Print the five lines ``Number : 0`` to ``Number : 4``, one after each wait.

    Wait, print the first line, wait, print the second, and so on: five waits, five lines.

    Args:
        delay: seconds to wait before each line, any number from 0 on.
    """
    raise NotImplementedError


def print_letters(delay: float = 2.0) -> None:
    """Print the five lines ``Letter : A`` to ``Letter : E``, one after each wait.

    Args:
        delay: seconds to wait before each line, any number from 0 on.
    """
    raise NotImplementedError


def run_sequential(delay: float = 2.0) -> float:
    """Run `print_numbers`, and when it has ended `print_letters`.

    Args:
        delay: seconds, handed on to both tasks.

    Returns:
        The seconds that both took together, measured by a clock and not rounded.
    """
    raise NotImplementedError


def run_threaded(delay: float = 2.0) -> float:
    """Run `print_numbers` and `print_letters` beside each other, each in a thread of its own.

    A task's thread does all its waits and prints all its lines. The calling thread may be one of the two. Both tasks
    have ended when this returns, the last of them no more than a hundredth of a second before.

    Args:
        delay: seconds, handed on to both tasks.

    Returns:
        The seconds from the start of the first task to the end of the last, measured by a clock and not
        rounded.
    """
    raise NotImplementedError


if __name__ == "__main__":  # this part runs when you try it: python exercises/01_print_tasks/print_tasks.py
    print(f"one after the other: {run_sequential(0.5):.2f} s")
    print(f"together: {run_threaded(0.5):.2f} s")
