"""The language that both sides speak: frames, tagged values and events.

This is the one module that the judge and the learner's process both import, so it needs the standard
library only. Whatever is *read* here may have been written by hostile code: `decode` and `Frames.feed`
raise `WireError` for anything that is not well formed, and nothing else.

Values cross as tagged JSON, because JSON alone turns ``(1, 2)`` into ``[1, 2]`` and ``{1: 2}`` into
``{"1": 2}``. ``None``, booleans, strings and lists stand for themselves; everything else is an object with
one key: ``{"i": "0x2a"}``, ``{"f": "0x1.8p+0"}``, ``{"t": [...]}`` and so on, as `encode` writes them.
"""

from __future__ import annotations

import dataclasses
import json
import struct
from collections.abc import Callable
from typing import Any, Final

MAX_FRAME: Final = 4 * 2**20
"""Bytes that one frame may have; more is a broken protocol. Read as values it takes up to 50 times as much."""

MAX_DEPTH: Final = 50
"""How deeply a value may be nested."""

MAX_LEVELS: Final = 4 * MAX_DEPTH
"""How deeply a frame may be nested, with all tags: who reads or writes it again may do so by recursion."""

_HEADER: Final = struct.Struct(">I")


class WireError(ValueError):
    """The bytes are not a frame, or the frame is not a value, that this protocol knows."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Unsendable:
    """Stands for a value that is not plain data; `type` is the name of its class."""

    type: str

    def __repr__(self) -> str:
        return f"<{self.type}>" if " " in self.type else f"<an object of type {self.type}>"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Raised:
    """An exception as data: its class's name, its text and, for a group, what it holds."""

    type: str
    text: str
    parts: tuple[Raised, ...] = ()
    bases: tuple[str, ...] = ()
    """Names of the classes that it derives from, itself first."""

    def __repr__(self) -> str:
        return f"{self.type}({self.text!r})"


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """One thing that a thread or process did.

    Attributes:
        at: seconds since the call began, by the clock of the run (virtual in the bubble).
        lane: the thread's or process's name.
        what: ``start``, ``run``, ``sleep``, ``wait`` and ``end`` change what the lane is doing from here on, and so
            does ``ready`` (it could go on, but another does), which only the outside makes, of stories;
            ``print``, ``acquire``, ``release`` and ``note`` are points in time.
        detail: in words: what is printed, waited for, by whom it is held.
        file, line: the learner's own line that did it; ``""`` and 0 where there is none.
    """

    at: float
    lane: str
    what: str
    detail: str = ""
    file: str = ""
    line: int = 0


def encode(value: object, depth: int = 0) -> Any:
    """Return `value` as tagged, JSON-ready data; what is not plain data becomes an `Unsendable`.

    Types are matched exactly: a subclass of ``int`` with an odd ``__eq__`` is not an int.
    """
    if depth > MAX_DEPTH:
        return {"u": "a value nested too deeply"}
    kind = type(value)
    if kind in _CONTAINERS:
        return _encode_container(value, kind, depth)
    if kind in _WRITERS:
        return _WRITERS[kind](value)
    if issubclass(kind, Raised | BaseException):  # not isinstance, which would ask the value what it says it is
        error = value if kind is Raised else describe(value)  # type: ignore[arg-type]
        return _encode_raised(error, depth)  # type: ignore[arg-type]
    return {"u": value.type if kind is Unsendable else kind.__name__}  # type: ignore[attr-defined]


def _encode_text(text: str) -> Any:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return {"x": text.encode("utf-8", "surrogatepass").hex()}
    return text


_WRITERS: Final[dict[type, Callable[[Any], Any]]] = {
    type(None): lambda value: value,
    bool: lambda value: value,
    str: _encode_text,
    int: lambda value: {"i": hex(value)},
    float: lambda value: {"f": value.hex()},
    bytes: lambda value: {"b": value.hex()},
    bytearray: lambda value: {"b": value.hex()},
}
_CONTAINERS: Final[dict[type, str]] = {list: "", tuple: "t", set: "s", frozenset: "z", dict: "d"}


def _encode_container(value: Any, kind: type, depth: int) -> Any:
    if len(value) > MAX_FRAME // 2:
        return {"u": f"a {kind.__name__} of {len(value)} items"}
    if kind is dict:
        return {"d": [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in value.items()]}
    items = [encode(item, depth + 1) for item in value]
    return items if kind is list else {_CONTAINERS[kind]: items}


def _encode_raised(error: Raised, depth: int) -> Any:
    parts = [] if depth > MAX_DEPTH else [_encode_raised(part, depth + 1) for part in error.parts]
    return {"e": [_encode_text(error.type), _encode_text(error.text), parts, list(error.bases)]}


def describe(error: BaseException, depth: int = 0) -> Raised:
    """Return `error` as data. Its ``__str__`` is the learner's code and may raise: then the text says so."""
    try:
        text = str(error)[:4000]
    except BaseException as problem:  # noqa: BLE001 - str() runs the learner's code, which may raise anything
        text = f"(its text could not be made: {type(problem).__name__})"
    is_group = issubclass(type(error), BaseExceptionGroup) and depth < MAX_DEPTH
    inner = error.exceptions[:100] if is_group else ()  # type: ignore[attr-defined]
    parts = tuple(describe(part, depth + 1) for part in inner)
    bases = tuple(base.__name__ for base in type(error).__mro__[:20])
    return Raised(type(error).__name__, text, parts, bases)


