"""What this machine can do to keep learner's code in: the tier, and each guard in words."""

from __future__ import annotations

import dataclasses
import functools
import os
import subprocess
import sys
from typing import Final

from grader.sandbox import guards, root

UNPRIVILEGED: Final = 65_533
"""The uid that learner's code gets where root may give it one."""

_WORDS: Final = {
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


@dataclasses.dataclass(frozen=True, slots=True)
class Survey:
    """What protects this machine from learner's code.

    Attributes:
        tier: ``"A"``: a separate user and Landlock; ``"B"``: Landlock; ``"C"``: practice, not isolated.
        guards: each guard's name, and whether it is active.
        words: each guard's name, and what that means.
        user: the uid that learner's code gets, None if it stays ours.
    """

    tier: str
    guards: dict[str, bool]
    words: dict[str, str]
    user: int | None


@functools.cache
def survey() -> Survey:
    """Find out what this machine can do, by asking the kernel and by trying."""
    linux = sys.platform == "linux"
    abi = guards.landlock_abi()
    user = _usable_user() if linux and abi else None
    active = {
        "separate user": user is not None,
        "landlock files": abi >= 1,
        "landlock network": abi >= 4,  # noqa: PLR2004 - the version that brought it
        "landlock signals": abi >= 6,  # noqa: PLR2004 - as above
        "seccomp": linux and guards.seccomp_available(),
        "own root folder": linux and root.possible(),
        "no new privileges": linux,
        "keeper": linux,
    }
    tier = "C" if not abi else "A" if user is not None else "B"
    return Survey(tier, active, {name: _WORDS[name][not on] for name, on in active.items()}, user)


def _usable_user() -> int | None:
    """Return a uid other than ours that can run this Python, None if we may not, or it can't."""
    if os.geteuid() != 0:
        return None
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", "import os, json, ctypes"],
            user=UNPRIVILEGED,
            group=UNPRIVILEGED,
            extra_groups=[],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return UNPRIVILEGED if done.returncode == 0 else None
