"""What runs beside the answer of kata 14: a disk that is soon full."""

from __future__ import annotations

import resource
from types import ModuleType
from typing import Any


def copy_all_on_a_full_disk(answer: ModuleType, largest: int, *args: Any) -> Any:
    """Call `copy_all` where no file may have more than `largest` bytes: what is written beyond fails in the middle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        return answer.copy_all(*args)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
