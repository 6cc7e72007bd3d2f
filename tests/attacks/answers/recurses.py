"""Recurses without end, in Python and on the stack of C."""

import sys


def total(numbers):
    return total(numbers)


def say(text):
    sys.setrecursionlimit(10**9)
    value = []
    for _ in range(10**6):
        value = [value]
    return say(repr(value))
