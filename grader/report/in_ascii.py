"""What a screen shows that knows nothing but ASCII.

What gets longer is spelt out before anything is laid out, else its end is lost; what stays as long comes at the end.
"""
# ruff: noqa: RUF001 - characters that look like those of ASCII are what this is about

from __future__ import annotations

import re
from typing import Final

from rich.text import Text

GOES_ON: Final = "..."

_ALIKE: Final = {
    **dict.fromkeys(range(0x2500, 0x2580), "+"),
    **dict.fromkeys(range(0x2580, 0x25A0), "|"),
    **dict.fromkeys(map(ord, "─━═┄┈╌–—‑−"), "-"),
    **dict.fromkeys(map(ord, "│┃║┆┊╎‖"), "|"),
    **dict(zip(map(ord, "·•●←→↑↓▲▼◀▶◄►▸×✕✔✘µ‘’“”\xa0"), "***<>^v^v<><>>xx+xu''\"\" ", strict=True)),
}
"""Characters for which one of ASCII stands: what pictures of lessons are made of, and signs."""
_NOT_ALIKE: Final = re.compile(f"[^\\x00-\\x7f{''.join(map(chr, _ALIKE))}]")


def spelt(text: str) -> str:
    """Return `text` with each character that none of ASCII is like spelt out."""
    return _NOT_ALIKE.sub(lambda match: escaped(match[0].replace("…", GOES_ON)), text)


def spelt_row(row: Text) -> Text:
    """Return `row` as `spelt` does, each part in the colours that it has."""
    if spelt(row.plain) == row.plain:
        return row
    return Text.assemble(*(_spelt_part(row[at]) for at in range(len(row))), style=row.style)


def _spelt_part(character: Text) -> Text:
    part = Text(spelt(character.plain), character.style)
    for span in character.spans:
        part.stylize(span.style)
    return part


def alike(text: str) -> str:
    """Return `text`, which is spelt, in ASCII, no longer than it is."""
    return text.translate(_ALIKE).encode("ascii", "replace").decode()


def escaped(text: str) -> str:
    """Return `text` with all that is not ASCII as Python writes it."""
    return text.encode("ascii", "backslashreplace").decode()
