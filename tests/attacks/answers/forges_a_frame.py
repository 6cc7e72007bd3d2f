"""Writes what @FRAME@ stands for into the grader's channel: bytes that are no message of any of its versions."""

import os
import stat

FRAME = @FRAME@


def total(numbers):
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, FRAME)
        except OSError:
            pass
    os._exit(0)


say = total
