"""A picture as one SVG file: as in the report for people, light or dark as the reader's system is.

It needs no network, no script and no other file.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from grader import lanes
from grader.report.html import FOLDER
from grader.svg import Element
from grader.timeline import messages
from grader.timeline.scene import Scene

WIDTH: Final = 960
"""Pixels; a viewer scales it to its place."""

_EDGE: Final = 20
_ROW: Final = 20
_TIME: Final = 72
"""Pixels for the times before sentences."""

_LETTERS: Final = 120
"""Characters of a sentence that have room in a row."""

_OWN: Final = """
.lanes rect.ready { fill: none; stroke: var(--quiet); stroke-dasharray: 2 3; }
.lanes rect.holds, .lanes .takes { fill: var(--good); }
.lanes .gives { fill: var(--ground); stroke: var(--good); stroke-width: 1.5; }
svg.file { background: var(--ground); }
svg .heading { font-weight: 700; font-size: 16px; }
svg .quiet { fill: var(--quiet); }
svg .code { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre; }
"""
_PATTERNS: Final = (
    '<defs><pattern id="waiting" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="ground" width="7" height="7"/><rect class="ink" width="3" height="7"/></pattern>'
    '<pattern id="sleeping" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<rect class="ground" width="7" height="7"/><circle class="ink" cx="3.5" cy="3.5" r="1.5"/></pattern></defs>'
)


def write(scene: Scene) -> bytes:
    """Return `scene` as an SVG file in UTF-8.

    Raises:
        ValueError: if no event of it has a place in time.
    """
    drawn = lanes.drawing(scene.events, full=True, by_steps=scene.by_steps)
    if drawn is None:
        raise ValueError(messages.NO_EVENTS)
    sheet = _Sheet()
    sheet.words([scene.heading], "heading")
    sheet.words(textwrap.wrap(scene.title, _LETTERS), "quiet")
    sheet.words(textwrap.wrap(scene.which, _LETTERS), "quiet")
    sheet.words(textwrap.wrap(scene.undrawn, _LETTERS))
    sheet.picture(drawn)
    sheet.legend(drawn.legend)
    for sentence in drawn.sentences:
        sheet.sentence(sentence)
    sheet.source(scene)
    return sheet.file(scene, drawn).encode()


class _Sheet:
    """What is drawn so far, from top to bottom."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._top = _EDGE

    def words(self, rows: Iterable[str], kind: str = "") -> None:
        """Add rows of text."""
        for row in rows:
            self._add(Element("g"), "text", row, class_=kind, x=_EDGE, y=self._top + 14)
            self._top += _ROW + 4 * (kind == "heading")

    def sentence(self, sentence: str) -> None:
        """Add a sentence, with the time before it, if there is one, in a column of its own."""
        time, gap, said = sentence.partition("  ")
        left = _EDGE + _TIME if gap else _EDGE
        if gap:
            self._add(Element("g"), "text", time, class_="quiet", x=left - 10, y=self._top + 14, text_anchor="end")
        for row in textwrap.wrap(said or sentence, _LETTERS):
            self._add(Element("g"), "text", row, x=left, y=self._top + 14)
            self._top += _ROW

    def picture(self, drawn: lanes.Drawing) -> None:
        """Add the lanes."""
        self._top += _EDGE // 2
        place = f'x="{_EDGE}" y="{self._top}" width="{WIDTH - 2 * _EDGE}" height="{drawn.height}"'
        self._parts.append(f"<svg {place}>{drawn.svg}</svg>")
        self._top += drawn.height + _EDGE // 2

    def legend(self, meanings: Iterable[tuple[str, str]]) -> None:
        """Add what the marks mean, as many beside each other as have room."""
        left = _EDGE
        for kind, meaning in meanings:
            width = 44 + 7 * len(meaning)
            if left + width > WIDTH:
                left, self._top = _EDGE, self._top + _ROW
            group = Element("g", class_="lanes")
            _draw_swatch(group, kind, left, self._top)
            self._add(group, "text", meaning, class_="quiet", x=left + 24, y=self._top + 13)
            left += width
        self._top += _ROW + _EDGE // 2

    def source(self, scene: Scene) -> None:
        """Add the lines of source."""
        self._top += _EDGE // 2
        for line in scene.lines:
            self._add(Element("g"), "text", line.place, class_="code quiet", x=_EDGE, y=self._top + 13)
            indent = len(line.text) - len(line.text.lstrip())
            left = _EDGE + 8 * max(len(one.place) for one in scene.lines) + 7 * indent
            self._add(Element("g"), "text", line.text.strip(), class_="code", x=left + 12, y=self._top + 13)
            self._top += _ROW

    def _add(self, group: Element, tag: str, text: str, **attributes: str | float) -> None:
        group.add(tag, text, **attributes)
        self._parts.append(str(group))

    def file(self, scene: Scene, drawn: lanes.Drawing) -> str:
        """Return it all as a file, with a title and a description for those who can't see it."""
        height = self._top + _EDGE
        size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" style="max-width: 100%; height: auto"'
        style = (FOLDER / "page.css").read_text(encoding="utf-8") + _OWN
        told = Element("g")
        told.add("title", scene.heading, id="title")
        told.add("desc", " ".join((scene.title, *drawn.sentences)), id="desc")
        words = str(told).removeprefix("<g>").removesuffix("</g>")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="file" {size} role="img" aria-labelledby="title desc">'
            f"{words}<style>{escape(style)}</style>{_PATTERNS}{''.join(self._parts)}</svg>\n"
        )


def _draw_swatch(group: Element, kind: str, left: int, top: int) -> None:
    """Draw a small mark of the class `kind`, as the lanes have it."""
    if kind == "edge":
        group.add("line", class_=kind, x1=left + 8, x2=left + 8, y1=top, y2=top + 16)
    elif kind == "prints":
        group.add("circle", class_=kind, cx=left + 8, cy=top + 8, r=4)
    elif kind in ("takes", "gives"):
        place = group.add("svg", x=left + 8, y=top + 5, width=1, height=8, overflow="visible")
        place.add("polygon", class_=kind, points=lanes.TRIANGLES[kind])
    else:
        low = kind == "holds"
        group.add("rect", class_=kind, x=left, y=top + (8 if low else 1), width=16, height=3 if low else 14)
