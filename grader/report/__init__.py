"""What is told of a result: on the terminal, as JSON, and to the shell."""

from __future__ import annotations

import enum

from grader.verdict import Result, Status


class Exit(enum.IntEnum):
    """What the command line tells the shell."""

    PASSED = 0
    FAILED = 1
    MISUSE = 2
    FAULT = 3
    INTERRUPTED = 130


_UNATTEMPTED = (Status.NOT_STARTED, Status.NOT_HERE, Status.NOT_RUN)


def exit_code(result: Result) -> Exit:
    """Return what `result` is for the shell: passed only if something was attempted and all of that passed."""
    statuses = [kata.status for kata in result.katas if kata.status not in _UNATTEMPTED]
    if result.interrupted:
        return Exit.INTERRUPTED
    if statuses and all(status is Status.GRADER_ERROR for status in statuses):
        return Exit.FAULT
    passed = bool(statuses) and all(status is Status.PASSED for status in statuses)
    return Exit.PASSED if passed else Exit.FAILED
