"""What only a browser can say of the page: `python -m nox -s pages`, which needs Chromium.

``python -m tests.report.pages FOLDER`` writes pictures of it to FOLDER: look at them when the page changes.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.report import html
from tests import chromium
from tests.report.mixed import MIXED, NASTY, hostile

TEXTS = """
(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
  const linear = (c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map((c) => linear(c / 255))
    .reduce((sum, c, number) => sum + c * [.2126, .7152, .0722][number], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const style = getComputedStyle(element);
    if (!own || element.closest("svg, script, style, [hidden]") || style.display === "none") continue;
    const [one, other] = [light(parse(style.color)), light(ground(element))];
    const ratio = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
    if (ratio < 4.5) faint.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  }
  return [...faint];
})()
"""
"""Elements whose text stands out too little from what is behind it: WCAG 2.2 asks for 4.5 to 1."""


@pytest.fixture(scope="module")
def browser() -> Iterator[chromium.Page]:
    with chromium.page() as opened:
        yield opened


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_bytes(html.write(MIXED))
    return path


def told(browser: chromium.Page, *methods: str) -> list[dict[str, Any]]:
    return [event for event in browser.events if event.get("method") in methods]


def troubles(browser: chromium.Page) -> list[str]:
    """Return what went wrong on the page: errors of scripts, what the policy forbade, dialogs."""
    browser.ask("1")  # what was told before the answer is known by then
    methods = ("Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening")
    return [str(event["params"]) for event in told(browser, *methods)]


@pytest.mark.parametrize("width", [320, 390, 1000])
def test_nothing_is_wider_than_the_window(browser: chromium.Page, mixed: Path, width: int) -> None:
    browser.open(mixed, width=width)
    assert browser.ask("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("dark", [False, True])
def test_all_text_can_be_read(browser: chromium.Page, mixed: Path, *, dark: bool) -> None:
    browser.open(mixed, dark=dark)
    browser.ask("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert browser.ask(TEXTS) == []
    ground = browser.ask("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(20, 23, 27)" if dark else "rgb(255, 255, 255)")


def test_it_asks_for_nothing_and_nothing_goes_wrong(browser: chromium.Page, mixed: Path) -> None:
    browser.open(mixed)
    asked = [event["params"]["request"]["url"] for event in told(browser, "Network.requestWillBeSent")]
    assert asked == [mixed.as_uri()]
    assert troubles(browser) == []


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_a_nasty_answer_does_nothing(browser: chromium.Page, tmp_path: Path, number: int) -> None:
    (tmp_path / "nasty.html").write_bytes(html.write(hostile(NASTY[number])))
    browser.open(tmp_path / "nasty.html", width=390)
    assert len(told(browser, "Network.requestWillBeSent")) == 1
    assert troubles(browser) == []
    assert browser.ask("document.querySelectorAll('img, iframe, b > b, script').length") == 1
    assert browser.ask("document.documentElement.scrollWidth") == 390


def shown(browser: chromium.Page) -> list[str]:
    """Return who goes on in the turns of the first schedule that are shown."""
    turns = "[...document.querySelectorAll('.schedule')][0].querySelectorAll('.turns > li')"
    return list(browser.ask(f"[...{turns}].filter((turn) => !turn.hidden).map((turn) => turn.dataset.lane)"))


def test_on_paper_all_is_shown(browser: chromium.Page, mixed: Path) -> None:
    """Also where somebody had stepped to one turn, and folded the rest."""
    browser.open(mixed)
    turns = shown(browser)
    browser.ask("document.querySelector('[data-go=next]').click()")
    assert shown(browser) == turns[:1]
    browser.ask("dispatchEvent(new Event('beforeprint'))")
    assert shown(browser) == turns
    assert browser.ask("[...document.querySelectorAll('details')].every((one) => one.open)")


def test_a_schedule_is_stepped_through_by_the_keyboard(browser: chromium.Page, mixed: Path) -> None:
    browser.open(mixed)
    turns = shown(browser)
    assert turns == ["thread 1", "thread 2", "thread 1", "thread 2"]
    browser.ask("document.querySelector('[data-go=next]').focus()")
    browser.press("Enter")
    assert shown(browser) == turns[:1]
    browser.press("ArrowRight")
    assert shown(browser) == turns[1:2]
    assert browser.ask("document.querySelector('.place').textContent") == "Turn 2 of 4: thread 2"
    assert (
        browser.ask("document.querySelectorAll('.schedule')[0].querySelectorAll('.turn.now, .turn.later').length") == 3
    )
    browser.press("ArrowLeft")
    assert shown(browser) == turns[:1]
    browser.press("Escape")
    assert shown(browser) == turns
    assert troubles(browser) == []


def test_the_last_turn_is_the_end_and_the_focus_is_not_lost(browser: chromium.Page, mixed: Path) -> None:
    browser.open(mixed)
    browser.ask("document.querySelector('[data-go=next]').focus()")
    for _ in range(6):
        browser.press("ArrowRight")
    assert browser.ask("document.querySelector('.place').textContent") == "Turn 4 of 4: thread 2"
    assert browser.ask("document.activeElement.dataset.go") == "next"


def test_a_turn_is_chosen_in_the_drawing(browser: chromium.Page, mixed: Path) -> None:
    browser.open(mixed)
    browser.ask("document.querySelectorAll('.turn')[2].dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    assert browser.ask("document.querySelector('.place').textContent") == "Turn 3 of 4: thread 1"


def test_without_scripts_all_is_there(browser: chromium.Page, mixed: Path) -> None:
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(mixed)
    browser.send("Emulation.setScriptExecutionDisabled", value=False)
    assert browser.ask("getComputedStyle(document.querySelector('.steps')).display") == "none"
    assert len(shown(browser)) == 4


def test_a_screen_reader_finds_headings_names_and_pictures(browser: chromium.Page, mixed: Path) -> None:
    browser.open(mixed)
    found = [
        (node["role"]["value"], node.get("name", {}).get("value", ""), node)
        for node in browser.send("Accessibility.getFullAXTree")["nodes"]
        if not node.get("ignored")
    ]
    levels = [
        next(one["value"]["value"] for one in node["properties"] if one["name"] == "level")
        for role, _, node in found
        if role == "heading"
    ]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    named = ("button", "link", "image", "progressbar", "region", "heading")
    assert [role for role, name, _ in found if role in named and not name] == []
    pictures = [name for role, name, _ in found if role == "image"]
    assert "Who did what when: MainThread, Thread-1 (print_numbers), Thread-2 (print_letters)" in pictures


def main(folder: Path) -> None:
    """Write pictures of the page to `folder`."""
    page = folder.resolve() / "report.html"
    page.write_bytes(html.write(MIXED))
    with chromium.page() as browser:
        for name, width, dark in (("light", 1000, False), ("dark", 1000, True), ("phone", 390, False)):
            browser.open(page, width=width, dark=dark)
            browser.screenshot(folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
