"""Elements of SVG. Whatever is put into one, as text or attribute, is only ever text."""

from __future__ import annotations

import re
from typing import Final

from grader.printable import line

_NO_CHARACTERS: Final = re.compile("[\ufffe\uffff]")
"""What XML can't hold, of what `grader.printable` leaves."""


class Element:
    """An element and what is in it, drawn in the order of being added."""

    def __init__(self, tag: str, **attributes: str | float) -> None:
        from xml.etree.ElementTree import Element as Tree  # noqa: PLC0415 - only who draws pays for it

        self._tree = Tree(tag, _written(attributes))

    def add(self, tag: str, text: str = "", **attributes: str | float) -> Element:
        """Add an element of kind `tag` that holds `text`, one line of it; `_` in an attribute's name stands for `-`."""
        child = Element(tag, **attributes)
        child._tree.text = _NO_CHARACTERS.sub("\ufffd", line(text, 400))
        self._tree.append(child._tree)
        return child

    def __str__(self) -> str:
        """Return it as text that may stand in an HTML page."""
        from xml.etree.ElementTree import tostring  # noqa: PLC0415 - as above

        return tostring(self._tree, encoding="unicode")


def _written(attributes: dict[str, str | float]) -> dict[str, str]:
    return {name.rstrip("_").replace("_", "-"): _value(value) for name, value in attributes.items()}


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"
