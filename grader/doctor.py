"""`doctor`: what this machine can do for the grader, and what is missing, in words."""

from __future__ import annotations

import multiprocessing
import os
import platform
import sys
from collections.abc import Iterator
from typing import Final

from grader.sandbox.survey import Survey, survey

_TIERS: Final = {
    "A": "each answer runs as a user of its own, and the kernel keeps it in its folder. Fit for grading strangers.",
    "B": "answers run as you, and the kernel keeps them in their folder. Fit for your own, and for most others.",
    "C": "practice, not isolated: answers run as you and may do what you may. Grade only code that you trust.",
}


def examine() -> Iterator[str]:
    """Yield the lines of the report."""
    found = survey()
    yield f"Python    {platform.python_version()}, {sys.executable}"
    yield f"System    {platform.system()} {platform.release()}, {platform.machine()}"
    yield f"Cores     {_cores()}"
    yield f"Processes start by {', '.join(multiprocessing.get_all_start_methods())}"
    yield f"Tier      {found.tier}: {_TIERS.get(found.tier, 'unknown to this version of the grader.')}"
    yield ""
    yield from _guards(found)


def _guards(found: Survey) -> Iterator[str]:
    lacking = [guard for guard, present in found.guards.items() if not present]
    room = max(map(len, found.guards), default=0)
    for guard, present in found.guards.items():
        yield f"{'yes' if present else 'NO ':<3}  {guard:<{room}}  {found.words.get(guard, '')}".rstrip()
    yield ""
    if lacking:
        yield f"Missing: {', '.join(lacking)}. Katas are graded all the same; the lines above say what it means."
    else:
        yield "Nothing is missing."


def _cores() -> str:
    here = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else here
    if usable < here:
        return f"{usable} of {here} may be used"
    return f"{usable}" + ("" if usable > 1 else ": katas that compare processes will be slow, and still be right")
