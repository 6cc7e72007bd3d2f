"""Saves as editors make them: some by rename, some in halves, some while the last one is still judged."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

from tests.watch.driver import Watched

_WAYS = ("in place", "by rename", "delete first", "in two halves")
_PAUSES = (0.0, 0.02, 0.1, 0.3)
_BURSTS = (1, 1, 2, 5)


def in_bursts(
    seen: Watched, path: Path, saves: int, answer: Callable[[], tuple[str, str]], between: Callable[[], str]
) -> int:
    """Save so many times; after each burst the last save has to be judged. Return how many bursts there were.

    Args:
        seen: the watch, on the kata of `path`.
        path: the file that is saved.
        saves: how many times.
        answer: makes another answer, and a text that only its verdict shows.
        between: makes an answer that is saved over before anybody asks for its verdict.

    Raises:
        AssertionError: if a last save is not judged.
    """
    rng, left, bursts = random.Random(1), saves, 0
    while left > 0:
        burst = min(left, rng.choice(_BURSTS))
        for _ in range(burst - 1):
            write(path, between(), rng.choice(_WAYS))
            time.sleep(rng.choice(_PAUSES))
        text, shown = answer()
        write(path, text, rng.choice(_WAYS))
        seen.until(shown, 60)
        left, bursts = left - burst, bursts + 1
    return bursts


def write(path: Path, text: str, way: str) -> None:
    """Write as one of the editors does."""
    if way == "by rename":
        beside = path.with_name(f".{path.name}.swp~")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
        return
    if way == "delete first":
        path.unlink()
    with path.open("w", encoding="utf-8") as file:
        half = len(text) // 2 if way == "in two halves" else 0
        file.write(text[:half])
        file.flush()
        file.write(text[half:])
