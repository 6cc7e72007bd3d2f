"""The folders of a run: made short, and removed whatever the learner's code did to them."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove `folder` with all that is in it, whatever rights the learner's code took from its parts."""

    def unlock(function: Callable[[str], object], path: str, _: object) -> None:
        for place in (Path(path).parent, Path(path)):
            with contextlib.suppress(OSError):
                if not stat.S_ISLNK(place.lstat().st_mode):
                    place.chmod(0o700)
        with contextlib.suppress(OSError):
            if Path(path).is_dir() and not Path(path).is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                function(path)

    if sys.version_info >= (3, 12):
        shutil.rmtree(folder, onexc=unlock)
    else:
        shutil.rmtree(folder, onerror=unlock)


PREFIX = "gr-"
"""How the folders of runs begin; the process that owns one stands in its name."""


def make_run_folder() -> Path:
    """Return a new folder for one run; its path is short, since a Unix socket's may have 108 bytes."""
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
