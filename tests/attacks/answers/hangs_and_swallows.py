"""Never ends, and takes every exception that is to end it for a joke."""

import signal
import time

for number in (signal.SIGABRT, signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
    signal.signal(number, signal.SIG_IGN)


def total(numbers):
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass


say = total
