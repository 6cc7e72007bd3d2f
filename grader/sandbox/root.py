"""A root folder of its own for a learner's process: Python, read-only, and the folders of its call (Linux).

Landlock has no say in modes, owners, times and attributes of files, nor in Unix sockets that have a path. Where
nothing else is mounted there is nothing to change and nobody to connect to. `make` is called once, by the starter,
and `enter` by each learner's process. Sources: ``mount_namespaces(7)``, ``user_namespaces(7)``,
``mount_setattr(2)``. Neither needs a privilege but to be root, or a kernel that lets others make user namespaces.

What is not there is still refused, not missing: empty stand-ins that nobody may open take the place of what is beside
the way to something that is there. So a learner who opens another file reads that it is not allowed.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import stat
import struct
import sys
import warnings
from collections.abc import Iterable
from typing import Final

from grader.sandbox.guards import SHARED_MEMORY

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

_NEW_MOUNTS: Final = 0x00020000
_NEW_USER: Final = 0x10000000
_NOSUID, _NODEV, _BIND, _REC, _PRIVATE = 2, 4, 4096, 1 << 14, 1 << 18
_MOUNT_SETATTR: Final = 442
_RECURSIVE: Final = 0x8000
_READ_ONLY, _NO_SETUID = 1, 2
_HERE: Final = -100  # AT_FDCWD

_ROOT: Final = "/run"
"""Where the starter has it mounted: so it loses sight of the sockets that others listen on there."""
_SHARED_OPTIONS: Final = b"mode=1777,size=1g,nr_inodes=20k"
_WAY: Final = 0o711
_MOST_STAND_INS: Final = 1000
_MOST_LINKS: Final = 40


def make(read: Iterable[str]) -> bool:
    """Make the root folder, with the paths `read` in it, and leave it as it was where the kernel does not allow it.

    To be called by a process with one thread, before it becomes undumpable.
    """
    if _libc is None or not possible():
        return False
    try:
        _separate()
        _mount(b"tmpfs", _ROOT, b"tmpfs", _NOSUID | _NODEV, b"mode=711")
        _stand_in("/")
        bound: list[str] = []
        for path in (*read, sys.executable, _base_executable(), "/etc/alternatives"):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                _show(path, bound)
        _way(SHARED_MEMORY)
        _set(_ROOT, to_set=_READ_ONLY | _NO_SETUID, recursive=True)
        _set(_ROOT, to_clear=_READ_ONLY)
    except OSError:
        return False
    return True


def enter(folder: str, temp: str, shared: Iterable[str] = ()) -> None:
    """Make that root folder this process's, for good, with these folders in it to write to, and no other.

    Raises:
        OSError: if the kernel does not let us.
    """
    assert _libc is not None
    _call(_libc.unshare(_NEW_MOUNTS))
    bound: list[str] = []
    for path in (*_own(folder, temp), *shared):
        _show(path, bound)
    _mount(b"tmpfs", _ROOT + SHARED_MEMORY, b"tmpfs", _NOSUID | _NODEV, _SHARED_OPTIONS)
    _set(_ROOT, to_set=_READ_ONLY)
    os.chdir(_ROOT)
    os.chroot(".")
    os.chdir("/")


def possible() -> bool:
    """Tell whether `make` will work, by trying in a fork."""
    if _libc is None or not os.path.isdir(_ROOT) or not os.path.isdir(SHARED_MEMORY):  # noqa: PTH112 - pathlib costs start-up time
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads: the fork calls the kernel and ends
        trial = os.fork()
    if trial == 0:
        try:
            _separate()
            _mount(b"tmpfs", _ROOT, b"tmpfs", _NOSUID | _NODEV, b"mode=711")
            _set(_ROOT, to_set=_READ_ONLY | _NO_SETUID, recursive=True)
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(trial, 0)[1] == 0


def _separate() -> None:
    """Leave the mounts of others: what is mounted from here on is seen by this process and its children only."""
    assert _libc is not None
    user, group = os.geteuid(), os.getegid()
    if user != 0:
        _call(_libc.unshare(_NEW_USER))
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 - as above
                file.write(text)
    _call(_libc.unshare(_NEW_MOUNTS))
    _mount(b"none", "/", None, _REC | _PRIVATE, None)


def _own(folder: str, temp: str) -> list[str]:
    """Return what to show of a call's two folders: the one around them, if it holds nothing else.

    In one mount a file can be renamed from one to the other.
    """
    around = os.path.dirname(folder)  # noqa: PTH120 - as above
    inside = {f"{around}/{name}" for name in os.listdir(around)}  # noqa: PTH208 - as above
    return [around] if inside == {folder, temp} and folder != temp else [folder, temp]


def _base_executable() -> str:
    return str(getattr(sys, "_base_executable", sys.executable))


def _show(path: str, bound: list[str]) -> None:
    """Mount `path` at its own place, and make the folders and links that lead to it.

    Args:
        path: an absolute path.
        bound: what is mounted there already; `path` is added.
    """
    here, ahead, links = "", path.split("/")[::-1], 0
    while ahead:
        step = ahead.pop()
        if step in ("", "."):
            continue
        if step == "..":
            here = here.rpartition("/")[0]
            continue
        if here and not _within(here, bound):
            _way(here)
        there = f"{here}/{step}"
        if stat.S_ISLNK(os.lstat(there).st_mode) and links < _MOST_LINKS:
            links += 1
            target = os.readlink(there)  # noqa: PTH115 - as above
            with contextlib.suppress(OSError):  # it is there, by itself or in a folder that is
                os.symlink(target, _ROOT + there)  # noqa: PTH211 - as above
            ahead += target.split("/")[::-1]
            here = "" if target.startswith("/") else here
        else:
            here = there
    if not _within(here, bound):
        _place(here)
        _mount(os.fsencode(here), _ROOT + here, None, _BIND | _REC, None)
        bound.append(here)


def _within(path: str, bound: list[str]) -> bool:
    return any(path == known or path.startswith(f"{known}/") for known in bound)


def _place(path: str) -> None:
    """See that there is something of the kind of `path` in its place, that nobody may open."""
    there = _ROOT + path
    kind = stat.S_IFDIR if os.path.isdir(path) else stat.S_IFREG  # noqa: PTH112 - as above
    with contextlib.suppress(FileNotFoundError):
        mode = os.lstat(there).st_mode
        if stat.S_IFMT(mode) == kind:
            return
        os.rmdir(there) if stat.S_ISDIR(mode) else os.unlink(there)  # noqa: PTH106, PTH108 - as above
    with contextlib.suppress(FileExistsError):  # another learner's process was quicker
        os.mkdir(there, 0) if kind == stat.S_IFDIR else os.mknod(there, stat.S_IFREG)  # noqa: PTH102 - as above


def _way(folder: str) -> None:
    """Make `folder`, to be gone through, with stand-ins for what is in it, if that has not been done."""
    _place(folder)
    if os.lstat(_ROOT + folder).st_mode & 0o777 == 0:
        os.chmod(_ROOT + folder, _WAY)  # noqa: PTH101 - as above
        _stand_in(folder)


def _stand_in(folder: str) -> None:
    try:
        entries = os.scandir(folder)
    except OSError:
        return
    with entries:
        for entry in itertools.islice(entries, _MOST_STAND_INS):
            with contextlib.suppress(OSError):
                if entry.is_symlink():
                    os.symlink(os.readlink(entry.path), _ROOT + entry.path)  # noqa: PTH115, PTH211 - as above
                else:
                    _place(entry.path)


def _mount(source: bytes, target: str, kind: bytes | None, flags: int, data: bytes | None) -> None:
    assert _libc is not None
    _call(_libc.mount(source, os.fsencode(target), kind, ctypes.c_ulong(flags), data))


def _set(path: str, *, to_set: int = 0, to_clear: int = 0, recursive: bool = False) -> None:
    """Set and clear attributes of the mount at `path`, or of all that are below it too."""
    assert _libc is not None
    attributes = struct.pack("QQQQ", to_set, to_clear, 0, 0)
    flags = _RECURSIVE if recursive else 0
    _call(_libc.syscall(_MOUNT_SETATTR, _HERE, os.fsencode(path), flags, attributes, ctypes.c_size_t(len(attributes))))


def _call(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
