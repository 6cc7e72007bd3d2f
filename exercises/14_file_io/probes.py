"""What runs beside the answer of kata 14: a disk that is soon full, and an eye on the threads that are made."""

from __future__ import annotations

import resource
import threading
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


def threads_made(answer: ModuleType, *args: Any) -> int:
    """Return how many Thread objects `copy_all` makes, begun or not."""
    made = []
    make = threading.Thread.__init__

    def noted(self: threading.Thread, *arguments: Any, **named: Any) -> None:
        made.append(self)
        make(self, *arguments, **named)

    threading.Thread.__init__ = noted
    try:
        answer.copy_all(*args)
    finally:
        threading.Thread.__init__ = make
    return len(made)
