"""Whatever is in a kata's settings, in what is handed in or in the judge's channel: a sentence, never a traceback."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader import course, notes, submission
from grader.verdict import Status
from tests import tiny_course

PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
KEYS = st.sampled_from(["title", "part", "points", "files", "needs", "python", "packages", "given", "colour", ""])
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
TEXT = st.text(st.sampled_from("\"'[]{}(),=.#\n\\ abc01defclassimport:@*\t\0é"), max_size=200)
WORDS = st.lists(
    st.sampled_from(
        ["def f():", "class A:", "    pass", "    raise NotImplementedError", "import", "from", "async", "await",
         "x = [", "]", "(", ")", "lambda:", "match x:", "    case", "'''", "f'{", "}'",
         "# coding: rot13", "\t", "\n", "\\", "0"]
    ),
    max_size=20,
)  # fmt: skip


def toml(value: Any) -> str:
    """Return `value` as TOML, or as near as it comes: what TOML has not is written as Python has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {toml(item)}' for key, item in value.items()) + "}"
    return repr(value)


def told(settings_text: bytes) -> str:
    """Load a course whose only kata has these settings; return in which words it is refused, "" if it is not."""
    with tempfile.TemporaryDirectory() as name:
        root = tiny_course.make(Path(name))
        (root / "exercises/01_double/kata.toml").write_bytes(settings_text)
        try:
            course.load(root)
        except course.CourseError as error:
            return str(error)
        return ""


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=100) | TEXT.map(str.encode))
def test_settings_that_are_anything_are_a_course_or_a_sentence(text: bytes) -> None:
    assert len(told(text).splitlines()) <= 1


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(KEYS, VALUES, max_size=6))
@example({"files": ["../double.py"]})
@example({"files": ["double.py", "double.py"]})
@example({"points": 10**400})
@example({"part": float("nan")})
@example({"python": ">=x"})
@example({"packages": [""]})
@example({"needs": []})
def test_settings_of_any_kind_are_a_course_or_a_sentence(changes: dict[str, Any]) -> None:
    known = {"title": "A kata", "part": 1, "points": 3, "files": ["double.py"], "needs": "io"} | changes
    text = "\n".join(f'"{key}" = {toml(value)}' for key, value in known.items())
    assert len(told(text.encode("utf-8", "replace")).splitlines()) <= 1


def read(data: bytes, called: str = "handed_in.py") -> submission.Answer:
    """Read an answer to a kata that consists of these bytes."""
    with tempfile.TemporaryDirectory() as name:
        root = tiny_course.make(Path(name))
        (kata,) = course.load(root).katas
        (root / called).write_bytes(data)
        return submission.read(kata, root / called)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200) | TEXT.map(str.encode) | WORDS.map(lambda words: "\n".join(words).encode()))
@example(b"\xef\xbb\xbf")
@example(b"# coding: utf-16\n")
@example(b"# coding: no such thing\n")
@example(b"-" * 100_000 + b"1")
@example(b"(" * 10_000)
@example(b"x" + b".x" * 50_000)
@example(b"x" + b".x" * 600 + b" = 1")
@example(b"# coding: punycode\n" + b"a" * 60_000)
@example(b"\r# coding: utf-7\n+AHgAPQAx-\n")
@example(b"f'{" * 1000)
@example(b"9" * 100_000)
def test_an_answer_that_is_anything_is_judged_or_refused_in_words(data: bytes) -> None:
    answer = read(data)
    assert answer.status in (None, Status.CRASHED, Status.NOT_STARTED)
    assert (answer.message == "") == (answer.status is None)
    assert answer.message.isprintable() or answer.status is Status.CRASHED
    notes.read(answer)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(VALUES | TEXT | WORDS.map("\n".join), max_size=4),
    st.dictionaries(st.sampled_from(["nbformat", "cells", "metadata"]), VALUES, max_size=2),
)
@example(["def double(n): return " + "n + " * 900 + "n"], {})
@example(["double = 1\n%x\n" + " " * 60_000], {})
@example(["x" + ".x" * 600 + " = 1"], {})
def test_a_notebook_that_is_anything_is_judged_or_refused_in_words(texts: list[Any], more: dict[str, Any]) -> None:
    found = [{"cell_type": "code", "source": text} for text in texts]
    data = json.dumps({"nbformat": 4, "cells": found} | more).encode()
    answer = read(data, "handed_in.ipynb")
    assert answer.status in (None, Status.CRASHED, Status.NOT_STARTED)
    assert (answer.message == "") == (answer.status is None)
    notes.read(answer)
