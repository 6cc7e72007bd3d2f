"""Asks for a dump of all its memory, and dies."""

import os
import resource
import signal


def total(numbers):
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (2**20, 2**20))
    except (ValueError, OSError):
        pass
    os.kill(os.getpid(), signal.SIGQUIT)


say = total
