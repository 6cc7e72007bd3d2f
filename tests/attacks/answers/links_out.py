"""Lays links to folders of others where the grader cleans up, and a loop, a pipe and a name that can't be shown."""

import os


def total(numbers):
    os.symlink("@CLONE@", "clone")
    os.symlink("@CLONE@/exercises", os.path.join(os.environ["TMPDIR"], "exercises"))
    os.symlink("loop", "loop")
    os.mkfifo("pipe")
    open(b"\xff\n\x1b[2J", "w").close()
    return sum(numbers)


def say(text):
    total([])
    print(text)
