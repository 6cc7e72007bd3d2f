"""What a process prints is kept within bounds, and lines with the time at which they came."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.judge.capture import FLOOD, HEAD, TAIL, Capture


def test_lines_come_with_the_time_at_which_their_end_came() -> None:
    seen = Capture()
    seen.take(b"a\nb", 1.0)
    seen.take(b"c\n", 2.0)
    seen.take(b"rest", 3.0)
    seen.finish(4.0)
    assert seen.lines == [("a", 1.0, 0), ("bc", 2.0, 0), ("rest", 4.0, 0)]


def test_of_too_much_the_head_and_the_tail_are_kept_and_the_rest_is_counted() -> None:
    seen = Capture()
    for _ in range(100):
        seen.take(b"x" * 10_000, 0.0)
    seen.take(b"last", 0.0)
    left_out = 1_000_004 - HEAD - TAIL
    assert f"\n… {left_out} bytes left out …\n" in seen.text
    assert seen.text.endswith("xlast")
    assert len(seen.text) < HEAD + TAIL + 100


def test_a_flood_is_one_once_more_came_than_anybody_reads() -> None:
    seen = Capture()
    seen.take(b"x" * FLOOD, 0.0)
    assert not seen.flooded
    seen.take(b"x", 0.0)
    assert seen.flooded


def test_200_megabytes_are_kept_in_what_the_head_and_the_tail_take() -> None:
    seen = Capture()
    for _ in range(3200):
        seen.take(bytes(65536), 0.0)
    assert seen.total == 200 * 2**20
    assert len(seen._head) + len(seen._tail) + len(seen._unfinished) <= 2 * HEAD + TAIL


def test_bytes_that_are_no_text_are_spelt_out() -> None:
    seen = Capture()
    seen.take(b"\xff\r\n", 0.0)
    assert seen.text == "\\xff\n"


@settings(deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=10))
def test_however_output_is_cut_its_text_and_its_lines_are_the_same(parts: list[bytes]) -> None:
    cut, whole = Capture(), Capture()
    for part in parts:
        cut.take(part, 0.0)
    whole.take(b"".join(parts), 0.0)
    for seen in (cut, whole):
        seen.finish(0.0)
    assert (cut.text, cut.lines) == (whole.text, whole.lines)
    assert cut.text.isprintable() or cut.text.encode()
