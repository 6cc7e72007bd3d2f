"""What the kernel is asked to refuse the learner's process: rights, files, sockets, signals.

Everything here is applied by a process to itself, after the fork and before the learner's code is loaded, by
ctypes and without any privilege. Sources: Landlock's and seccomp's pages of the kernel's user-space API
documentation, ``capabilities(7)``. Each function returns whether the kernel took the guard.
"""

from __future__ import annotations

import ctypes
import os
import platform
import stat
import struct
import sys
from collections.abc import Iterable
from typing import Final, NamedTuple

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_GET_SECCOMP: Final = 21
PR_SET_SECCOMP: Final = 22
PR_CAPBSET_DROP: Final = 24
PR_SET_SECUREBITS: Final = 28
PR_SET_CHILD_SUBREAPER: Final = 36
PR_SET_NO_NEW_PRIVS: Final = 38


def prctl(option: int, argument: int = 0) -> int:
    """Call ``prctl(2)``; -1 where it fails or there is none."""
    if _libc is None:
        return -1
    return int(_libc.prctl(option, ctypes.c_ulong(argument), 0, 0, 0))


def die_with_parent(parent: int, signal_number: int) -> None:
    """Ask to be sent `signal_number` when `parent`, our parent, ends; leave at once if it has ended already."""
    prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        os._exit(1)


# --- rights -----------------------------------------------------------------------------------------------

_NOROOT_LOCKED: Final = 0b11 | 0b1100  # SECBIT_NOROOT, NO_SETUID_FIXUP and their locks
_CAPABILITY_VERSION_3: Final = 0x20080522


def drop_capabilities() -> bool:
    """Give up every capability for good, so that even uid 0 is a user like others."""
    if _libc is None:
        return False
    prctl(PR_SET_SECUREBITS, _NOROOT_LOCKED)
    capability = 0
    while prctl(PR_CAPBSET_DROP, capability) == 0:
        capability += 1
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    return bool(_libc.capset(header, bytes(24)) == 0)


def refuse_new_privileges() -> bool:
    """Make ``sudo`` and every set-uid program run without its privilege, from here on."""
    return prctl(PR_SET_NO_NEW_PRIVS, 1) == 0


# --- folders of its own -----------------------------------------------------------------------------------

_NEW_MOUNTS: Final = 0x00020000
_NEW_USER: Final = 0x10000000
_PRIVATE: Final = 0x4000 | 1 << 18  # MS_REC, MS_PRIVATE
_PLAIN: Final = 0b111  # MS_RDONLY, MS_NOSUID, MS_NODEV
_HIDDEN: Final = (("/dev/shm", _PLAIN & ~1, b"mode=1777,size=1g"), ("/run", _PLAIN, b""))  # noqa: S108 - the device


def hide_folders() -> bool:
    """Give this process and its children an empty ``/dev/shm`` of their own, and an empty ``/run``.

    So what is left in shared memory goes with the last of them, and no socket is seen that others listen on: Landlock
    has no say in those (a user's systemd would start anything, without our fences). Needs root, or a kernel that lets
    others make user namespaces. To be called by a process with one thread, before it becomes undumpable.
    """
    if _libc is None:
        return False
    if os.geteuid() == 0:
        return _hide()
    trial = os.fork()  # a user namespace that then allows nothing cannot be left again
    if trial == 0:
        os._exit(not _hide_as_user())
    return os.waitpid(trial, 0)[1] == 0 and _hide_as_user()


def _hide_as_user() -> bool:
    assert _libc is not None
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(_NEW_USER) != 0:
        return False
    try:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib costs start-up time
                file.write(text)
    except OSError:
        return False
    return _hide()


def _hide() -> bool:
    assert _libc is not None
    if _libc.unshare(_NEW_MOUNTS) != 0 or _libc.mount(b"none", b"/", None, ctypes.c_ulong(_PRIVATE), None) != 0:
        return False
    done = [
        _libc.mount(b"tmpfs", path.encode(), b"tmpfs", ctypes.c_ulong(flags), data) for path, flags, data in _HIDDEN
    ]
    return not any(done)


