"""Strangers' text, made safe to show: what an answer prints may be meant for the terminal."""

from __future__ import annotations

import re
from typing import Final

from grader import messages

_SEQUENCES: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movements
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC, DCS, SOS, PM, APC: titles, links, clipboard
    r"|\x1b[ -/]*[0-~]"  # every other escape
    r"|\x9b[0-?]*[ -/]*[@-~]"  # CSI as one character
)
_INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufff9-\ufffb"  # what controls, and halves of characters
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""The last two rows are what Unicode lets nobody see (Default_Ignorable_Code_Point), but for U+200C, U+200D, U+FE0E and
U+FE0F: scripts are joined by them, and emoji are made of them."""

_COMMANDS: Final = re.compile(r"##(?=[\w.-]*\[)|^[^\S\n]*:(?=:)", re.MULTILINE)
"""What a service reads as a command to itself when it finds it in a log: the first anywhere, ``##vso[`` of Azure
Pipelines and ``##teamcity[`` among it, the other in front."""


def clean(text: str, limit: int = 20_000) -> str:
    """Return `text` without escape sequences, with other control characters spelt out, and not too long.

    What the reader of a log would take for a command, ``##[``, ``##word[`` or ``::`` in front, is broken up by a
    backslash.
    Line ends become those of Unix and tabs stay. What is longer than `limit` characters loses its middle,
    and says so.
    """
    unread = max(0, len(text) - 4 * limit)
    parts = (text[: 2 * limit], text[-2 * limit :]) if unread else (text,)
    return _COMMANDS.sub(_broken, shorten("".join(map(_spelt, parts)), limit, unread))


def line(text: str, limit: int = 200) -> str:
    """Return `text` as one clean line of at most `limit` characters."""
    one = " ".join(clean(text, 4 * limit).split())
    return one if len(one) <= limit else one[: max(0, limit - 3)] + "..."


def shorten(text: str, limit: int, unread: int = 0) -> str:
    """Return `text`, or its head and tail and how much is left out between them, `unread` characters among it."""
    if len(text) <= limit and not unread:
        return text
    head, tail = text[: limit * 3 // 4], text[max(limit * 3 // 4, len(text) - limit // 4) :]
    return f"{head}\n{messages.left_out(len(text) + unread - len(head) - len(tail))}\n{tail}"


def _spelt(text: str) -> str:
    rows = text.replace("\r\n", "\n").replace("\r", "\n")
    return _INVISIBLE.sub(_spell, _SEQUENCES.sub("", rows))


def _broken(match: re.Match[str]) -> str:
    return "#\\#" if match[0] == "##" else f"{match[0]}\\"


def _spell(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFF:  # noqa: PLR2004 - as repr() has it, and so are the others
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
