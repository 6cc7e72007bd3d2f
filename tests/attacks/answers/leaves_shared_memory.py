"""Leaves shared memory behind, with nobody to clean it up."""

import os


def total(numbers):
    with open("/dev/shm/grader-attack", "w") as file:
        file.write("x")
    return sum(numbers)


def say(text):
    print(text if os.path.exists("/dev/shm") else "")
