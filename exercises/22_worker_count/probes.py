"""What runs beside the answer of kata 22: it is given fewer CPUs, as an admin would, or shown another machine."""

from __future__ import annotations

import os
import platform
import sys
from types import FrameType, ModuleType
from typing import Any

STARTS = {
    "os.exec": "a program",
    "os.fork": "a process",
    "os.forkpty": "a process",
    "os.posix_spawn": "a program",
    "os.spawn": "a program",
    "os.system": "a program",
    "subprocess.Popen": "a program",
    "_winapi.CreateProcess": "a program",
    "_thread.start_new_thread": "a thread",
    "_thread.start_joinable_thread": "a thread",
}
"""What Python tells of before it starts something, and what that is."""


def in_a_row(answer: ModuleType, name: str, calls: list[list[int]]) -> list[Any]:
    """Call the function `name` with each of `calls`, all in this process."""
    return [getattr(answer, name)(*args) for args in calls]


def started(answer: ModuleType, name: str) -> list[str]:
    """Load the answer again and call its function `name`; return what it started, in words, each once."""
    seen = []
    sys.addaudithook(lambda event, _: seen.append(event) if event in STARTS else None)
    try:
        _load_again(answer)
        getattr(answer, name)(1000)
    except Exception:
        if not seen:
            raise
    return sorted({f"{STARTS[event]} ({event})" for event in seen})


def cpu_workers(answer: ModuleType, *args: int, allowed: list[int]) -> Any:
    """Let this process use the CPUs of these numbers only, then call `cpu_workers`."""
    os.sched_setaffinity(0, allowed)
    return answer.cpu_workers(*args)


def as_masks_change(answer: ModuleType, masks: list[list[int]]) -> list[Any]:
    """Call `cpu_workers` under one mask after the other; return what each call gave, and the mask that it left."""
    seen = []
    for allowed in masks:
        os.sched_setaffinity(0, allowed)
        seen.append([answer.cpu_workers(1000), sorted(os.sched_getaffinity(0))])
    return seen


def asks(answer: ModuleType, allowed: list[int]) -> list[str]:
    """Return which of the system's functions that count CPUs `cpu_workers` calls, by name, each once."""
    os.sched_setaffinity(0, allowed)
    called = []

    def note(_frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call":
            called.append(function.__name__)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        answer.cpu_workers(1000)
    finally:
        sys.setprofile(before)
    return sorted({"cpu_count", "sched_getaffinity", "sysconf"} & set(called))


def workers_elsewhere(
    answer: ModuleType, name: str, calls: list[list[int]], machine: int | None, masks: list[list[int]] | None
) -> list[Any]:
    """Load the answer where `os` tells of another machine, and call its function `name` with each of `calls`.

    Args:
        machine: how many CPUs it has; None if nobody can tell.
        masks: the numbers of those that this process may use, for each call; None where the system knows no such mask.
    """
    allowed: set[int] = set()
    sysconf = getattr(os, "sysconf", lambda _: -1)
    counts = [key for pair in getattr(os, "sysconf_names", {}).items() for key in pair if "SC_NPROCESSORS" in pair[0]]
    shown = {
        "cpu_count": lambda: machine,
        "process_cpu_count": lambda: machine if masks is None else len(allowed),
        "sched_getaffinity": lambda pid: set(allowed),  # noqa: ARG005 - called by others
        "sysconf": lambda key: (machine or -1) if key in counts else sysconf(key),
    }
    system = sys.modules[os.name]  # what `os` has its functions from
    for place in (os, system):
        for counter in [counter for counter in shown if hasattr(place, counter)]:
            setattr(place, counter, shown[counter])
        for of_masks in ("sched_getaffinity", "sched_setaffinity"):
            if masks is None and hasattr(place, of_masks):
                delattr(place, of_masks)
    if masks is None and sys.platform == "linux":  # who goes by the system's name
        sys.platform, platform.system = "darwin", lambda: "Darwin"
    allowed.update(masks[0] if masks else [])
    _load_again(answer)
    given = []
    for number, args in enumerate(calls):
        allowed.clear()
        allowed.update(masks[number] if masks else [])
        given.append(getattr(answer, name)(*args))
    return given


def _load_again(answer: ModuleType) -> None:
    """Load the answer's file once more, into the same module, so that it takes from others what they are now."""
    assert answer.__spec__ is not None
    assert answer.__spec__.loader is not None
    answer.__spec__.loader.exec_module(answer)
