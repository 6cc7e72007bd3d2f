"""The real things, taken before anything is replaced. The bubble itself uses only these."""

from __future__ import annotations

import _thread
import os
import select as _select
import threading
import time
from typing import Any, Final

allocate_lock: Final = _thread.allocate_lock
RLock: Final = _thread.RLock
LockType: Final = _thread.LockType
TIMEOUT_MAX: Final = _thread.TIMEOUT_MAX
get_ident: Final = _thread.get_ident
start_new_thread: Final = _thread.start_new_thread
start_joinable_thread: Final[Any] = getattr(_thread, "start_joinable_thread", None)
"""From Python 3.13 on; before it None."""

sleep: Final = time.sleep
localtime: Final = time.localtime
gmtime: Final = time.gmtime
strftime: Final = time.strftime
asctime: Final = time.asctime
select: Final = _select.select

CLOCKS: Final = {"time": time.time_ns, "monotonic": time.monotonic_ns, "perf_counter": time.perf_counter_ns}
"""The clocks that the bubble replaces, in nanoseconds."""

times: Final = os.times
clock_gettime_ns: Final[Any] = getattr(time, "clock_gettime_ns", None)
"""Not on Windows; there None."""

_NUMBERS: Final = {
    "CLOCK_REALTIME": "time", "CLOCK_MONOTONIC": "monotonic", "CLOCK_MONOTONIC_RAW": "monotonic",
    "CLOCK_BOOTTIME": "monotonic", "CLOCK_TAI": "time",
}  # fmt: skip
CLOCK_NUMBERS: Final = {getattr(time, number): name for number, name in _NUMBERS.items() if hasattr(time, number)}
"""What ``clock_gettime`` knows the replaced clocks by."""

join: Final = threading.Thread.join
is_alive: Final = threading.Thread.is_alive
is_set: Final = threading.Event.is_set
acquire_semaphore: Final = threading.Semaphore.acquire
