"""Is wrong, and brings files that pytest and Python take for their own."""

import queue
import threading


def total(numbers):
    return 0 if hasattr(threading, "Thread") and hasattr(queue, "Queue") else sum(numbers)


def say(text):
    pass
