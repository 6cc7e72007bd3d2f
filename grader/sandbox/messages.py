"""What the sandbox says to a reader, in one place."""

from __future__ import annotations

from typing import Final

GUARDS: Final = {
    "separate user": (
        "the learner's code runs as a user of its own",
        "the learner's code runs as the user who started the grader",
    ),
    "landlock files": (
        "it can read Python and its own folder, and write its own folder, nothing else",
        "it can read and write every file that you can (needs Linux 5.13 or later with Landlock)",
    ),
    "landlock network": (
        "it can't open TCP connections but to the grader's own server",
        "it can open TCP connections (needs Linux 6.7 or later with Landlock)",
    ),
    "landlock signals": (
        "it can't signal a process outside its own tree",
        "it can signal your other processes (needs Linux 6.12 or later with Landlock)",
    ),
    "seccomp": (
        "it can't open UDP or raw sockets, use io_uring or namespaces, or look into other processes",
        "it can open any socket (needs Linux on x86-64 or ARM64)",
    ),
    "own root folder": (
        "it meets no socket or shared memory of your other programs, and can't change modes or times of their files",
        "it can use others' sockets and shared memory, and set its user's files' modes (needs root or user namespaces)",
    ),
    "no new privileges": (
        "sudo and set-uid programs give it no rights",
        "sudo and set-uid programs may give it rights (needs Linux)",
    ),
    "keeper": (
        "everything that it starts is found and ended, even what it detaches",
        "a process that it detaches from its group can outlive the run (needs Linux)",
    ),
}
"""What each guard does, and what is possible where it is missing."""

GUARD_REFUSED: Final = "the kernel refused a guard that it has"

OVERDUE: Final = "it did not end"
KEEPER_KILLED: Final = "its keeper was killed"
FORKER_KILLED: Final = "its forker was killed"
JUDGE_GONE: Final = "the judge has gone"
STOPPED: Final = "it stopped itself (SIGSTOP) and nobody woke it"
HIDDEN: Final = "it kept files out of sight (no right to read a folder, or its processes not dumpable)"
HEADLESS: Final = "a process of its went on after its first thread had ended, where it can't be watched"
A_FORK: Final = "a fork of the program itself"


def too_much_memory(most: int) -> str:
    """Say that a process tree used more than `most` bytes."""
    return f"it used more than {most // 2**20} MiB of memory"


def too_many_processes(most: int) -> str:
    """Say that a process tree had more than `most` processes and threads."""
    return f"it had more than {most} processes and threads"


def too_much_in_files(most: int) -> str:
    """Say that a process tree wrote more than `most` bytes, to disk or to memory that it shares."""
    return f"it kept more than {most // 2**20} MiB in files and shared memory"


def too_many_files(most: int) -> str:
    """Say that a process tree made more than `most` files."""
    return f"it made more than {most} files"


def too_many_open(most: int) -> str:
    """Say that a process tree had more than `most` files open."""
    return f"it had more than {most} files open at once"


def too_many_sent(most: int) -> str:
    """Say that more than `most` open files were on their way from one process of a tree to another."""
    return f"it sent more than {most} open files through sockets that nobody took out"


def too_many_watched(most: int) -> str:
    """Say that the epolls of a process tree watched more than `most` files."""
    return f"it watched more than {most} files (epoll)"


def too_many_mappings(most: int) -> str:
    """Say that a process tree had more than `most` mappings."""
    return f"it had more than {most} pieces of memory mapped"


def process(pid: int, runs: str = "") -> str:
    """Call a process that was left, by what it `runs` if that is known."""
    return f"process {pid}: {runs}" if runs else f"process {pid}"
