"""Durations: whole nanoseconds within, seconds to the reader."""

from __future__ import annotations

from typing import Final

SECOND: Final = 1_000_000_000
"""Nanoseconds of a second."""


def seconds(duration: int) -> float:
    """Return `duration` nanoseconds as seconds, rounded to 1 µs."""
    return round(duration / SECOND, 6)


def nanoseconds(duration: float) -> int:
    """Return `duration` seconds in whole nanoseconds, rounded up: nobody wakes early."""
    exact = duration * SECOND
    whole = int(exact)
    return whole if whole >= exact else whole + 1


def in_words(duration: int) -> str:
    """Return `duration` nanoseconds as seconds for a reader: ``2.0 s``, ``0.02 s``, ``1e-06 s``."""
    return f"{seconds(duration)!r} s"
