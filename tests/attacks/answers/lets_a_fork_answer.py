"""Ends, and lets a fork of itself return."""

import os


def total(numbers):
    if os.fork():
        os._exit(0)
    return sum(numbers)


def say(text):
    if os.fork():
        os._exit(0)
