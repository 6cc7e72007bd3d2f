"""What runs beside the answer of kata 22: it is given fewer CPUs, as an administrator would."""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any


def cpu_workers(answer: ModuleType, *args: int, allowed: list[int]) -> Any:
    """Let this process use the CPUs of these numbers only, then call `cpu_workers`."""
    os.sched_setaffinity(0, allowed)
    return answer.cpu_workers(*args)
