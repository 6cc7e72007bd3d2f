"""The page tells all that it should, and no text of an answer is more than text in it."""

from __future__ import annotations

import functools
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from msgspec.structs import replace

from grader.report import html
from grader.verdict import Check, Result, Status
from tests.report import samples
from tests.report.mixed import GOLDEN, MIXED, NASTY, hostile, strings

AGAIN = "python -m tests.report.test_html"


class Page(HTMLParser):
    """The elements of a page, with their attributes, and the texts between them."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def shape(of: Result) -> Counter[tuple[str, tuple[str, ...]]]:
    return Counter((tag, tuple(attributes)) for tag, attributes in Page(html.write(of)).elements)


def kinds(page: Page) -> set[tuple[str, str]]:
    """Return which elements there are, and which attributes they have."""
    return {(tag, name) for tag, attributes in page.elements for name in (*attributes, "")}


@functools.cache
def known() -> set[tuple[str, str]]:
    return set().union(*(kinds(Page(html.write(of))) for of in (hostile("plain"), hostile(""), MIXED)))


def test_the_page_is_as_it_was_when_somebody_last_looked_at_it() -> None:
    assert html.write(MIXED) == (GOLDEN / "mixed.html").read_bytes(), f"look at it, then keep it: {AGAIN}"


def test_the_same_result_gives_the_same_page() -> None:
    assert html.write(MIXED) == html.write(MIXED)


def test_score_katas_messages_lines_and_schedules_are_told() -> None:
    text = Page(html.write(MIXED)).text
    for told in (
        f"{MIXED.score} of {MIXED.max_score} points",
        "01_print_tasks: Print tasks: waiting together",
        "two threads that each wait",
        "numbers.start()",
        "thread 1 goes on",
        "while self._busy: reads _busy collides",
        "thread 1 waits for the lock made at bank.py:14, held by thread 2 (bank.py:23)",
        "To see it again: python -m grader replay bank",
        "SyntaxError: expected ':'",
        "This kata needs Python 3.14 or later.",
        "A hint: python -m grader hint 30",
        "Left behind and cleaned up: sleep 100, a child",
    ):
        assert told in text


def test_much_that_was_left_behind_stands_folded_before_the_katas() -> None:
    few, many = (
        Page(html.write(replace(MIXED, leftovers=tuple(f"thing {number}" for number in range(count)))))
        for count in (3, 30)
    )
    assert few.text.count("Left behind and cleaned up: thing") == 3
    assert "Left behind and cleaned up: 30" in many.text
    assert "thing 29" in many.text


def test_a_failure_points_to_the_hint_that_fits_it() -> None:
    failed = Check("test_a", "A.", Status.FAILED, 0, 1, message="No.", hint=2)
    told = samples.result(samples.verdict("01_first", failed, status=Status.FAILED))
    assert "Hint 2 is about this: python -m grader hint 01 2" in Page(html.write(told)).text
    assert "is about this" not in Page(html.write(MIXED)).text, "where none does"


def test_the_picture_of_threads_is_drawn_and_told_and_the_text_is_there_once() -> None:
    data = html.write(MIXED).decode()
    assert data.count('<svg class="lanes"') == 2
    assert data.count('<svg class="story"') == 2
    assert data.count("MainThread                |") == 2, "the text of it, below the drawing only"


def test_it_needs_nothing_from_elsewhere() -> None:
    page = Page(html.write(MIXED))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"link", "img", "iframe", "object", "embed", "base", "form", "video", "audio"}
    attributes = [(name, value or "") for _, each in page.elements for name, value in each.items()]
    assert [value for name, value in attributes if name in ("src", "xlink:href", "srcset", "action", "style")] == []
    assert all(value.startswith("#") for name, value in attributes if name == "href")
    assert not re.search(rb"url\((?!#)|@import|https?://", html.write(MIXED))


def test_the_policy_allows_the_own_style_and_script_and_nothing_else() -> None:
    data = html.write(MIXED).decode()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', data)
    style, script = (re.search(rf"<{tag}>(.*?)</{tag}>", data, re.DOTALL) for tag in ("style", "script"))
    assert style is not None
    assert script is not None
    own = f"style-src {html._digest(style[1])}; script-src {html._digest(script[1])}"
    assert policy.replace("&#39;", "'") == f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_text_makes_no_element_that_a_plain_one_does_not(text: str) -> None:
    """Whatever the texts are, the page has the same elements, with the same attributes."""
    assert shape(hostile(text)) == shape(hostile("plain"))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
@given(strings)
@example("\n\n::x")
def test_no_text_becomes_an_element_an_attribute_or_a_link(text: str) -> None:
    page = Page(html.write(hostile(text)))
    assert kinds(page) <= known()
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    assert links == ["#katas", "#kata-1", "#kata-2"]
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", html.write(hostile(text)).decode())


def test_a_flood_is_cut_and_drawings_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    flood = hostile("x " * 10**6)
    assert len(html.write(flood)) < 200_000
    monkeypatch.setattr(html, "MAX_PICTURES", 100)
    data = html.write(MIXED)
    assert b'<svg class="lanes"' not in data
    assert b'<svg class="story"' not in data
    assert b"thread 1</b> goes on" in data, "in words it is told all the same"


def test_a_story_that_is_none_leaves_the_message_as_it_is() -> None:
    (kata, *_), text = hostile("x").katas, "Wrong.\n\nthread 1 | thread 2\nTo see it again: no"
    odd = replace(kata, checks=(replace(kata.checks[0], story={"steps": "?"}, message=text, timeline=()),))
    assert b"thread 1 | thread 2" in html.write(replace(MIXED, katas=(odd,)))


def test_nothing_to_tell_is_told_too() -> None:
    assert "0 of 0 points" in Page(html.write(replace(MIXED, katas=(), notes=(), leftovers=()))).text


if __name__ == "__main__":
    (GOLDEN / "mixed.html").write_bytes(html.write(MIXED))
