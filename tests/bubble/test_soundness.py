"""No schedule that differs is left out, and what fails can be made to fail again: on programs that hypothesis makes.

The programs are the same each time. To try many more, and others each time, for as long as you like:
``python -m pytest tests/bubble/test_soundness.py --hypothesis-profile=long --timeout=0``.
"""

from __future__ import annotations

import collections
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.bubble.proving import Prover
from tests.bubble.small import FAILING, Program, programs

IS_LONG = settings.get_current_profile_name() == "long"


def few(count: int) -> settings:
    """Return settings for `count` programs, the same ones each time, or for many if that was asked for."""
    return settings() if IS_LONG else settings(max_examples=count, derandomize=True, deadline=None, database=None)


@pytest.fixture(scope="module")
def prover(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prover]:
    with contextlib.closing(Prover(tmp_path_factory.mktemp("small"))) as made:
        yield made


def test_the_reduction_sees_all_that_plain_search_sees(prover: Prover) -> None:
    """Locks, conditions, events, semaphores, barriers, queues, timed waits and data; many end in a deadlock.

    Compared are the sets of traces (hashes of happens-before) with those of plain search, of sleep sets alone and of
    search in order of pre-emptions; and what the program returned, what its threads saw, who is stuck where, and the
    time. The latter also with each operation as a place to stop a thread, and no object told from another.
    """
    counts: collections.Counter[str] = collections.Counter()

    @few(24)
    @given(program=programs())
    def holds(program: Program) -> None:
        told = prover.ask("compare", program, most=120)
        counts.update(told["counts"])
        assert told["differs"] == [], program.source

    holds()
    assert counts["Plain"] >= 2
    assert counts["Sleepy"] >= 10
    assert counts["Ordered"] >= 6
    assert counts["Whole"] >= 6
    assert counts["deadlocks"] >= 3


def test_what_fails_fails_again_by_the_name_of_its_schedule(prover: Prover, tmp_path: Path) -> None:
    """Deadlocks, wrong values, errors of threads, locks that are kept: in the same process, and in a fresh one."""
    kinds: collections.Counter[str] = collections.Counter()

    @few(15)
    @given(program=programs(*FAILING))
    def holds(program: Program) -> None:
        told = prover.ask("fail", program, budget=60)
        if told is None:
            return
        failed, named = told["failed"], {name: told[name] for name in ("schedule", "expected")}
        assert told["again"] == failed, program.source
        with contextlib.closing(Prover(tmp_path)) as fresh:
            assert fresh.ask("replay", program, **named) == failed, program.source
        kinds[failed[0]] += 1

    holds()
    assert kinds.total() >= 8
    assert len(kinds) >= 3
