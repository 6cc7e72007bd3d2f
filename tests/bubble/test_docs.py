"""What the documents of the bubble show is what happens: docs/bubble.md, and the examples in docstrings."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import bubble
from tests.bubble.playing import ROOT, child
from tests.bubble.test_install import said
from tests.lessons.test_blocks import FENCED

BLOCKS = [
    (block["code"], block["output"]) for block in FENCED.finditer((ROOT / "docs" / "bubble.md").read_text("utf-8"))
]

WITHOUT_EXAMPLE = {
    "Abandoned": "it ends threads that are given up: who uses the bubble never makes or catches one",
    "BubbleThread": "what a chooser gets: the example is in `run`",
    "Operation": "what such a thread is about to do",
    "Entry": "part of a schedule for `follow`: the examples are there",
    "Exploration": "what `explore` returns: the examples are there",
    "Failure": "likewise, and in `replay`",
    "Followed": "what `follow` returns",
    "Outcome": "what `run` returns: the examples are there",
    "Stuck": "part of a `Deadlock`",
    "ThreadRecord": "part of an `Outcome`",
    "Unfit": "what `replay` raises",
    "install": "called once, before all examples",
    "story": "plain data, told in its docstring",
    "picture": "shown in docs/bubble.md",
}
"""Public names whose docstrings need no example, and why."""


def test_each_public_name_has_a_docstring_and_an_example_where_that_makes_sense() -> None:
    texts = {name: getattr(bubble, name).__doc__ or "" for name in bubble.__all__}
    assert [name for name, text in texts.items() if not text] == []
    assert {name for name, text in texts.items() if ">>>" not in text} == WITHOUT_EXAMPLE.keys()


def test_the_examples_in_the_docstrings_hold() -> None:
    source = """
import doctest, json
from grader import bubble
bubble.install()
finder, runner, said = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner(verbose=False), []
for name in bubble.__all__:
    for test in finder.find(getattr(bubble, name), name, globs=dict(vars(bubble))):
        runner.run(test, out=said.append)
print(json.dumps([runner.failures, runner.tries, "".join(said)]))
"""
    failures, tries, text = said(source)
    assert (failures, text) == (0, "")
    assert tries > 30


@pytest.mark.parametrize("code, output", BLOCKS)
def test_a_block_of_the_page_prints_what_follows_it(code: str, output: str, tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(code, encoding="utf-8")
    done = child(str(script))
    assert done.stderr == ""
    assert done.stdout == output
