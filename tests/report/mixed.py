"""A result that holds some of everything, real ones among it, and results whose every text is a stranger's."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from hypothesis import strategies as st
from msgspec.structs import replace

from grader.report.result import decode
from grader.verdict import Check, Event, Excerpt, Result, Status, Verdict, Where

GOLDEN = Path(__file__).with_name("real")
MIXED = decode((GOLDEN / "mixed.json").read_bytes())

FILES = {kata.kata: {f"{kata.kata[3:]}.py": f"exercises/{kata.kata}/{kata.kata[3:]}.py"} for kata in MIXED.katas}

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style></script></textarea><!--",
    "{{ 7 * 7 }}{% raw %}",
    "```\n# out of the block\n~~~\n````````",
    "</details></summary><b>out</b>",
    "::error file=x::y\n  ::stop-commands::z\r::add-mask::a\n##[group]b ##[error]c",
    "%0A::error::x%25 , : ",
    "https://evil.example/?a=b www.evil.example @someone #1 [a](https://evil.example) ![i](x)",
    "\x1b]8;;http://evil\x1b\\link \u202e\ud800 \0 \ufffe",
    "url(#x); } body { display: none }",
    "a" * 50_000,
)

strings = st.one_of(st.sampled_from(NASTY), st.text(max_size=60), st.text("`~<>&\"':#[]%,\n\r\t @/\\", max_size=40))


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - we wrote it a moment ago


def hostile(text: str, number: int = 1) -> Result:
    """Return a result in which every text that an answer has a part in is `text`."""
    failed = Check(
        name="test_a",
        title=text,
        status=Status.FAILED,
        points=0,
        max_points=2,
        message=text,
        output=text,
        where=Where("a.py", number),
        timeline=(Event(0.0, text, "start", text, text, number), Event(2.5, "b" + text, "wait", text, "a.py", 3)),
        excerpt=Excerpt(text, number, number, (text, text)),
    )
    checks = (
        failed,
        replace(failed, name="test_b", story=story(text)),
        replace(failed, status=Status.PASSED, points=1),
    )
    kata = Verdict("01_a", text, ("io",), Status.FAILED, 1, 6, 1.0, text, checks)
    crashed = Verdict("02_b", text, ("io",), Status.CRASHED, 0, 0, 1.0, text)
    return replace(MIXED, katas=(kata, crashed), notes=(text,), leftovers=(text,), submission=text, python=text)


def story(text: str) -> dict[str, Any]:
    """Return a story of three steps whose every text is `text`."""
    step = {
        "what": "read",
        "name": text,
        "held_by": text,
        "words": text,
        "file": text,
        "line": 3,
        "text": text,
        "at": 0.0,
    }
    lanes = [text, text + "b", text]
    return {
        "kind": text,
        "message": text,
        "schedule": text,
        "lanes": lanes[:2],
        "dropped": 1,
        "steps": [step | {"lane": lane, "switch": True} for lane in lanes],
        "waits": [{"lane": text, "for": text, "held_by": text, "file": text, "line": 2}],
        "collision": {"name": text, "mine": [0, 2], "other": 1, "words": text},
    }
