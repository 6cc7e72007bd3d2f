"""What the lessons and hints of katas 21 to 26 say beside their blocks of code, as in `test_claims`."""

from __future__ import annotations

import functools
import math
import multiprocessing
import os
import pickle
import re
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lessons.test_claims import python

# --- 21


def test_a_pool_of_processes_that_is_given_nothing_starts_nothing() -> None:
    with ProcessPoolExecutor(max_workers=2) as pool:
        assert list(pool.map(math.factorial, [])) == []
        assert not multiprocessing.active_children()


def test_long_ints_are_pickled_and_compared_without_a_limit() -> None:
    value = math.factorial(5000)
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own
    with pytest.raises(ValueError, match="4300 digits"):
        str(value)
    with pytest.raises(ValueError, match="4300 digits"):
        int("9" * 4301)


# --- 22


def test_a_process_can_use_no_more_cpus_than_the_machine_has() -> None:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    assert 1 <= usable <= (os.cpu_count() or usable)


def test_process_cpu_count_counts_what_the_mask_allows(tmp_path: Path) -> None:
    if not (hasattr(os, "process_cpu_count") and hasattr(os, "sched_setaffinity")):
        pytest.skip("it came with Python 3.13, and this system may have no masks")
    done = python(
        """
        import os
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
        print(os.process_cpu_count())
        """,
        folder=tmp_path,
    )
    assert done.stdout == "1\n"


# --- 23


def test_a_file_that_is_opened_as_text_cuts_no_character(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("aé字😀" * 1000, encoding="utf-8")
    with path.open(encoding="utf-8", errors="replace") as file:
        pieces = list(iter(functools.partial(file.read, 7), ""))
    assert "".join(pieces) == "aé字😀" * 1000
    assert {len(piece) for piece in pieces[:-1]} == {7}


def test_whole_words_come_of_pieces_as_the_hints_say() -> None:
    text = "one two, three-four and a five " * 20
    for size in (1, 2, 3, 5, 8, 13, 1000):
        kept, counts = "", Counter[str]()
        for begin in range(0, len(text), size):
            piece = kept + text[begin : begin + size]
            kept = ""
            for word in re.finditer(r"\w+", piece):
                if word.end() == len(piece):
                    kept = word[0]
                else:
                    counts[word[0].lower()] += 1
        counts.update([kept] if kept else [])
        assert counts == Counter(re.findall(r"\w+", text))


# --- 24


def test_shared_memory_stays_when_all_have_closed_it_and_goes_when_it_is_unlinked(tmp_path: Path) -> None:
    done = python(
        """
        from multiprocessing.shared_memory import SharedMemory
        memory = SharedMemory(create=True, size=8)
        name = memory.name
        memory.buf[0] = 7
        keeper = SharedMemory(name)  # Windows removes what nobody has open
        memory.close()
        again = SharedMemory(name)
        print(again.buf[0], again.size >= 8)
        again.close()
        keeper.close()
        again.unlink()
        try:
            SharedMemory(name)
        except FileNotFoundError:
            print("gone")
        """,
        folder=tmp_path,
    )
    assert done.stdout.split() == ["7", "True", "gone"], done.stderr


def test_numpy_adds_bytes_past_their_end_without_a_word() -> None:
    numpy = pytest.importorskip("numpy")
    assert int((numpy.array([200], numpy.uint8) + numpy.array([100], numpy.uint8))[0]) == 44


# --- 25


def test_max_keeps_the_first_of_equals() -> None:
    scores = [1.0, 3.0, 3.0]
    assert max(range(3), key=lambda place: scores[place]) == 1
    assert max(zip(scores, "abc", strict=True)) == (3.0, "c")


# --- 26


def test_the_cpu_clock_of_a_process_does_not_run_while_it_sleeps() -> None:
    before = time.process_time()
    time.sleep(0.2)
    assert time.process_time() - before < 0.1


def test_a_thread_is_handed_the_same_object_and_a_process_a_copy() -> None:
    thing = [1]
    with ThreadPoolExecutor(max_workers=1) as pool:
        assert pool.submit(itself, thing).result() is thing
    with ProcessPoolExecutor(max_workers=1) as processes:
        back = processes.submit(itself, thing).result()
    assert back == thing
    assert back is not thing


def itself(thing: object) -> object:
    """Return what it is given."""
    return thing
