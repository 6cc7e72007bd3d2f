"""Waits where the bubble can't see it, for ever."""

import os


def wait_twice(seconds):
    ours, theirs = os.pipe()
    os.read(ours, 1)
    return 2
