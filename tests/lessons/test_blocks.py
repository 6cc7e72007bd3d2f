"""Every Python block of every lesson is run, as a script of its own, and prints what the lesson says that it prints."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader import course

EXERCISES = Path(__file__).resolve().parents[2] / "exercises"
LESSONS = sorted(EXERCISES.glob("*/README.md"))
LIMIT = 60.0
"""Seconds that one block may take on a busy machine."""

FENCED = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n*^```text\n(?P<output>.*?)^```$)?", re.MULTILINE | re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Block:
    """A Python block of a lesson; `output` is the text block that directly follows it, None if there is none."""

    lesson: str
    line: int
    code: str
    output: str | None


def blocks_of(path: Path) -> list[Block]:
    """Return the Python blocks of the lesson at `path`."""
    text = path.read_text(encoding="utf-8")
    return [
        Block(path.parent.name, text.count("\n", 0, found.start("code")) + 1, found["code"], found["output"])
        for found in FENCED.finditer(text)
    ]


BLOCKS = [block for path in LESSONS for block in blocks_of(path)]
LACKING = {kata.name: kata.missing_here() for kata in course.load(EXERCISES.parent).katas}
"""What this machine lacks to run a kata, and so the blocks of its lesson."""


def has_gil() -> bool:
    """Tell whether this Python has a GIL; the lessons show what a usual one prints."""
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())


def environment() -> dict[str, str]:
    """Return ours without the settings of Python, since a learner has none, and with UTF-8 on every system."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {"PYTHONUTF8": "1"}


def run(block: Block, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `block` as a script of its own in `folder`."""
    script = folder / "block.py"
    script.write_text(block.code, encoding="utf-8")
    return subprocess.run(
        [sys.executable, script],
        cwd=folder,
        env=environment() | {"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LIMIT,
        check=False,
    )


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.lesson}:{block.line}")
def test_a_block_runs_and_prints_what_follows_it(block: Block, tmp_path: Path) -> None:
    """A reader who copies a block into a file and runs it sees what the lesson shows."""
    if LACKING[block.lesson]:
        pytest.skip(LACKING[block.lesson])
    if block.lesson == "20_gil" and not has_gil():
        pytest.skip("the lesson on the GIL shows what a Python with a GIL prints")
    done = run(block, tmp_path)
    for _ in range(2):  # some count waits by the clock on the wall: on a crowded machine one may come out too long
        if done.returncode == 0 and block.output in (None, done.stdout):
            break
        done = run(block, tmp_path)
    assert done.returncode == 0, done.stderr
    assert block.output in (None, done.stdout), f"it prints:\n{done.stdout}"
    assert not done.stderr


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_a_lesson_is_complete(path: Path) -> None:
    """A lesson is short, has code that runs and a picture, and ends with the task and how to have it checked."""
    text = path.read_text(encoding="utf-8")
    number = path.parent.name.partition("_")[0]
    assert text.startswith(f"# {number} · "), "its first line is its number and title"
    assert len(text.splitlines()) <= 120, "a lesson is read in one sitting"
    assert blocks_of(path), "it has code that a reader can run"
    assert "```mermaid" in text or "```text" in FENCED.sub("", text), "it has a picture"
    assert f"python -m grader run {number}" in text.partition("## Your task")[2], "it ends with the task"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_links_of_a_lesson_lead_somewhere(path: Path) -> None:
    """What a lesson links to within the course is there."""
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target
