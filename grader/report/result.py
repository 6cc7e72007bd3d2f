"""A result as JSON, ``grader/result/v1``; ``result.schema.json`` beside this file describes it."""

from __future__ import annotations

import inspect
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.printable import line
from grader.report import messages, wording
from grader.verdict import SCHEMA, Result

SCHEMA_FILE: Final = Path(__file__).with_name("result.schema.json")
_LATER: Final = {"time_scale", "practice", "interrupted", "excerpt", "schedules", "hint"}
"""Keys that v1 gained after it was fixed: written always, but older results lack them."""


class UnreadableError(ValueError):
    """The bytes are no result; the text says why in a sentence."""


_RESULTS: Final = msgspec.json.Decoder(Result)
"""Made here for the same reason as `grader.judge.orders.LINES`."""


def encode(result: Result) -> bytes:
    """Return `result` as JSON text in UTF-8, ``"schema"`` first; characters that nobody sees are escaped in it."""
    plain: dict[str, Any] = msgspec.to_builtins(result)
    body = {"schema": plain.pop("schema")} | plain
    text = msgspec.json.format(msgspec.json.encode(_tidy(body)), indent=2).decode()
    return _UNSEEN.sub(_escaped, text).encode() + b"\n"


_UNSEEN: Final = re.compile(r"[^\x00-\x7e\w]")
"""What may be no character to be seen: only these are looked at one by one."""


def _escaped(found: re.Match[str]) -> str:
    """Return a character as it is if it can be seen, else as JSON escapes it."""
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]


def decode(data: bytes) -> Result:
    """Return the result that `data` holds. Keys that are not known are ignored.

    Raises:
        UnreadableError: if it holds none, or one that no run can have.
    """
    try:
        result = _RESULTS.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(messages.no_result(error)) from error
    if result.schema != SCHEMA:
        raise UnreadableError(messages.another_kind(result.schema, SCHEMA))
    for fault in _faults(result):
        raise UnreadableError(messages.impossible(line(fault, 400)))
    return result


def _faults(result: Result) -> Iterator[str]:
    """Yield what no run can have: more points than there are, something twice, or a sum of other points."""
    yield from _twice([kata.kata for kata in result.katas])
    for kata in result.katas:
        yield from _twice([f"{kata.kata}: {check.name}" for check in kata.checks])
        for check in kata.checks:
            if not 0 <= check.points <= check.max_points:
                points = messages.points(check.points, check.max_points)
                yield messages.has(f"{kata.kata}: {check.name}", points)
        yield from _missummed(kata.kata, (kata.points, kata.max_points), wording.points_of(kata))
    yield from _missummed(messages.WHOLE, (result.score, result.max_score), wording.points(result))


def _twice(names: Sequence[str]) -> Iterator[str]:
    yield from (messages.twice(name) for name, times in Counter(names).items() if times > 1)


def _missummed(name: str, told: tuple[int, int], summed: tuple[int, int]) -> Iterator[str]:
    if told != summed:
        yield messages.has(name, messages.points(*told), messages.points(*summed))


def schema() -> bytes:
    """Return the JSON Schema of results: what v1 promises, and room for more."""
    (found,), components = msgspec.json.schema_components([Result], ref_template="#/$defs/{name}")
    for component in components.values():
        if "description" in component:
            component["description"] = inspect.cleandoc(component["description"])  # as Python 3.13 has it
        if "properties" in component:
            component["required"] = [key for key in component["properties"] if key not in _LATER]
    top = components.pop("Result")
    top["properties"]["schema"] = {"const": SCHEMA}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA}
    assert found == {"$ref": "#/$defs/Result"}
    return msgspec.json.format(msgspec.json.encode(head | top | {"$defs": components}), indent=2) + b"\n"


def _tidy(value: Any) -> Any:
    """Return `value` with what JSON in UTF-8 cannot hold spelt out: what answers say may hold anything."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else 0.0
    if isinstance(value, dict):
        return {_tidy(key): _tidy(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_tidy(item) for item in value]
    return value
