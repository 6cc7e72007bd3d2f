"""What the kernel says of processes: ``/proc``, read by the keeper (Linux)."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
from typing import Final

from grader.sandbox import messages

_TICKS: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PAGE: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096

HELPERS: Final = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
"""Processes that Python's multiprocessing starts for itself, told by their command line."""


@dataclasses.dataclass(slots=True)
class Stat:
    """One reading of ``/proc/PID/stat``; CPU in seconds, `rss` in bytes.

    `cpu` is the process's own time, `reaped` that of its children that it has waited for.
    """

    pid: int
    parent: int
    state: str
    cpu: float
    reaped: float
    threads: int
    rss: int


def read(pid: int) -> Stat | None:
    """Return the state of process `pid`, or None if it has gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - read each 25 ms: plain open is cheapest
            text = file.read()
    except OSError:
        return None
    fields = text[text.rindex(b")") + 2 :].split()
    user, system, child_user, child_system = (int(field) / _TICKS for field in fields[11:15])
    return Stat(
        pid=pid,
        parent=int(fields[1]),
        state=fields[0].decode(),
        cpu=user + system,
        reaped=child_user + child_system,
        threads=int(fields[17]),
        rss=int(fields[21]) * _PAGE,
    )


def peak_memory(pid: int) -> int:
    """Return the most bytes of memory that process `pid` had at once, 0 if it has gone.

    Its high-water mark, which no other program that it was before counts in (`ru_maxrss` outlives an exec).
    """
    try:
        with open(f"/proc/{pid}/status", "rb") as file:  # noqa: PTH123 - as above
            found = re.search(rb"^VmHWM:\s+(\d+) kB", file.read(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def shared_out_memory(pid: int) -> int:
    """Return the bytes that process `pid` uses, of what it shares with others its share (PSS); else its RSS."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as file:  # noqa: PTH123 - as above
            rows = dict(row.split(b":", 1) for row in file.read().splitlines()[1:])
            return int(rows[b"Pss"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        stat = read(pid)
        return stat.rss if stat is not None else 0


def opened(pid: int, file: os.stat_result) -> int:
    """Return how many file descriptors of process `pid` are open on `file`, as far as this thread may look."""
    found = 0
    with contextlib.suppress(OSError):
        for number in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208 - as above
            with contextlib.suppress(OSError):
                found += os.path.samestat(os.stat(f"/proc/{pid}/fd/{number}"), file)  # noqa: PTH116 - as above
    return found


def children(pid: int) -> list[int]:
    """Return the direct children of process `pid`, whichever of its threads started them."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - as above
            with (
                contextlib.suppress(OSError),
                open(f"/proc/{pid}/task/{thread}/children", "rb") as file,  # noqa: PTH123 - as above
            ):
                found += [int(child) for child in file.read().split()]
    return found


def tree(pid: int) -> list[int]:
    """Return the descendants of process `pid`, itself not among them."""
    found: list[int] = []
    ahead = [pid]
    while ahead:
        below = children(ahead.pop())
        found += below
        ahead += below
    return found


def kind(pid: int) -> str:
    """Return ``"helper"`` for a process that multiprocessing keeps for itself, else ``"child"``.

    What a fork server forks bears its command line, but is a worker.
    """
    if not _bears_helpers_name(pid):
        return "child"
    stat = read(pid)
    return "child" if stat is not None and _bears_helpers_name(stat.parent) else "helper"


def _bears_helpers_name(pid: int) -> bool:
    command = command_line(pid)
    return any(name in command for name in HELPERS)


def command_line(pid: int) -> str:
    """Return the command line of process `pid`, cut at 200 characters; hostile text."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123 - as above
            return file.read(4096).replace(b"\0", b" ").decode("utf-8", "backslashreplace").strip()[:200]
    except OSError:
        return ""


def described(pid: int) -> str:
    """Return what process `pid` runs, in words for the learner."""
    command = command_line(pid)
    return messages.A_FORK if "grader.sandbox.starter" in command else command
