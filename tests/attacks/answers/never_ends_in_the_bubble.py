"""Goes on for ever, and takes every exception that is to end it for a joke."""

import time


def wait_twice(seconds):
    while True:
        try:
            time.sleep(seconds)
        except BaseException:
            pass