def decode(data: Any, depth: int = 0) -> Any:
    """Return the value that `encode` made `data` of.

    Raises:
        WireError: for anything that `encode` cannot have written.
    """
    if depth > MAX_DEPTH + 2:
        raise WireError("nested too deeply")
    if data is None or isinstance(data, bool | str):
        return data
    if isinstance(data, list):
        return [decode(item, depth + 1) for item in data]
    if not isinstance(data, dict) or len(data) != 1:
        raise WireError(f"not a tagged value: {type(data).__name__}")
    ((tag, body),) = data.items()
    try:
        return _READERS[tag](body, depth + 1)
    except WireError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise WireError(f"a bad {tag!r}: {type(error).__name__}") from error


def _decode_raised(body: Any, depth: int) -> Raised:
    kind, text, parts, bases = body
    if not isinstance(bases, list) or not all(isinstance(base, str) for base in bases):
        raise WireError("bad bases")
    names = decode(kind), decode(text)
    if not all(isinstance(name, str) for name in names) or depth > MAX_DEPTH + 2:
        raise WireError("a bad exception")
    return Raised(*names, tuple(_decode_raised(part["e"], depth + 1) for part in parts), tuple(bases))


_READERS: Final = {
    "i": lambda body, _: int(_text(body), 16),
    "f": lambda body, _: float.fromhex(_text(body)),
    "x": lambda body, _: bytes.fromhex(_text(body)).decode("utf-8", "surrogatepass"),
    "b": lambda body, _: bytes.fromhex(_text(body)),
    "u": lambda body, _: Unsendable(_text(body)),
    "t": lambda body, depth: tuple(decode(item, depth) for item in _items(body)),
    "s": lambda body, depth: set(_hashed([decode(item, depth) for item in _items(body)])),
    "z": lambda body, depth: frozenset(_hashed([decode(item, depth) for item in _items(body)])),
    "d": lambda body, depth: _mapping([(decode(k, depth), decode(v, depth)) for k, v in _items(body)]),
    "e": _decode_raised,
}


def _hashed(items: list[Any]) -> list[Any]:
    """Return `items`, to be put into one set; what was made so that all have one hash would take for ever."""
    if len(items) - len(set(map(hash, items))) > _MAX_COLLISIONS:
        raise WireError("too many items with the same hash")
    return items


_MAX_COLLISIONS: Final = 100


def _mapping(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    _hashed([key for key, _ in pairs])
    return dict(pairs)


def _text(body: Any) -> str:
    if not isinstance(body, str):
        raise WireError("text expected")
    return body


def _items(body: Any) -> list[Any]:
    if not isinstance(body, list):
        raise WireError("a list expected")
    return body


def pack(message: dict[str, Any]) -> bytes:
    """Return `message` as one frame: its length as four bytes, then JSON.

    Raises:
        WireError: if it is longer than `MAX_FRAME`.
    """
    body = json.dumps(message, separators=(",", ":"), allow_nan=False).encode()
    if len(body) > MAX_FRAME:
        raise WireError(f"a message of {len(body)} bytes, more than {MAX_FRAME}")
    return _HEADER.pack(len(body)) + body


class Frames:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Take `data` and return the messages that are complete now.

        Raises:
            WireError: for a frame that is too long, not JSON, or not an object.
        """
        self._buffer += data
        messages = []
        while len(self._buffer) >= _HEADER.size:
            (length,) = _HEADER.unpack_from(self._buffer)
            if length > MAX_FRAME:
                raise WireError(f"a frame of {length} bytes")
            end = _HEADER.size + length
            if len(self._buffer) < end:
                break
            messages.append(_parse(bytes(self._buffer[_HEADER.size : end])))
            del self._buffer[:end]
        return messages


def _parse(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body.decode())
        if _SURROGATE in body.lower():  # written as \ud800, which nobody can print or save; `encode` has a tag for it
            json.dumps(message, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {type(error).__name__}") from error
    if not isinstance(message, dict):
        raise WireError("not an object")
    if _is_too_deep(message):
        raise WireError("nested too deeply")
    return message


def _is_too_deep(message: Any) -> bool:
    """Tell whether `message` has more levels than `encode` writes."""
    level = [message]
    for _ in range(MAX_LEVELS):
        if not level:
            return False
        below = (one.values() if type(one) is dict else one for one in level)
        level = [item for items in below for item in items if type(item) in _NESTED]
    return True


_NESTED: Final = (dict, list)


_SURROGATE: Final = rb"\ud"


def read_events(data: Any, limit: int = 40_001) -> tuple[Event, ...]:
    """Return the events in `data`, a list of lists as `write_events` makes it.

    Raises:
        WireError: if one is not an event.
    """
    if not isinstance(data, list):
        raise WireError("a list of events expected")
    return tuple(_read_event(row) for row in data[:limit])


def _read_event(row: Any) -> Event:
    if not isinstance(row, list) or tuple(map(type, row)) not in _EVENT_TYPES:
        raise WireError("not an event")
    at, lane, what, detail, file, line = row
    if not 0 <= at <= _LATEST or not 0 <= line <= _LAST_LINE:
        raise WireError("an event out of this world")
    return Event(float(at), lane[:_NAME], what[:_NAME], detail[:_DETAIL], file[:_NAME], line)


_LATEST: Final = 1e9
_LAST_LINE: Final = 10**9
_NAME: Final = 200
_DETAIL: Final = 2000
_EVENT_TYPES: Final = ((float, str, str, str, str, int), (int, str, str, str, str, int))


def write_events(events: list[Event] | tuple[Event, ...]) -> list[list[Any]]:
    """Return `events` as JSON-ready rows, times rounded to 1 µs."""
    return [
        [max(0.0, round(e.at, 6)), printable(e.lane), e.what, printable(e.detail), printable(e.file), e.line]
        for e in events
    ]


def printable(text: str, limit: int = _DETAIL) -> str:
    """Return `text`, cut at `limit` characters, with lone surrogates spelt out: fit for a frame."""
    return text[:limit].encode("utf-8", "backslashreplace").decode()
