"""Keys: what a terminal sends, in any pieces, becomes the keys that were pressed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.watch.keys import Keys


@pytest.mark.parametrize(
    "sent,pressed",
    [
        (b"q", ["q"]),
        (b"\x1b[A\x1b[B", ["up", "down"]),
        (b"\x1bOA", ["up"]),
        (b"\x1b[5~\x1b[6~", ["pageup", "pagedown"]),
        (b"\x1b[1;5A", []),
        (b"\r\n\x7f\x04\x03", ["enter", "enter", "backspace", "eof", "interrupt"]),
        ("é".encode(), ["é"]),
        (b"\x0c", ["redraw"]),
        (b"\x1bq", []),
        (b"\x1b\x03", ["escape", "interrupt"]),
        (b"\x1b\x1b[A", ["escape", "up"]),
        (b"\x00\x01", []),
        (b"\x1b[200~x\ny\x1b[A\x1b[201~n", ["paste", "n"]),
    ],
)
def test_what_is_sent_is_read(sent: bytes, pressed: list[str]) -> None:
    assert Keys().feed(sent) == pressed
    keys = Keys()
    assert [key for number in sent for key in keys.feed(bytes([number]))] == pressed


def test_an_arrow_key_is_never_taken_for_escape_and_letters() -> None:
    keys = Keys()
    assert keys.feed(b"\x1b") == []
    assert keys.waits
    assert keys.feed(b"[") == []
    assert keys.feed(b"A") == ["up"]
    assert not keys.waits


def test_a_lone_escape_is_that_key_once_nothing_comes_after_it() -> None:
    keys = Keys()
    keys.feed(b"\x1b")
    assert keys.flush() == ["escape"]
    assert keys.flush() == []


@given(st.lists(st.binary(max_size=8), max_size=8))
def test_whatever_comes_is_read_and_nothing_is_kept_for_long(pieces: list[bytes]) -> None:
    keys = Keys()
    for piece in pieces:
        assert all(len(key) == 1 or key.isalpha() for key in keys.feed(piece))
    assert len(keys._rest) <= 64
