"""What runs beside the answer of kata 17."""

from __future__ import annotations

import time
from threading import Thread
from types import ModuleType
from typing import Any


def spans_of(answer: ModuleType, events: list[tuple[int, str, str]]) -> list[Any]:
    """Return the spans of `events`, as rows; what is no span is told in words."""
    made = answer.timeline([answer.Event(*event) for event in events])
    if not isinstance(made, list):
        return [repr(made)[:200]]
    return [
        (span.thread, span.start, span.end, span.what) if isinstance(span, answer.Span) else repr(span)[:200]
        for span in made
    ]


def picture(answer: ModuleType, spans: list[tuple[str, int, int, str]], width: int) -> str:
    """Return the picture of `spans`."""
    drawn: str = answer.draw([answer.Span(*span) for span in spans], width)
    return drawn


def dry_run(answer: ModuleType, events: list[tuple[int, str, str]], width: int) -> str:
    """Return the picture of the timeline of `events`."""
    drawn: str = answer.draw(answer.timeline([answer.Event(*event) for event in events]), width)
    return drawn


def print_tasks(_answer: ModuleType, delay: float) -> None:
    """Do what kata 01 asks for: two threads print five lines each, one after each wait."""

    def task(word: str, signs: str) -> None:
        for sign in signs:
            time.sleep(delay)
            print(f"{word} : {sign}")

    threads = [
        Thread(target=task, args=("Number", "01234"), name="numbers"),
        Thread(target=task, args=("Letter", "ABCDE"), name="letters"),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
