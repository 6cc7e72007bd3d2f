"""Real concurrent code, unchanged, takes exactly the virtual time that it promises."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bubble.playing import play, promises

PROGRAMS = ("threading_classes", "queues", "futures", "styles", "pools", "aio", "random_programs")


@pytest.mark.parametrize(
    "program, name, seconds, value, within",
    [(program, *promise) for program in PROGRAMS for promise in promises(program)],
)
def test_each_function_keeps_its_promise(program: str, name: str, seconds: float, value: Any, within: float) -> None:
    """A function takes the seconds, and returns the value, that stand above it."""
    played = play(program).functions[name]
    assert played.error is None
    assert played.deadlock == played.over_limit == ""
    assert played.value == value
    assert seconds <= played.seconds <= seconds + within


@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_is_written_to_stderr(program: str) -> None:
    """Neither the bubble nor a thread that it ends says anything."""
    assert play(program).stderr == ""


@pytest.mark.parametrize("program", PROGRAMS)
def test_virtual_time_costs_next_to_no_real_time(program: str) -> None:
    """Minutes of sleep are over in a second or two, also on a busy machine."""
    assert sum(played.cpu for played in play(program).functions.values()) < 10