def can_hide_folders() -> bool:
    """Tell whether `hide_folders` will work, by what the kernel says of itself."""
    if sys.platform != "linux":
        return False
    if os.geteuid() == 0:
        return True
    return not any(_setting(name) == value for name, value in _NO_USER_NAMESPACES)


_NO_USER_NAMESPACES: Final = (
    ("user/max_user_namespaces", "0"),
    ("kernel/unprivileged_userns_clone", "0"),
    ("kernel/apparmor_restrict_unprivileged_userns", "1"),
)


def _setting(name: str) -> str:
    try:
        with open(f"/proc/sys/{name}", encoding="ascii") as file:  # noqa: PTH123 - as above
            return file.read().strip()
    except OSError:
        return ""


# --- Landlock ---------------------------------------------------------------------------------------------

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_PATH_BENEATH: Final = 1
_NET_PORT: Final = 2
_CONNECT_TCP: Final = 2
_BIND_AND_CONNECT: Final = 3
_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 3
_FS_BITS_BY_ABI: Final = (0, 13, 14, 15, 15, 16)
_NET_SINCE: Final = 4
_SCOPE_SINCE: Final = 6

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE: Final = 1 << 14
_READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
_ON_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | 1 << 15


class Fence(NamedTuple):
    """What stays open: folders and files to read, folders to write, TCP ports of 127.0.0.1 to connect to."""

    read: tuple[str, ...]
    write: tuple[str, ...]
    ports: tuple[int, ...] = ()


def landlock_abi() -> int:
    """Return the kernel's Landlock version, 0 where there is none."""
    if _libc is None:
        return 0
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)))


