"""Keys: bytes of a terminal become characters and names of keys."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

_NAMES: Final = {
    "A": "up",
    "B": "down",
    "C": "right",
    "D": "left",
    "H": "home",
    "F": "end",
    "1~": "home",
    "4~": "end",
    "5~": "pageup",
    "6~": "pagedown",
    "7~": "home",
    "8~": "end",
}
_SINGLE: Final = {
    "\r": "enter",
    "\n": "enter",
    "\x7f": "backspace",
    "\b": "backspace",
    "\t": "tab",
    "\x04": "eof",
    "\x03": "interrupt",
    "\x0c": "redraw",
}
_SEQUENCE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^\x00-\x1f\x7f\[O])")
"""What one key sends; an escape and one character more is that key with Alt, which means nothing here."""
_BEGUN: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O)?\Z")
"""An escape sequence that may go on."""
_PASTE, _PASTE_END = "\x1b[200~", "\x1b[201~"
_TOO_LONG: Final = 64
"""Characters after which what looked like a sequence is none."""


class Keys:
    """Reads keys from what a terminal sends, in pieces as they come.

    What is pasted comes as one key ``paste``: its letters are no commands.
    """

    def __init__(self) -> None:
        self._text = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._pasting = False

    @property
    def waits(self) -> bool:
        """Whether it has a lone escape, which is the key of that name unless more comes at once."""
        return self._rest != "" and not self._pasting

    def feed(self, data: bytes) -> list[str]:
        """Return the keys in `data`."""
        self._rest += self._text.decode(data)
        return list(self._taken())

    def flush(self) -> list[str]:
        """Nothing more came: return the key that a lone escape is."""
        rest, self._rest = self._rest, ""
        return ["escape"] if rest else []

    def _taken(self) -> Iterator[str]:
        while self._rest:
            if self._pasting and not self._skipped_paste():
                return
            match = _SEQUENCE.match(self._rest)
            if match:
                yield from self._named(match[0])
            elif _BEGUN.fullmatch(self._rest) and len(self._rest) < _TOO_LONG:
                return
            elif self._rest:
                yield from self._character()

    def _skipped_paste(self) -> bool:
        """Leave out what is pasted; return whether its end has come."""
        _, end, after = self._rest.partition(_PASTE_END)
        self._rest = after if end else self._rest[-len(_PASTE_END) :]
        self._pasting = not end
        return bool(end)

    def _named(self, sequence: str) -> Iterator[str]:
        self._rest = self._rest[len(sequence) :]
        if sequence == _PASTE:
            self._pasting = True
            yield "paste"
        elif (body := sequence[2:]) in _NAMES:
            yield _NAMES[body]

    def _character(self) -> Iterator[str]:
        first, self._rest = self._rest[0], self._rest[1:]
        if first == "\x1b":
            yield "escape"
        elif first in _SINGLE:
            yield _SINGLE[first]
        elif first.isprintable():
            yield first
