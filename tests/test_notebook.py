"""A part of the course as a notebook: whole, the same each time, and every cell of it runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader import cells, course, notebook, submission
from grader.course import UnknownKata
from tests import tiny_course
from tests.tiny_course import grader

ROOT = Path(__file__).parents[1]
COURSE = course.load(ROOT)
PARTS = sorted({kata.part for kata in COURSE.katas})
LESSON = """\
# Double

Read this.

```python
print(2 * 3)
```
```text
6
```

```python
import multiprocessing
```

```python
asyncio.run(main())
```

The end.
"""


def made(text: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["cells"]
    return found


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def test_a_lesson_is_cut_where_it_shows_code_that_runs_in_a_notebook(tmp_path: Path) -> None:
    root = tiny_course.make(tmp_path, changes={"exercises/01_double/README.md": LESSON})
    found = made(notebook.part(course.load(root), 1))
    assert [cell["cell_type"] for cell in found] == ["markdown", "markdown", "code", "markdown", "markdown", "code"]
    assert source(found[1]) == "# Double\n\nRead this."
    assert source(found[2]) == "print(2 * 3)"
    assert source(found[3]).startswith(
        "```text\n6\n```\n\n```python\nimport multiprocessing\n```\n\n```python\nasyncio."
    )
    assert source(found[5]) == f"# %%writefile exercises/01_double/double.py\n{tiny_course.STUB}".strip()


@pytest.mark.parametrize(
    "code, expected",
    [
        ("import threading", True),
        ("from concurrent.futures import ThreadPoolExecutor, ProcessPoolExecutor", False),
        ("import concurrent.futures as f\nf.ProcessPoolExecutor()", False),
        ("from multiprocessing.pool import ThreadPool", False),
        ("import os\nos.fork()", False),
        ("print(__file__)", False),
        ("import asyncio\nasyncio.run(main())", False),
        ("with asyncio.Runner() as runner:\n    pass", False),
        ("loop.run_until_complete(main())", False),
        ("import subprocess\nsubprocess.run(['ls'])", True),
        ("await main()", True),
        ("def (", False),
    ],
)
def test_code_that_needs_a_file_or_a_loop_of_its_own_stays_text(code: str, *, expected: bool) -> None:
    assert notebook._runs_in_a_cell(code) is expected


def test_a_part_that_is_not_there_is_told() -> None:
    with pytest.raises(UnknownKata, match=r"There is no part 99\. There are: 1, 2, "):
        notebook.part(COURSE, 99)


@pytest.mark.parametrize("number", PARTS)
def test_a_part_is_whole_and_the_same_each_time(number: int) -> None:
    data = notebook.part(COURSE, number)
    assert notebook.part(COURSE, number) == data
    found = made(data)
    ids = [cell["id"] for cell in found]
    assert len(set(ids)) == len(ids)
    text = "\n".join(map(source, found))
    for kata in (kata for kata in COURSE.katas if kata.part == number):
        assert all(row in text for row in course.lesson(kata).splitlines() if not row.startswith("```"))
        assert all(f"exercises/{kata.name}/{name}" in text for name in kata.files)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", PARTS)
def test_every_cell_of_a_part_runs(number: int, tmp_path: Path) -> None:
    """By nbconvert, as a reader's Jupyter would; but for stubs, which may raise what they raise."""
    (tmp_path / "part.ipynb").write_bytes(notebook.part(COURSE, number))
    words = ["--to", "notebook", "--execute", "--output", "run.ipynb", "--ExecutePreprocessor.timeout=300"]
    command = [sys.executable, "-m", "nbconvert", *words, "part.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=550, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    errors = [
        output["ename"]
        for cell in made((tmp_path / "run.ipynb").read_bytes())
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]
    assert set(errors) <= {"NotImplementedError"}


def test_what_a_cell_writes_is_what_is_graded(tmp_path: Path) -> None:
    """An answer that is written in the notebook's cell counts, handed in as a file or in a notebook of its own."""
    root = tiny_course.make(tmp_path / "clone")
    kata = course.load(root).katas[0]
    cell = source(made(notebook.part(course.load(root), 1))[-1])
    answer = cell.removeprefix("# ").replace("raise NotImplementedError", "return 2 * number")
    text = cells.module([cells.Cell(1, answer)], "double.py", "double.ipynb").text
    (tmp_path / "double.py").write_text(text)
    assert submission.read(kata, tmp_path / "double.py").status is None


def test_the_command_writes_a_notebook_and_never_over_one(tmp_path: Path) -> None:
    clone = tiny_course.make(tmp_path / "clone")
    done = grader(clone, "notebook", "1", "-o", "part.ipynb")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Written to part.ipynb. Open it in Jupyter.\n", "")
    assert made((clone / "part.ipynb").read_bytes())
    (clone / "part.ipynb").write_text("mine")
    assert "-o: - is no file" in grader(clone, "notebook", "1", "-o", "-").stderr
    again = grader(clone, "notebook", "1", "-o", "part.ipynb")
    assert again.returncode == 2
    assert "there is a part.ipynb already" in again.stderr
    assert (clone / "part.ipynb").read_text() == "mine"


@pytest.mark.parametrize(
    "words, code, expected",
    [
        (["9", "-o", "part.ipynb"], 2, r"^There is no part 9\. There are: 1\.\n$"),
        (["1", "-o", "no/part.ipynb"], 3, r"^The notebook can't be written to no/part\.ipynb: No such file"),
        (["1"], 2, "Missing option '-o'"),
        (["one", "-o", "x"], 2, "'one' is not a valid integer"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(tmp_path: Path, words: list[str], code: int, expected: str) -> None:
    done = grader(tiny_course.make(tmp_path), "notebook", *words)
    assert done.returncode == code
    assert re.search(expected, done.stderr)
    assert "Traceback" not in done.stderr


def test_an_answer_in_a_notebook_is_graded_and_its_cells_are_named(tmp_path: Path) -> None:
    """Through the whole grader: a notebook beside the stub, with a trial that would never end, and a mistake."""
    clone = tiny_course.make(tmp_path)
    sources = ["while True: pass", "def double(number):\n    if not number:\n        return 1 // number\n    return 6"]
    found = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in sources]
    (clone / "exercises/01_double/double.ipynb").write_text(json.dumps({"nbformat": 4, "cells": found}))
    done = grader(clone, "run", "01")
    assert "01_double: failed, 1 of 3 points" in done.stdout
    assert 'File "double.ipynb, cell 2", line 3, in double' in done.stdout
    assert "01_double: double.ipynb is judged, as double.py beside it is still to be written." in done.stdout