def landlock(fence: Fence) -> bool:
    """Refuse this process and its children files, TCP and signals, but for what `fence` leaves open."""
    abi = landlock_abi()
    if _libc is None or abi == 0:
        return False
    files = (1 << _FS_BITS_BY_ABI[min(abi, len(_FS_BITS_BY_ABI) - 1)]) - 1
    net = _BIND_AND_CONNECT if abi >= _NET_SINCE else 0
    scope = _ABSTRACT_SOCKETS_AND_SIGNALS if abi >= _SCOPE_SINCE else 0
    size = 24 if scope else 16 if net else 8
    attributes = struct.pack("QQQ", files, net, scope)
    ruleset = int(_libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0))
    if ruleset < 0:
        return False
    for path in fence.read:
        _allow_path(ruleset, path, files & _READ)
    for path in fence.write:
        _allow_path(ruleset, path, files)
    for port in fence.ports if net else ():
        _libc.syscall(_ADD_RULE, ruleset, _NET_PORT, struct.pack("QQ", _CONNECT_TCP, port), 0)
    restricted = int(_libc.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return restricted == 0


def _allow_path(ruleset: int, path: str, access: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # a path that is not there needs no rule
    if not stat.S_ISDIR(os.fstat(handle).st_mode):
        access &= _ON_FILES
    assert _libc is not None
    _libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", access, handle), 0)
    os.close(handle)


def python_paths() -> tuple[str, ...]:
    """Return what this Python needs to read so that learner's code and its children can run."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    parts = ("bin", "lib", "lib64", "pyvenv.cfg", "share/zoneinfo")
    return (
        *(os.path.join(prefix, part) for prefix in sorted(prefixes) for part in parts),  # noqa: PTH118 - pathlib costs start-up time here
        *("/usr/lib", "/usr/lib64", "/usr/bin", "/usr/local/lib", "/usr/share/zoneinfo", "/bin", "/lib", "/lib64"),
        *("/etc/ld.so.cache", "/etc/localtime", "/etc/hosts", "/etc/nsswitch.conf", "/etc/mime.types"),
        *("/etc/passwd", "/etc/group", "/etc/resolv.conf", "/dev/urandom", "/dev/random"),
        "/sys/devices/system/cpu",
    )


DEVICES_TO_WRITE: Final = ("/dev/null", "/dev/zero", "/dev/shm")  # noqa: S108 - the device, not a file of ours

# --- seccomp ----------------------------------------------------------------------------------------------


class _Calls(NamedTuple):
    """Numbers of system calls, from the kernel's tables.

    `refused`: ptrace, process_vm_readv, process_vm_writev, kcmp; shmget, semget, msgget and mq_open, whose objects
    outlive their process. `on_itself`: prlimit64, setpriority, sched_setscheduler and sched_setattr, which a process
    may use on itself only: else it could take the CPU time from its judge.
    """

    audit_arch: int
    socket: int
    refused: tuple[int, ...]
    on_itself: tuple[int, ...]


_IO_URING_SETUP: Final = 425
_PIDFD_GETFD: Final = 438
_ALIKE: Final = (_IO_URING_SETUP, _PIDFD_GETFD)
_CALLS: Final = {
    "x86_64": _Calls(0xC000003E, 41, (101, 310, 311, 312, 29, 64, 68, 240, *_ALIKE), (302, 141, 144, 314)),
    "aarch64": _Calls(0xC00000B7, 198, (117, 270, 271, 272, 194, 190, 186, 180, *_ALIKE), (261, 140, 119, 274)),
}
_TWO_ARGUMENTS: Final = (141, 140)
"""setpriority names its process by two: (PRIO_PROCESS, 0) is itself."""
_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 1  # fail with EPERM
_X32: Final = 0x40000000
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16
_SOCK_STREAM: Final = 1
_SECCOMP_MODE_FILTER: Final = 2
_ANY_PROTOCOL, _IPPROTO_TCP = 0, 6
_NUMBER, _ARCH, _ARGUMENT_0, _ARGUMENT_1, _ARGUMENT_2 = 0, 4, 16, 24, 32


def seccomp_available() -> bool:
    """Tell whether the kernel filters system calls, on a processor whose numbers are known here."""
    return platform.machine() in _CALLS and prctl(PR_GET_SECCOMP) >= 0


def seccomp() -> bool:
    """Refuse sockets other than Unix ones and TCP, io_uring, ptrace, and meddling with other processes.

    Needs `refuse_new_privileges` first. Refused calls fail with EPERM.
    """
    if _libc is None or not seccomp_available():
        return False
    program = _program(_CALLS[platform.machine()])
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(buffer))
    keep = ctypes.create_string_buffer(header, len(header))
    return int(_libc.prctl(PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, keep, 0, 0)) == 0


def _program(calls: _Calls) -> list[tuple[int, int, int, int]]:
    """Return the filter: (code, jump if true, jump if false, constant) an instruction."""
    allow, refuse = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)
    head = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, calls.audit_arch),
        refuse,
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        refuse,
    ]
    for number in calls.refused:
        head += [(_EQUAL, 0, 1, number), refuse]
    for number in calls.on_itself:
        arguments = (_ARGUMENT_0, _ARGUMENT_1) if number in _TWO_ARGUMENTS else (_ARGUMENT_0,)
        zeros = [step for argument in arguments for step in ((_LOAD, 0, 0, argument), (_EQUAL, 1, 0, 0), refuse)]
        head += [(_EQUAL, 0, len(zeros) + 1, number), *zeros, allow]
    return [
        *head,
        (_EQUAL, 1, 0, calls.socket),
        allow,
        (_LOAD, 0, 0, _ARGUMENT_0),
        (_EQUAL, 10, 0, _AF_UNIX),
        (_EQUAL, 9, 0, _AF_NETLINK),
        (_EQUAL, 1, 0, _AF_INET),
        (_EQUAL, 0, 6, _AF_INET6),
        (_LOAD, 0, 0, _ARGUMENT_1),
        (_AND, 0, 0, 0xF),
        (_EQUAL, 0, 3, _SOCK_STREAM),
        (_LOAD, 0, 0, _ARGUMENT_2),
        (_EQUAL, 2, 0, _ANY_PROTOCOL),
        (_EQUAL, 1, 0, _IPPROTO_TCP),  # MPTCP is a stream too, and Landlock does not see it
        refuse,
        allow,
    ]


def close_all_but(keep: Iterable[int]) -> None:
    """Close every file descriptor of this process but those in `keep`."""
    last = -1
    for number in sorted(set(keep)):
        if last + 1 < number:  # os.closerange(0, 0) closes everything on 3.11
            os.closerange(last + 1, number)
        last = number
    os.closerange(last + 1, os.sysconf("SC_OPEN_MAX"))
