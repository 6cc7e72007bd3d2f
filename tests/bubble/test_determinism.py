"""The same function gives the same events, always: in this process, in another, and on a busy machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.bubble.playing import play_now

BUSY = "while True: pass"


@pytest.fixture
def load() -> Iterator[None]:
    """Keep four processes busy meanwhile."""
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(4)]
    yield
    for process in busy:
        process.kill()
        process.wait()


def test_five_processes_tell_the_same_tale(load: None) -> None:  # noqa: ARG001 - for its effect
    """Threads, locks, a bounded queue, a pool, a set of threads and ties; four busy loops beside it."""
    tales = [play_now("tales", "much_of_everything").functions["much_of_everything"] for _ in range(5)]
    assert len(tales[0].events) > 200
    assert all(tale.events == tales[0].events for tale in tales)
    assert {(tale.value, tale.seconds) for tale in tales} == {(135, tales[0].seconds)}


def test_a_second_run_in_the_process_tells_the_same_tale() -> None:
    """Names and numbers of threads and pools begin again."""
    names = ["much_of_everything", "a_pool_is_used", "print_numbers_in_a_thread"]
    together = play_now("tales", *names).functions
    for name in names:
        assert play_now("tales", name).functions[name].events == together[name].events
