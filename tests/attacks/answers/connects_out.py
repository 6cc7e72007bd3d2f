"""Asks a stranger for the answer, over TCP and UDP, and if nobody is there, tells that it could."""

import socket


def asks(kind):
    with socket.socket(socket.AF_INET, kind) as stranger:
        stranger.settimeout(1.0)
        try:
            stranger.connect(("127.0.0.1", 9))
        except (ConnectionRefusedError, TimeoutError):
            pass


def total(numbers):
    asks(socket.SOCK_STREAM)
    return sum(numbers)


def say(text):
    asks(socket.SOCK_DGRAM)
    print(text)
