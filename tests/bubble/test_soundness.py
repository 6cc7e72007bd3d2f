"""No schedule that differs is left out: on random programs the reduction sees all that plain search sees."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bubble.playing import HERE, child


def test_random_programs_have_the_same_traces_and_ends_by_plain_search(tmp_path: Path) -> None:
    """Locks, conditions, events, semaphores, queues, timed waits and shared data; many of them end in a deadlock.

    Compared are the sets of traces (hashes of happens-before) with those of plain search, of sleep sets alone and of
    search in order of pre-emptions, and what the program returned, who is stuck where, and the time; the latter also
    with each operation as a place to stop a thread.
    """
    done = child(str(HERE / "soundness.py"), str(tmp_path), "0", "24", "200")
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["differ"] == {}
    assert told["counts"]["Plain"] >= 3
    assert told["counts"]["Sleepy"] >= 15
    assert told["counts"]["Ordered"] >= 10
    assert told["counts"]["Whole"] >= 15
    assert told["counts"]["deadlocks"] >= 5
