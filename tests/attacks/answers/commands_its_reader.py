"""Is wrong, and prints and raises what commands a terminal, a workflow, a browser and a spreadsheet."""

import sys

TEXT = "\x1b[2J\x1b]0;owned\x07::error file=x::y\n a ##[error]b\r::stop-commands::z\u202e\x9b31m\n=cmd|' /C calc'!A0\n</pre>"


class Odd(Exception):
    pass


Odd.__name__ = Odd.__qualname__ = f"Odd{TEXT}"


def total(numbers):
    sys.stderr.buffer.write(b"\xff\x00" + TEXT.encode())
    raise Odd(TEXT)


def say(text):
    print(TEXT)
