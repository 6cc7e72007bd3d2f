"""Markdown of the course on a terminal. Imported by who shows some: it costs 3 MB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.markdown import CodeBlock, Markdown
from rich.syntax import Syntax
from rich.text import Text

from grader.printable import clean

_LONGEST: Final = 1_000_000
"""Characters of a text that are shown."""


class _Code(CodeBlock):
    """Code and pictures row by row: one that is too long is folded by the screen, and none has spaces ahead."""

    def __rich_console__(self, *_: object) -> Iterator[Text]:
        code = Syntax("", self.lexer_name, theme=self.theme).highlight(str(self.text).rstrip())
        code.no_wrap, code.overflow = True, "ignore"
        yield code


class Sheet(Markdown):
    """A text to be printed by a console that crops nothing: prose is folded between words, code is left as it is."""

    elements = {**Markdown.elements, "fence": _Code, "code_block": _Code}  # noqa: RUF012 - as in its base

    def __init__(self, text: str) -> None:
        super().__init__(clean(text, _LONGEST), code_theme="ansi_dark")
