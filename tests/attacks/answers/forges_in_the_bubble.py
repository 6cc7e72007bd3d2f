"""Does not wait, and says in the bubble's name that it did, and in whichever order it was asked to."""

import json
import os
import stat
import struct


def send(message):
    body = json.dumps(message).encode()
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, struct.pack(">I", len(body)) + body)
        except OSError:
            pass


def wait_twice(seconds):
    if seconds > 1:
        send({"reply": {"value": {"i": "0x2"}, "seconds": seconds, "events": [], "left": []}})
        os._exit(0)
    return 2
