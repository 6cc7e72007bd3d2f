"""Writing a file so that nobody ever reads half of it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def save(path: Path, data: bytes) -> None:
    """Write `data` to `path`: beside it first, then renamed. What is no regular file is written to as it is.

    Raises:
        OSError: if it cannot be written; what was there before is then still there.
    """
    target = path.resolve()  # a link stays a link
    if target.exists() and not target.is_file():
        target.write_bytes(data)  # a pipe or /dev/stdout: renaming would replace the device
        return
    beside = target.with_name(f".{target.name[:200]}.{os.getpid()}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # some systems tell only now that the disk is full
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
