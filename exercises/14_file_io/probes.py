"""What runs beside the answer of kata 14: a disk that is soon full, and eyes on threads, names and open files."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import threading
import time
from pathlib import Path
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


def called_again(answer: ModuleType, name: str, path: str, *more: Any) -> dict[str, Any]:
    """Call the function of this name for a file and for the folder that it is in, and again when it has other bytes.

    Returns:
        "values": what was returned for the file; "open": the paths of both that stayed open; "given": the list of
        paths, as it is then, and as it was.
    """
    asked = [path, str(Path(path).parent)]
    given, values = asked.copy(), []
    for data in (b"1" * 1000, b"2" * 1000):
        Path(path).write_bytes(data)
        values.append(getattr(answer, name)(given, *more).get(path))
    return {"values": values, "open": still_open(asked), "given": [given, asked]}


def still_open(paths: list[str]) -> list[str]:
    """Return those of `paths` that this process has open."""
    known = {(seen.st_dev, seen.st_ino): path for path in paths for seen in [Path(path).stat()]}
    found = set()
    for handle in range(256):
        with contextlib.suppress(OSError):
            seen = os.fstat(handle)
            found.add(known.get((seen.st_dev, seen.st_ino), ""))
    return sorted(found - {""})


def names_used(answer: ModuleType, sources: list[str], target: str, workers: int) -> dict[str, list[str]]:
    """Call `copy_all`; return what this process did to names in the folder `target`.

    Returns:
        "made": the names that were opened or made there and are no copy's; "removed", "renamed", "emptied": those of
        copies that were, so that there was nothing under them, or nothing in it; "brought": the folders elsewhere out
        of which copies were renamed; "ready": the names removed or renamed while a file as large as the source lay
        elsewhere in the folder.
    """
    final = {Path(source).name: Path(source).stat().st_size for source in sources}
    seen: dict[str, set[str]] = {what: set() for what in ("made", "removed", "renamed", "emptied", "brought", "ready")}
    watching = True

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if not watching or event not in {"open", "os.mkdir", "os.remove", "os.rename"}:
            return
        path = Path(args[0]) if isinstance(args[0], str | Path) else Path()
        if event == "os.rename" and Path(args[1]).parent == Path(target) and not path.is_relative_to(target):
            seen["brought"].add(str(path.parent))
        if not path.is_relative_to(target) or path == Path(target):
            return
        name, *deeper = path.relative_to(target).parts
        if name not in final:
            seen["made"].add(name)
        elif not deeper:
            seen["removed"] |= {name} if event == "os.remove" else set()
            seen["renamed"] |= {name} if event == "os.rename" and Path(args[1]) != path else set()
            seen["emptied"] |= {name} if event == "open" and args[2] & os.O_TRUNC else set()
            if event in {"os.remove", "os.rename"} and as_large(Path(target), path, final[name]):
                seen["ready"].add(name)

    sys.addaudithook(hook)
    answer.copy_all(sources, target, workers)
    watching = False
    return {what: sorted(names) for what, names in seen.items()}


def as_large(folder: Path, path: Path, size: int) -> bool:
    """Tell whether there is a file of this size in `folder`, or deeper in it, that is not the one at `path`."""
    with contextlib.suppress(OSError):
        return any(one != path and one.is_file() and one.stat().st_size == size for one in folder.rglob("*"))
    return False


def opened_soon(answer: ModuleType, paths: list[str], workers: int, seconds: float) -> list[int]:
    """Call `checksum_all`; return the places in `paths` of those that this process opened in the first seconds."""
    began, opened = time.monotonic(), set()

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and str(args[0]) in paths and time.monotonic() - began < seconds:
            opened.add(paths.index(str(args[0])))

    sys.addaudithook(hook)
    answer.checksum_all(paths, workers)
    return sorted(opened)
