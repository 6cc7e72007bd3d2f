"""Returns while a thread that is no daemon goes on for ever."""

import threading
import time


def total(numbers):
    threading.Thread(target=time.sleep, args=(600,)).start()
    return sum(numbers)


def say(text):
    total([])
    print(text)
