"""Says that it has finished after the first of two waits, and takes the second."""

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
    time.sleep(seconds)
    return 2
