"""A picture as text for a terminal: ASCII but for what is the answer's own; colours where there are any."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator
from typing import Final

from rich.text import Text

from grader import lanes
from grader.timeline import messages
from grader.timeline.scene import Scene

_STYLES: Final = {"#": "blue", ".": "dim", "~": "yellow", "-": "dim", "[": "green", "]": "green", "*": "bold"}


def rows(scene: Scene, width: int) -> Iterator[Text]:
    """Yield the rows of `scene`: which check it is, the lanes, who waited where for what, and the lines of source.

    Args:
        scene: what is drawn.
        width: of the rows, in characters; lines of source may be cut.
    """
    yield Text(scene.heading, "bold")
    yield from _wrapped(scene.title, width)
    yield from _wrapped(scene.fault, width, "yellow")
    yield from _wrapped(scene.which, width, "dim")
    yield from _wrapped(scene.undrawn, width, "yellow")
    yield Text()
    picture = lanes.text(scene.events, width, full=True, by_steps=scene.by_steps).split("\n")
    drawn = len([*itertools.takewhile(lambda row: not row.startswith(" "), picture)])
    yield from map(_coloured, picture[:drawn])
    yield from map(Text, picture[drawn:])
    yield from _source(scene, width)
    if scene.others:
        yield Text()
        yield from _wrapped(messages.others(scene.others), width, "dim")


def _wrapped(text: str, width: int, style: str = "") -> Iterator[Text]:
    yield from (Text(row, style) for row in textwrap.wrap(text, width))


def _coloured(row: str) -> Text:
    """Return a lane in colours; its name is left as it is."""
    name, gap, bars = row.partition("  ")
    text = Text(name + gap)
    for mark, group in itertools.groupby(bars):
        text.append("".join(group), _STYLES.get(mark, ""))
    return text


def _source(scene: Scene, width: int) -> Iterator[Text]:
    room = max((len(line.place) for line in scene.lines), default=0)
    if scene.lines:
        yield Text()
    for line in scene.lines:
        row = f"{line.place:<{room}}  {line.text}"
        yield Text(row if len(row) <= width else row[: width - 3] + "...")
