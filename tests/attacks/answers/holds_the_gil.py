"""Never ends, in C, without letting go of the interpreter's lock: no other thread of it ever runs again."""

import ctypes


def total(numbers):
    ctypes.PyDLL(None).pause()
    return sum(numbers)


def say(text):
    while True:
        ctypes.PyDLL(None).pause()
