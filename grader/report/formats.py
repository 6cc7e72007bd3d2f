"""The formats of one result. This table is the one place to add one.

An entry becomes the command ``python -m grader export NAME`` and the option ``run --NAME PATH``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from grader.report import classroom, classroom50, exercism, gradescope, html, junit, messages
from grader.verdict import Result


def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a result down.

    Attributes:
        write: a pure function: the same result gives the same bytes.
        suffix: how the name of such a file ends.
        reader: what reads it, for the help.
        lacks: says in a sentence what is missing here to write it; ``""`` if nothing.
    """

    write: Callable[[Result], bytes]
    suffix: str
    reader: str
    lacks: Callable[[], str] = _nothing


FORMATS: Final[Mapping[str, Format]] = {
    "junit": Format(junit.write, ".xml", messages.JUNIT),
    "gradescope": Format(gradescope.write, ".json", messages.GRADESCOPE),
    "classroom50": Format(classroom50.write, ".json", messages.CLASSROOM50, classroom50.lacks),
    "classroom": Format(classroom.write, ".json", messages.CLASSROOM),
    "exercism": Format(exercism.write, ".json", messages.EXERCISM),
    "html": Format(html.write, ".html", messages.HTML),
}
