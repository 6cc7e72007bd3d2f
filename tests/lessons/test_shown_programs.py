"""A program whose threads a learner is to stop at marks is shown in the lesson just as it is run."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.lessons.test_blocks import EXERCISES, blocks_of

MARK = "  # step\n"
MARKED = [path for path in sorted(EXERCISES.glob("*/probes.py")) if MARK in path.read_text(encoding="utf-8")]


def without_empty_lines(text: str) -> str:
    """Return `text` without its empty lines, for which a short lesson has no room."""
    return "\n".join(row for row in text.splitlines() if row.strip())


def functions(path: Path) -> dict[str, str]:
    """Return the text of each function of the module at `path`, by name."""
    source = path.read_text(encoding="utf-8")
    found = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return {node.name: without_empty_lines(ast.get_source_segment(source, node) or "") for node in found}


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.parent.name)
def test_a_lesson_shows_marked_programs_as_they_are_run(path: Path) -> None:
    """So what a learner works out on paper is what the check does; and so is the helper that starts the threads."""
    shown = "\n".join(without_empty_lines(block.code) for block in blocks_of(path.with_name("README.md")))
    used = {name: text for name, text in functions(path).items() if MARK in f"{text}\n" or name == "in_threads"}
    assert len(used) > 1
    for name, text in used.items():
        assert text in shown, f"{name} is another one in the lesson"
