"""A result as one HTML page for people: it needs no network, no script, and works on a phone.

All text of an answer is cleaned (see `grader.printable`), of bounded length, and escaped by the template; a policy in
the page lets nothing run or load but the script and the style that it came with.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from grader import lanes, messages, stories
from grader.printable import clean, line
from grader.report import wording
from grader.verdict import Check, Excerpt, Result, Status, Verdict

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

FOLDER: Final = Path(__file__).with_name("page")
MAX_PICTURES: Final = 4 * 2**20
"""Characters of drawings in a page; what comes after them is told in words only."""

_BAD: Final = (Status.GRADER_ERROR, Status.CRASHED, Status.TIMED_OUT, Status.FAILED)
_MESSAGE: Final = 8_000
_OUTPUT: Final = 4_000


@dataclass(frozen=True, slots=True)
class _Shown:
    """A check that did not pass, as the page shows it; `seen` if the lines were shown for another one before."""

    check: Check
    message: str
    as_text: str
    again: str
    excerpt: Excerpt | None
    seen: bool
    lanes: lanes.Drawing | None
    lanes_svg: Markup | None
    story: stories.Story | None
    story_svg: Markup | None
    output: str


@dataclass(frozen=True, slots=True)
class _Kata:
    """A kata, as the page shows it: `one_reason` is why all of its checks failed, if it is one reason."""

    verdict: Verdict
    bad: tuple[_Shown, ...]
    rest: tuple[Check, ...]
    one_reason: str


def write(result: Result) -> bytes:
    """Return `result` as an HTML page in UTF-8."""
    style, script = (_ours(name) for name in ("page.css", "page.js"))
    drawn = _Drawn()
    text = _template().render(
        result=result,
        points=wording.points(result),
        katas=[_kata(kata, drawn) for kata in result.katas],
        guards=[guard for guard, on in result.guards.items() if on],
        style=style,
        script=script,
        policy=_policy(style, script),
    )
    return text.encode("utf-8", "backslashreplace")


@functools.cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - takes a while to import

    page = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page.filters |= {"line": line, "row": _row, "slug": _slug}
    return page.get_template("page.html")


def _ours(name: str) -> Markup:
    from markupsafe import Markup  # noqa: PLC0415 - as above

    return Markup((FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of this package


def _policy(style: str, script: str) -> str:
    """Return what the page may do: be styled by `style` and run `script`, and nothing else."""
    own = f"style-src {_digest(style)}; script-src {_digest(script)}"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _slug(status: Status) -> str:
    return status.replace(" ", "-")


def _row(text: str) -> str:
    """Return a line of code, with its indentation."""
    return clean(text, 300).replace("\n", " ")


class _Drawn:
    """Makes drawings as long as there is room for them."""

    def __init__(self) -> None:
        self._room = MAX_PICTURES

    def markup(self, svg: str) -> Markup | None:
        """Return `svg` for the template to put in as it is, None if there is no room left."""
        from markupsafe import Markup  # noqa: PLC0415 - as above

        self._room -= len(svg)
        return Markup(svg) if self._room >= 0 else None  # noqa: S704 - `grader.svg` escapes


def _kata(kata: Verdict, drawn: _Drawn) -> _Kata:
    bad = [check for check in kata.checks if check.status in _BAD]
    alike = bool(kata.message) and kata.status in _BAD and len(bad) != 1
    alike = alike and all(check.message == kata.message for check in bad)
    earlier = [{check.excerpt for check in bad[:number]} for number in range(len(bad))]
    shown = [] if alike else [_shown(check, drawn, seen) for check, seen in zip(bad, earlier, strict=True)]
    rest = [check for check in kata.checks if alike or check.status not in _BAD]
    return _Kata(kata, tuple(shown), tuple(rest), clean(kata.message, _MESSAGE) if alike else "")


def _shown(check: Check, drawn: _Drawn, earlier: set[Excerpt | None]) -> _Shown:
    story = stories.read(check.story)
    drawing = None if story is not None else _lanes(check)
    picture = lanes.text(check.timeline) if drawing is not None else ""
    told, _, again = check.message.partition(f"\n{messages.AGAIN}")
    message, _, as_text = told.partition("\n\n") if story is not None else (told.removesuffix(picture), "", picture)
    return _Shown(
        check=check,
        message=clean(message.rstrip(), _MESSAGE),
        as_text=clean(as_text.strip("\n"), _MESSAGE),
        again=line(again, 400),
        excerpt=check.excerpt,
        seen=check.excerpt is not None and check.excerpt in earlier,
        lanes=drawing,
        lanes_svg=drawn.markup(drawing.svg) if drawing is not None else None,
        story=story,
        story_svg=drawn.markup(stories.drawing(story)) if story is not None else None,
        output=clean(check.output, _OUTPUT) if check.output.strip() else "",
    )


def _lanes(check: Check) -> lanes.Drawing | None:
    """Return the picture of the threads, if it tells more than that one began and ended."""
    return lanes.drawing(check.timeline) if wording.drawn(check.timeline) else None
