"""Prints 200 MB."""

import sys


def total(numbers):
    for _ in range(200):
        sys.stdout.write("x" * 1_000_000 + "\n")
    return sum(numbers)


def say(text):
    for _ in range(200):
        sys.stderr.write("x" * 1_000_000 + "\n")
    print(text)
