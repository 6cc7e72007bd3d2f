"""Writing a file so that nobody ever reads half of it."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path


def save(path: Path, data: bytes) -> None:
    """Write `data` to `path`: beside it first, then renamed. What is no regular file is written to as it is.

    Raises:
        OSError: if it cannot be written; what was there before is then still there.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)  # a pipe or /dev/stdout: renaming would replace the device
        return
    target = path.resolve()  # a link stays a link
    beside = target.with_name(f".{secrets.token_hex(8)}.tmp")  # not the target's name with more: it may be full
    file = beside.open("xb")  # if this fails, what is there is another's, and stays
    try:
        with file:
            with contextlib.suppress(FileNotFoundError):
                beside.chmod(stat.S_IMODE(target.stat().st_mode))  # who may not read what was there, may not read this
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # some systems tell only now that the disk is full
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
