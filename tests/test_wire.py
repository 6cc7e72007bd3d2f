"""What crosses between the sides: plain values come back as they were, and hostile bytes raise `WireError` only."""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader import wire

UNHURRIED = settings(deadline=None)
"""The machine may be busy; how long an example takes says nothing then."""

ANY_TEXT = st.text(st.characters(), max_size=20)
"""Lone surrogates among it: a file name or an argument of a learner's may hold them."""
LEAVES = st.deferred(
    lambda: (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | ANY_TEXT
        | st.binary(max_size=20)
        | st.integers(0, 9).map(lambda digit: 10**5000 + digit)
    )
)
HASHABLE: st.SearchStrategy[Any] = st.deferred(
    lambda: LEAVES | st.lists(HASHABLE, max_size=2).map(tuple) | st.frozensets(HASHABLE, max_size=2)
)
VALUES: st.SearchStrategy[Any] = st.deferred(
    lambda: (
        LEAVES
        | st.lists(VALUES, max_size=3)
        | st.lists(VALUES, max_size=3).map(tuple)
        | st.dictionaries(HASHABLE, VALUES, max_size=3)
        | st.sets(HASHABLE, max_size=3)
    )
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["i", "f", "x", "b", "u", "t", "s", "z", "d", "e", "?"]), inner, max_size=2)
    ),
    max_leaves=10,
)


def name(value: object) -> str:
    """Return a short name for a test of `value`."""
    return f"{type(value).__name__}:{hex(value)[:12] if type(value) is int else repr(value)[:20]}"


def shape(value: Any) -> Any:
    """Return `value` with the type of each of its parts, in a form that tells True from 1 and 1 from 1.0."""
    if isinstance(value, dict):
        return dict, sorted(((repr(shape(k)), repr(shape(v))) for k, v in value.items()))
    if isinstance(value, set | frozenset):
        return type(value), sorted(repr(shape(item)) for item in value)
    if isinstance(value, list | tuple):
        return type(value), [shape(item) for item in value]
    return type(value), hex(value) if type(value) is int else repr(value)


def cross(value: object) -> Any:
    """Return what becomes of `value` on its way to the other side."""
    (message,) = wire.Frames().feed(wire.pack({"value": wire.encode(value)}))
    return wire.decode(message["value"])


@UNHURRIED
@given(VALUES)
def test_plain_values_come_back_with_all_their_types(value: object) -> None:
    assert shape(cross(value)) == shape(value)


@pytest.mark.parametrize(
    "value", [math.inf, -math.inf, -0.0, "\ud800", "a\0b", 2**200_000, (), {(): set()}, b"\xff"], ids=name
)
def test_values_that_json_has_no_words_for_come_back(value: object) -> None:
    assert shape(cross(value)) == shape(value)


def test_not_a_number_comes_back() -> None:
    assert math.isnan(cross(math.nan))


class Odd(int):
    """An int that is equal to everything."""

    __hash__ = int.__hash__

    def __eq__(self, other: object) -> bool:
        return True


@pytest.mark.parametrize("value", [Odd(4), type("Text", (str,), {})("x"), object(), print, Odd], ids=name)
def test_what_is_not_plain_data_crosses_as_its_type_name_only(value: object) -> None:
    assert cross([value]) == [wire.Unsendable(type(value).__name__)]


def test_an_unsendable_is_shown_in_words() -> None:
    assert repr(cross([Odd(4)])) == "[<an object of type Odd>]"


def test_exceptions_cross_as_data_with_what_a_group_holds() -> None:
    raised = cross(ExceptionGroup("two", [ValueError("a"), ExceptionGroup("in", [KeyError("b")])]))
    assert (raised.type, raised.text) == ("ExceptionGroup", "two (2 sub-exceptions)")
    assert [part.type for part in raised.parts] == ["ValueError", "ExceptionGroup"]
    assert raised.parts[1].parts[0].bases[:3] == ("KeyError", "LookupError", "Exception")
    assert repr(raised.parts[0]) == "ValueError('a')"


def test_an_exception_whose_text_cannot_be_made_still_crosses() -> None:
    class BadError(Exception):
        def __str__(self) -> str:
            raise SystemExit

    assert cross(BadError()).text == "(its text could not be made: SystemExit)"


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def test_values_may_be_nested_as_deeply_as_the_limit_says() -> None:
    assert cross(nested(wire.MAX_DEPTH)) == nested(wire.MAX_DEPTH)


def test_what_is_nested_more_deeply_is_cut_there() -> None:
    assert "<a value nested too deeply>" in repr(cross(nested(100_000)))


def test_a_value_that_holds_itself_is_cut_too() -> None:
    value: list[Any] = []
    value.append(value)
    assert "<a value nested too deeply>" in repr(cross(value))


@UNHURRIED
@given(JSON)
@example({"e": ["A", "b", [{"e": 1}], []]})
@example({"d": [[[], 1]]})
@example({"s": [[]]})
@example({"f": "0x1p99999"})
@example({"i": None})
@example({"x": "ff"})
@example({"u": {}})
def test_decoding_what_anybody_wrote_gives_a_value_or_a_wire_error(data: object) -> None:
    try:
        value = wire.decode(data)
    except wire.WireError:
        return
    assert shape(cross(value)) == shape(value)


@pytest.mark.parametrize("tag", ["t", "s", "z", "d", "e"])
def test_decoding_never_goes_deeper_than_the_limit(tag: str) -> None:
    data: Any = None
    for _ in range(500):
        data = {"e": ["A", "", [data], []]} if tag == "e" else {tag: [[None, data]] if tag == "d" else [data]}
    with pytest.raises(wire.WireError):
        wire.decode(data)


