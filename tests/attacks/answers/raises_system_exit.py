"""Raises what is no Exception."""


def total(numbers):
    raise SystemExit(0)


def say(text):
    raise KeyboardInterrupt
