"""What the kernel is asked to refuse the learner's process: rights, files, sockets, signals.

Everything here is applied by a process to itself, after the fork and before the learner's code is loaded, by
ctypes and without any privilege. Sources: Landlock's and seccomp's pages of the kernel's user-space API
documentation, ``capabilities(7)``. Each function returns whether the kernel took the guard.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import platform
import re
import stat
import struct
import sys
from collections.abc import Iterable, Iterator
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
_CAP_SYS_PTRACE: Final = 19


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


def see_as(user: int) -> None:
    """Let this thread, and no other of this process, look at files and processes as `user` may.

    So it sees which files that user's processes have open, which not even root may without CAP_SYS_PTRACE.
    """
    if _libc is not None:
        _libc.setfsgid(user)
        _libc.setfsuid(user)


@contextlib.contextmanager
def seeing_as(user: int | None) -> Iterator[None]:
    """Look at files and processes as `user` may, in this thread, and afterwards as ourselves; None is ourselves."""
    if user is None:
        yield
        return
    see_as(user)
    try:
        yield
    finally:
        see_as(os.geteuid())


def sees_all() -> bool:
    """Tell whether this process may look into processes of every user: in a container not even root may."""
    with open("/proc/self/status", "rb") as file:  # noqa: PTH123 - pathlib costs start-up time here
        found = re.search(rb"^CapEff:\s+(\w+)", file.read(), re.MULTILINE)
    return found is not None and bool(int(found[1], 16) >> _CAP_SYS_PTRACE & 1)


def refuse_new_privileges() -> bool:
    """Make ``sudo`` and every set-uid program run without its privilege, from here on."""
    return prctl(PR_SET_NO_NEW_PRIVS, 1) == 0


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


@functools.cache
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


@functools.cache
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


DEVICES: Final = ("/dev/null", "/dev/zero")
SHARED_MEMORY: Final = "/dev/shm"  # noqa: S108 - the device, not a file of ours

# --- seccomp ----------------------------------------------------------------------------------------------


class _Calls(NamedTuple):
    """Numbers of system calls, from the kernel's tables.

    Attributes:
        refused: ptrace, process_vm_readv, process_vm_writev, kcmp; shmget, semget, msgget and mq_open, whose objects
            outlive their process; ioprio_set; unshare, setns, chroot, mount, umount2 and pivot_root; bpf,
            perf_event_open, add_key, request_key and keyctl; migrate_pages and move_pages; io_setup, inotify_init,
            inotify_init1 and fanotify_init, which take from what all processes of a user, or of the machine, may have;
            userfaultfd, by which whoever looks into its memory could be held.
        on_itself: prlimit64, setpriority, sched_setscheduler, sched_setattr, sched_setparam and sched_setaffinity,
            which a process may use on itself only: else it could take the CPU time from its judge.
        sending: sendto, sendmsg and sendmmsg, each with the place of its flags among its arguments.
        fallocate, ioctl: as they are called.
    """

    audit_arch: int
    socket: int
    clone: int
    refused: tuple[int, ...]
    on_itself: tuple[int, ...]
    sending: tuple[tuple[int, int], ...]
    fallocate: int
    ioctl: int


_CLONE3: Final = 435
_ALIKE: Final = (425, 438, 428, 429, 430, 432, 440, 442, 447)
"""io_uring_setup, pidfd_getfd, open_tree, move_mount, fsopen, fsmount, process_madvise, mount_setattr; memfd_secret,
whose memory nobody counts."""
_ALLOCATING: Final = (0x40305828, 0x4030582A, 0x40305839)
"""FS_IOC_RESVSP, FS_IOC_RESVSP64 and FS_IOC_ZERO_RANGE: fallocate by another name."""
_CALLS: Final = {
    "x86_64": _Calls(
        audit_arch=0xC000003E,
        socket=41,
        clone=56,
        refused=(
            *(101, 310, 311, 312, 29, 64, 68, 240, 251),
            *(272, 308, 161, 165, 166, 155, 321, 298, 248, 249, 250, 256, 279),
            *(206, 253, 294, 300, 323),
            *_ALIKE,
        ),
        on_itself=(302, 141, 144, 314, 142, 203),
        sending=((44, 3), (46, 2), (307, 3)),
        fallocate=285,
        ioctl=16,
    ),
    "aarch64": _Calls(
        audit_arch=0xC00000B7,
        socket=198,
        clone=220,
        refused=(
            *(117, 270, 271, 272, 194, 190, 186, 180, 30),
            *(97, 268, 51, 40, 39, 41, 280, 241, 217, 218, 219, 238, 239),
            *(0, 26, 262, 282),
            *_ALIKE,
        ),
        on_itself=(261, 140, 119, 274, 118, 122),
        sending=((206, 3), (211, 2), (269, 3)),
        fallocate=47,
        ioctl=29,
    ),
}
_SET_SCHEDULER: Final = (144, 119)
"""sched_setscheduler names its policy second: libzmq asks for the usual one, 0, for each of its own threads."""
_TWO_ARGUMENTS: Final = (141, 140)
"""setpriority names its process by two: (PRIO_PROCESS, 0) is itself."""
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 1  # fail with EPERM
_UNKNOWN: Final = 0x00050000 | 38  # fail with ENOSYS: the C library falls back to what came before
_UNSUPPORTED: Final = 0x00050000 | 95  # fail with EOPNOTSUPP: the C library writes instead, and that takes its time
_X32: Final = 0x40000000
_REFUSED_IN_CLONE: Final = 0x7E020000 | 0x8000
"""New namespaces, and CLONE_PARENT: a child of its own parent's."""
_FAST_OPEN: Final = 0x20000000
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16
_NO_FAMILY: Final = 0xFFFF
_SOCK_STREAM: Final = 1
_SECCOMP_MODE_FILTER: Final = 2
_INSTRUCTION: Final = struct.Struct("HBBI")
_ANY_PROTOCOL, _IPPROTO_TCP = 0, 6
_NUMBER, _ARCH, _ARGUMENT_0 = 0, 4, 16


