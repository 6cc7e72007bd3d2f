"""Leaves semaphores, files and sockets behind under names that anybody could know, with nobody to clean them up."""

import os
import socket
from _multiprocessing import SemLock

kept = []


def leave():
    kept.append(SemLock(0, 1, 1, f"/grader-attack-{os.getpid()}", False))
    os.fork() or os._exit(0)
    for place in (os.environ["TMPDIR"], "."):
        open(os.path.join(place, "grader-attack"), "w").close()
        os.mkfifo(os.path.join(place, "grader-attack-pipe"))
    kept.append(socket.socket(socket.AF_UNIX))
    kept[-1].bind("\0grader-attack" + str(os.getpid()))
    kept[-1].listen()


def total(numbers):
    leave()
    return sum(numbers)


def say(text):
    leave()
    print(text)
