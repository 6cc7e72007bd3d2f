"""Answers in full after the first of two waits, takes the second, and leaves without another word."""

import json
import os
import stat
import struct
import time


def send(message):
    body = json.dumps(message).encode()
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, struct.pack(">I", len(body)) + body)
        except OSError:
            pass


def wait_twice(seconds):
    time.sleep(seconds)
    send({"finished": True})
    send({"reply": {"value": {"i": "0x2"}, "events": [], "left": []}})
    time.sleep(seconds)
    os._exit(0)
