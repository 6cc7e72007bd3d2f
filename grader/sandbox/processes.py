"""What the kernel says of processes: ``/proc``, read by the keeper (Linux)."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
from typing import Final, NamedTuple

from grader.sandbox import messages

_TICKS: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PAGE: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096

HELPERS: Final = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
"""Processes that Python's multiprocessing starts for itself, told by their command line."""


@dataclasses.dataclass(slots=True)
class Stat:
    """One reading of ``/proc/PID/stat``; CPU in seconds, `rss` in bytes.

    `cpu` is the process's own time, `reaped` that of its children that it has waited for. `eye` is the number by which
    the kernel tells what it has: its own, or that of another thread once its first one has ended.
    """

    pid: int
    eye: int
    parent: int
    state: str
    cpu: float
    reaped: float
    threads: int
    rss: int


def read(pid: int) -> Stat | None:
    """Return the state of process `pid`, or None if it has gone."""
    found = _read(pid, pid)
    if found is None or found.state != "Z" or found.threads == 1:
        return found
    others = [_read(pid, thread) for thread in threads(pid) if thread != pid]
    return next((other for other in others if other is not None and other.state != "Z"), found)


def eye(pid: int) -> int:
    """Return the number by which the kernel tells what process `pid` has."""
    found = read(pid)
    return found.eye if found is not None else pid


def _read(pid: int, eye: int) -> Stat | None:
    try:
        with open(f"/proc/{eye}/stat", "rb") as file:  # noqa: PTH123 - read each 25 ms: plain open is cheapest
            text = file.read()
    except OSError:
        return None
    fields = text[text.rindex(b")") + 2 :].split()
    user, system, child_user, child_system = (int(field) / _TICKS for field in fields[11:15])
    return Stat(
        pid=pid,
        eye=eye,
        parent=int(fields[1]),
        state=fields[0].decode(),
        cpu=user + system,
        reaped=child_user + child_system,
        threads=int(fields[17]),
        rss=int(fields[21]) * _PAGE,
    )


class Memory(NamedTuple):
    """One reading of ``/proc/PID/status``, in bytes; all 0 if the process has gone.

    Attributes:
        peak: the most that it had at once, without what it had as another program (`ru_maxrss` outlives an exec).
        tables: what the kernel holds for it, page tables, and huge pages: no part of its RSS.
        swapped: what is not in memory any more.
    """

    peak: int = 0
    tables: int = 0
    swapped: int = 0


_SIZES: Final = re.compile(rb"^(VmHWM|VmPTE|VmSwap|HugetlbPages):\s+(\d+) kB", re.MULTILINE)


def memory(eye: int) -> Memory:
    """Return what a process has of memory beside its RSS, and the most that it had, by its `Stat.eye`."""
    try:
        with open(f"/proc/{eye}/status", "rb") as file:  # noqa: PTH123 - as above
            sizes = {name: int(size) * 1024 for name, size in _SIZES.findall(file.read())}
    except OSError:
        return Memory()
    tables = sizes.get(b"VmPTE", 0) + sizes.get(b"HugetlbPages", 0)
    return Memory(sizes.get(b"VmHWM", 0), tables, sizes.get(b"VmSwap", 0))


def shared_out_memory(pid: int) -> int:
    """Return the bytes that process `pid` uses, of what it shares with others its share (PSS); else its RSS."""
    number = eye(pid)
    known = memory(number)
    try:
        with open(f"/proc/{number}/smaps_rollup", "rb") as file:  # noqa: PTH123 - as above
            rows = dict(row.split(b":", 1) for row in file.read().splitlines()[1:])
            return sum(int(rows[name].split()[0]) * 1024 for name in (b"Pss", b"SwapPss")) + known.tables
    except (OSError, KeyError, ValueError):
        stat = read(pid)
        return stat.rss + known.tables + known.swapped if stat is not None else 0


def hides(pid: int) -> bool:
    """Tell whether process `pid` lives, and runs learner's code: then only that can have closed its folders to us.

    One that ends has no memory, and one that has just been forked is not yet without new privileges.
    """
    try:
        with open(f"/proc/{eye(pid)}/status", "rb") as file:  # noqa: PTH123 - as above
            text = file.read()
    except OSError:
        return False
    return b"\nVmRSS:" in text and b"\nNoNewPrivs:\t1" in text


def opened(pid: int, file: os.stat_result) -> int:
    """Return how many file descriptors of process `pid` are open on `file`, as far as this thread may look."""
    found = 0
    folder = f"/proc/{eye(pid)}/fd"
    with contextlib.suppress(OSError):
        for number in os.listdir(folder):  # noqa: PTH208 - as above
            with contextlib.suppress(OSError):
                found += os.path.samestat(os.stat(f"{folder}/{number}"), file)  # noqa: PTH116 - as above
    return found


def children(pid: int) -> list[int]:
    """Return the direct children of process `pid`, whichever of its threads started them."""
    found: list[int] = []
    for thread in threads(pid):
        with (
            contextlib.suppress(OSError),
            open(f"/proc/{pid}/task/{thread}/children", "rb") as file,  # noqa: PTH123 - as above
        ):
            found += [int(child) for child in file.read().split()]
    return found


def threads(pid: int) -> list[int]:
    """Return the numbers of the threads of process `pid`."""
    with contextlib.suppress(OSError):
        return [int(thread) for thread in os.listdir(f"/proc/{pid}/task")]  # noqa: PTH208 - as above
    return []


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
        with open(f"/proc/{eye(pid)}/cmdline", "rb") as file:  # noqa: PTH123 - as above
            return file.read(4096).replace(b"\0", b" ").decode("utf-8", "backslashreplace").strip()[:200]
    except OSError:
        return ""


def described(pid: int) -> str:
    """Return what process `pid` runs, in words for the learner."""
    command = command_line(pid)
    return messages.A_FORK if "grader.sandbox.starter" in command else command
