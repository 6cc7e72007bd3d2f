"""What this machine can do to keep learner's code in: the tier, and each guard in words."""

from __future__ import annotations

import dataclasses
import functools
import os
import subprocess
import sys
from typing import Final

from grader.sandbox import guards, messages, root

UNPRIVILEGED: Final = 65_533
"""The uid that learner's code gets where root may give it one."""


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
    return Survey(tier, active, {name: messages.GUARDS[name][not on] for name, on in active.items()}, user)


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