@pytest.mark.parametrize("tag", ["s", "z", "d"])
def test_items_made_to_have_one_hash_are_refused_at_once(tag: str) -> None:
    """A set of 100,000 of them would take the judge minutes to build."""
    same_hash = [{"i": hex(number * (2**61 - 1))} for number in range(1, 100_000)]
    with pytest.raises(wire.WireError, match="same hash"):
        wire.decode({tag: [[item, None] for item in same_hash] if tag == "d" else same_hash})


def frame(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


def feed(data: bytes) -> list[dict[str, Any]]:
    return wire.Frames().feed(data)


@UNHURRIED
@given(st.binary(max_size=200))
@example(b"\xff\xff\xff\xff")
@example(frame(b"\xff"))
@example(frame(b""))
def test_feeding_any_bytes_gives_messages_or_a_wire_error(data: bytes) -> None:
    try:
        messages = feed(data)
    except wire.WireError:
        return
    assert all(type(message) is dict for message in messages)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"1",
        b'"text"',
        b"{",
        b'{"a":' * 10_000,
        b"[" * 200_000,
        b'{"a":' + b"9" * 5_000 + b"}",
        b'{"a": "\\ud800"}',
        b'{"\\uD800": 1}',
        '{"a": 1}'.encode("utf-16"),
        b'{"a": "\xed\xa0\x80"}',
    ],
    ids=name,
)
def test_a_frame_that_no_side_writes_is_refused(body: bytes) -> None:
    with pytest.raises(wire.WireError):
        feed(frame(body))


def test_a_frame_may_be_as_long_as_the_limit_and_no_longer() -> None:
    text = "x" * (wire.MAX_FRAME - len('{"a":""}'))
    assert feed(wire.pack({"a": text})) == [{"a": text}]
    with pytest.raises(wire.WireError, match="bytes"):
        wire.pack({"a": text + "x"})
    with pytest.raises(wire.WireError, match="bytes"):
        feed(struct.pack(">I", wire.MAX_FRAME + 1))


def test_astral_characters_are_no_lone_surrogates() -> None:
    assert feed(wire.pack({"a": "🧵\\ud"})) == [{"a": "🧵\\ud"}]


@UNHURRIED
@given(st.lists(st.dictionaries(ANY_TEXT.filter(str.isprintable), st.integers()), max_size=5), st.data())
def test_messages_come_whole_however_the_stream_is_cut(messages: list[dict[str, int]], data: st.DataObject) -> None:
    stream = b"".join(map(wire.pack, messages))
    frames, got = wire.Frames(), []
    while stream:
        cut = data.draw(st.integers(1, len(stream)))
        got += frames.feed(stream[:cut])
        stream = stream[cut:]
    assert got == messages


def test_events_come_back_rounded_to_microseconds() -> None:
    events = (wire.Event(1.23456789, "worker-1", "print", "hello", "a.py", 3), wire.Event(2.0, "b", "end"))
    rows = json.loads(json.dumps(wire.write_events(events)))
    assert wire.read_events(rows) == (wire.Event(1.234568, "worker-1", "print", "hello", "a.py", 3), events[1])


def test_names_that_nobody_can_print_are_spelt_out_in_events() -> None:
    (row,) = wire.write_events([wire.Event(0.0, "\ud800", "print", "\ud801")])
    assert (row[1], row[3]) == ("\\ud800", "\\ud801")


def row(**changes: Any) -> list[Any]:
    return list(({"at": 1, "lane": "a", "what": "end", "detail": "", "file": "", "line": 0} | changes).values())


@pytest.mark.parametrize("at", [math.nan, math.inf, -1, 10**400, True, "1", None], ids=name)
def test_an_event_at_no_time_is_refused(at: object) -> None:
    with pytest.raises(wire.WireError):
        wire.read_events([row(at=at)])


@pytest.mark.parametrize("line", [-1, 10**30, 1.0, True, "1"], ids=name)
def test_an_event_on_no_line_is_refused(line: object) -> None:
    with pytest.raises(wire.WireError):
        wire.read_events([row(line=line)])


def test_the_texts_of_events_are_cut() -> None:
    (event,) = wire.read_events([row(lane="a" * 10**6, detail="b" * 10**6, file="c" * 10**6)])
    assert len(event.lane) + len(event.detail) + len(event.file) < 3_000


def test_more_events_than_anybody_draws_are_left_out() -> None:
    assert len(wire.read_events([row()] * 30, limit=20)) == 20


@UNHURRIED
@given(JSON)
def test_reading_events_from_anything_gives_events_or_a_wire_error(data: object) -> None:
    try:
        events = wire.read_events(data)
    except wire.WireError:
        return
    assert all(isinstance(event, wire.Event) for event in events)


def nested_dict(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = {(1,): value}
    return value


def test_what_is_nested_as_deeply_as_may_be_crosses_with_all_its_tags() -> None:
    reply = {"reply": {"explored": {"values": [[wire.encode(nested_dict(100)), ""]]}}}
    assert wire.Frames().feed(wire.pack(reply)) == [reply]


def test_a_frame_that_is_nested_more_deeply_is_refused() -> None:
    """Who writes it again, as JSON say, would come to the end of his stack."""
    frame = wire.pack({"story": json.loads("[" * wire.MAX_LEVELS + "]" * wire.MAX_LEVELS)})
    with pytest.raises(wire.WireError, match="nested too deeply"):
        wire.Frames().feed(frame)
