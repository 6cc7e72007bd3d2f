"""Stands still, in a way that no exception and no SIGTERM ends."""

import os
import signal


def total(numbers):
    os.kill(os.getpid(), signal.SIGSTOP)


say = total
