"""Returns in two processes: the second answer is to be taken for that of the next question."""

import os


def total(numbers):
    os.fork()
    return sum(numbers)


def say(text):
    if os.fork() == 0:
        os._exit(0)
    print(text)
