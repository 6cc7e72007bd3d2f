"""What a run must not leave: processes, folders of runs, shared memory."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

from grader.judge.folders import PREFIX
from grader.sandbox import guards


def gone(pids: Iterable[int], seconds: float = 2.0) -> bool:
    """Whether all of these processes end within so many seconds."""
    processes = []
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            processes.append(psutil.Process(pid))
    return not psutil.wait_procs(processes, timeout=seconds)[1]


@contextlib.contextmanager
def watched(seconds: float = 2.0) -> Iterator[list[str]]:
    """Let what happens in the block leave nothing behind; the list that is yielded tells afterwards what it did leave.

    This process becomes a subreaper: what loses its parent in the block comes to it, so nothing can get away. What is
    still running at the end of the block has so many seconds to end by itself. Of folders only those of runs of this
    process are looked for, since others may have theirs beside them.
    """
    guards.prctl(guards.PR_SET_CHILD_SUBREAPER, 1)
    known = {process.pid for process in _below()}
    folders, memory = _run_folders(), set(_shared_memory())
    left: list[str] = []
    yield left
    new = [process for process in _below() if process.pid not in known]
    left += [f"process {process.pid}" for process in psutil.wait_procs(new, timeout=seconds)[1] if not _zombie(process)]
    left += [f"folder {path}" for path in sorted(_run_folders() - folders)]
    left += [f"shared memory {name}" for name in sorted(set(_shared_memory()) - memory) if "grader-attack" in name]
    for process in new:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process.pid, os.WNOHANG)


def _below() -> list[psutil.Process]:
    return [process for process in psutil.Process().children(recursive=True) if not _zombie(process)]


def _zombie(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def _run_folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.getpid()}-*"))


def _shared_memory() -> Iterator[str]:
    folder = Path("/dev/shm")  # noqa: S108 - the device
    if folder.is_dir():
        yield from (path.name for path in folder.iterdir())
