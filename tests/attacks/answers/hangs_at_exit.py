"""Returns what is asked for, and never ends."""

import atexit
import os
import threading
import time

os.register_at_fork(before=lambda: time.sleep(600))
atexit.register(time.sleep, 600)
threading._register_atexit(time.sleep, 600)


class Stays:
    def __del__(self):
        time.sleep(600)


stays = Stays()
stays.itself = stays


def total(numbers):
    return sum(numbers)


def say(text):
    print(text)