def _argument(place: int) -> int:
    """Return where the lower half of a system call's argument is told."""
    return _ARGUMENT_0 + 8 * place


@functools.cache
def seccomp_available() -> bool:
    """Tell whether the kernel filters system calls, on a processor whose numbers are known here."""
    return platform.machine() in _CALLS and prctl(PR_GET_SECCOMP) >= 0


def seccomp(*, tcp: bool) -> bool:
    """Refuse sockets other than Unix ones and TCP, io_uring, ptrace, namespaces, and meddling with other processes.

    Needs `refuse_new_privileges` first. Refused calls fail with EPERM.

    Args:
        tcp: whether TCP is left open. Landlock holds back who connects or binds, but not who listens without a bind:
            the kernel then takes a port itself.
    """
    if _libc is None or not seccomp_available():
        return False
    code = _filter(tcp=tcp)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxQ", len(code) // _INSTRUCTION.size, ctypes.addressof(buffer))
    keep = ctypes.create_string_buffer(header, len(header))
    return int(_libc.prctl(PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, keep, 0, 0)) == 0


@functools.cache
def _filter(*, tcp: bool) -> bytes:
    """Return the filter as the kernel reads it."""
    program = _program(_CALLS[platform.machine()], (_AF_INET, _AF_INET6) if tcp else (_NO_FAMILY, _NO_FAMILY))
    return b"".join(_INSTRUCTION.pack(*instruction) for instruction in program)


def prepare() -> None:
    """Find out what is the same for each process, so that none of our forks has to."""
    python_paths()
    landlock_abi()
    for tcp in (False, True) if seccomp_available() else ():
        _filter(tcp=tcp)


def _program(calls: _Calls, of_tcp: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Return the filter: (code, jump if true, jump if false, constant) an instruction.

    Args:
        calls: the processor's numbers.
        of_tcp: the families of sockets that may be used for TCP.
    """
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
        places = (0, 1) if number in _TWO_ARGUMENTS else (0,)
        zeros = [step for place in places for step in ((_LOAD, 0, 0, _argument(place)), (_EQUAL, 1, 0, 0), refuse)]
        usual = [(_LOAD, 0, 0, _argument(1)), (_EQUAL, 0, 1, 0), allow] if number in _SET_SCHEDULER else []
        head += [(_EQUAL, 0, len(usual) + len(zeros) + 1, number), *usual, *zeros, allow]
    flagged = [(number, place, _FAST_OPEN) for number, place in calls.sending]  # it connects, and Landlock is not asked
    for number, place, flags in (*flagged, (calls.clone, 0, _REFUSED_IN_CLONE)):
        head += [(_EQUAL, 0, 4, number), (_LOAD, 0, 0, _argument(place)), (_ANY_BIT, 0, 1, flags), refuse, allow]
    head += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _UNKNOWN)]  # whose flags are in memory, where no filter looks
    unsupported = (_RETURN, 0, 0, _UNSUPPORTED)  # gigabytes at once: the disk would be full before anybody looked
    head += [(_EQUAL, 0, 1, calls.fallocate), unsupported]
    commands = [step for command in _ALLOCATING for step in ((_EQUAL, 0, 1, command), unsupported)]
    head += [(_EQUAL, 0, len(commands) + 2, calls.ioctl), (_LOAD, 0, 0, _argument(1)), *commands, allow]
    return [
        *head,
        (_EQUAL, 1, 0, calls.socket),
        allow,
        (_LOAD, 0, 0, _argument(0)),
        (_EQUAL, 12, 0, _AF_UNIX),
        (_EQUAL, 8, 0, _AF_NETLINK),  # of the first protocol: the C library asks it for the addresses of this machine
        (_EQUAL, 1, 0, of_tcp[0]),
        (_EQUAL, 0, 8, of_tcp[1]),
        (_LOAD, 0, 0, _argument(1)),
        (_AND, 0, 0, 0xF),
        (_EQUAL, 0, 5, _SOCK_STREAM),
        (_LOAD, 0, 0, _argument(2)),
        (_EQUAL, 4, 0, _ANY_PROTOCOL),
        (_EQUAL, 3, 2, _IPPROTO_TCP),  # MPTCP is a stream too, and Landlock does not see it
        (_LOAD, 0, 0, _argument(2)),
        (_EQUAL, 1, 0, _ANY_PROTOCOL),
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
