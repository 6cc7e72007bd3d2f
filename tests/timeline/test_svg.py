"""The picture as a file of its own: well formed, complete, told to those who can't see it, and inert."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from grader.timeline import svg
from grader.timeline.scene import Scene
from tests.report.mixed import NASTY, parsed
from tests.timeline.scenes import deadlock, of_a_stranger, tasks

SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "title", "desc", "style", "defs", "pattern", "g", "text", "rect", "circle", "line", "polygon"}


def drawn(scene: Scene) -> ElementTree.Element:
    return parsed(svg.write(scene).decode())


def texts(root: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def test_it_holds_the_lanes_what_they_mean_the_sentences_and_the_lines() -> None:
    found = texts(drawn(tasks()))
    assert found[:5] == ["32_bank test_tasks: passed", "What test_tasks wants.", "MainThread", "a", "b"]
    assert {"sleeps", "waits", "prints", "has a lock", "starts or ends"} <= {*found}
    assert "b waits 2 s for the lock, held by a (tasks.py:1)" in found
    assert found[-2:] == ["tasks.py:3", "join()"]


def test_a_bar_says_what_is_done_in_it_and_below_it_stands_who_has_a_lock() -> None:
    titles = [one.text for one in drawn(tasks()).iter(f"{SVG}title")]
    assert "b waits for the lock, held by a (tasks.py:1)" in titles
    assert titles.index("a has the lock") < titles.index("b has the lock")


def test_who_can_not_see_it_gets_a_title_and_a_description() -> None:
    root = drawn(deadlock())
    assert root.get("role") == "img"
    told = {one.get("id"): one.text for one in root if one.get("id")}
    assert root.get("aria-labelledby") == "title desc"
    assert told["title"] == "32_bank test_ends: timed out"
    assert str(told["desc"]).startswith("What test_ends wants. t1 takes lock 1 (bank.py:22)")


def test_nothing_in_it_comes_from_elsewhere() -> None:
    root = drawn(tasks())
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= TAGS
    assert not [one for one in root.iter() if any("href" in name for name in one.attrib)]
    assert b"@import" not in svg.write(tasks())


def test_all_of_it_lies_within_its_height() -> None:
    root = drawn(tasks())
    lowest = max(float(one.get("y", 0)) for one in root.iter(f"{SVG}text"))
    assert lowest < float(root.get("height", 0)) - 10


@pytest.mark.parametrize("text", NASTY)
def test_no_text_of_an_answer_acts(text: str) -> None:
    for scene in of_a_stranger(text):
        root = drawn(scene)
        assert {one.tag.removeprefix(SVG) for one in root.iter()} <= TAGS
        names = {name for one in root.iter() for name in one.attrib}
        assert not {name for name in names if name.startswith("on") or "href" in name}
        assert len([*root.iter(f"{SVG}style")]) == 1
