"""What grading asks of a judge, and what a judge says: plain data, without pytest."""

from __future__ import annotations

from typing import Final

import msgspec

from grader.verdict import Check


class Order(msgspec.Struct, frozen=True):
    """The checks `names` of `test_file`, on the answer in the folder `answer`; else as `grader.judge.setup.Setup`.

    `keep` says that more orders for the same file will come: see `grader.judge.collected`.
    """

    test_file: str
    names: tuple[str, ...]
    module: str
    file: str
    waits: bool
    probes: str
    answer: str
    runs: str
    time_scale: float
    user: int | None
    schedule: str = ""
    keep: bool = False


class Line(msgspec.Struct, frozen=True):
    """What a judge says: its process first, then each check, then that it is done."""

    pid: int = 0
    check: Check | None = None
    leftovers: tuple[str, ...] = ()
    done: bool = False


ORDERS: Final = msgspec.json.Decoder(Order)
LINES: Final = msgspec.json.Decoder(Line)
"""Made here, while there is one thread: of two that are the first to decode a type one would get what is half made,
and msgspec 0.22 would end the process by SIGSEGV.
"""
