"""`doctor`: what this machine can do for the grader, and what is missing, in words."""

from __future__ import annotations

import multiprocessing
import os
import platform
import sys
from collections.abc import Iterator

from grader import messages
from grader.sandbox.survey import Survey, survey


def examine() -> Iterator[str]:
    """Yield the lines of the report."""
    found = survey()
    yield messages.runs_on(platform.python_version(), sys.executable)
    yield messages.system(platform.system(), platform.release(), platform.machine())
    yield _cores()
    yield messages.start_methods(multiprocessing.get_all_start_methods())
    yield messages.tier(found.tier)
    yield ""
    yield from _guards(found)


def _guards(found: Survey) -> Iterator[str]:
    lacking = [guard for guard, present in found.guards.items() if not present]
    room = max(map(len, found.guards), default=0)
    for guard, present in found.guards.items():
        yield f"{messages.YES if present else messages.NO:<3}  {guard:<{room}}  {found.words.get(guard, '')}".rstrip()
    yield ""
    if lacking:
        yield messages.guards_missing(lacking)
    else:
        yield messages.NOTHING_MISSING


def _cores() -> str:
    here = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else here
    return messages.cores(usable, here)
