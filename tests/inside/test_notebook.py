"""A notebook in a learner's process: its kernel, its variables, its children, and its end."""

from __future__ import annotations

import json
import sys

import pytest

from grader import wire
from grader.judge.faults import LearnerFault
from grader.judge.learner import Learner
from grader.verdict import Status
from tests.bench import Bench

SPAWN = "import multiprocessing\nmultiprocessing.set_start_method('spawn', force=True)"


def notebook(bench: Bench, *sources: str) -> Learner:
    """Return the learner of a notebook with these code cells, and of a module `helper` beside it."""
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "id": f"c{n}", "source": text, "metadata": {}, "outputs": [], "execution_count": None}
        for n, text in enumerate(sources)
    ]
    text = {"cell_type": "markdown", "id": "text", "source": "# Text", "metadata": {}}
    asked = bench.learner("def double(n): return 2 * n", file="n.ipynb")
    (asked._setup.answer / "helper.py").write_text("def double(n): return 2 * n\n", encoding="utf-8")
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [text, *cells]}
    (asked._setup.answer / "n.ipynb").write_text(json.dumps(whole), encoding="utf-8")
    return asked


def fault(asked: Learner, limit: float = 60) -> LearnerFault:
    with pytest.raises(LearnerFault) as caught:
        asked.notebook(limit=limit).raise_error()
    return caught.value


def test_variables_prints_and_children_are_told(bench: Bench) -> None:
    work = "from helper import double\nwith multiprocessing.Pool(2) as pool:\n    results = pool.map(double, [1, 2])"
    rest = "print('done')\nodd = object()\nnothing = None"
    run = notebook(bench, SPAWN, work, rest).notebook("results", "odd", "nothing", "missing")
    assert run.value == {"results": [2, 4], "odd": wire.Unsendable("object"), "nothing": None}
    assert run.text == "done\n"
    assert {(ended.method, ended.code) for ended in run.exits} <= {("spawn", 0), ("spawn", -15), ("spawn", None)}
    assert len(run.exits) == 2
    assert run.leftovers == []
    if sys.platform == "linux":
        assert len(run.children) == 2


def test_a_cell_may_run_a_program_by_its_name(bench: Bench) -> None:
    cell = f"!{sys.executable} -c 'print(1 + 1)' > told.txt\ntold = open('told.txt').read()"
    run = notebook(bench, cell).notebook("told")
    assert run.value == {"told": "2\n"}


def test_cells_are_told_by_the_numbers_that_a_kernel_gives_them(bench: Bench) -> None:
    asked = notebook(bench, "first = 1", "  \n", "1 / 0", "never = 2")
    assert asked.cells() == {1: "first = 1", 2: "1 / 0", 3: "never = 2"}
    assert "cell 2, line 1: 1 / 0" in str(fault(asked).message)
    (asked._setup.answer / "n.ipynb").write_text("{", encoding="utf-8")
    assert asked.cells() == {}


def test_its_own_kernel_is_none_of_its_processes(bench: Bench) -> None:
    run = notebook(bench, "x = 1", "import threading\nthreading.Thread(target=print).start()").notebook("x")
    assert (run.value, run.processes, run.exits) == ({"x": 1}, [], [])


def test_a_child_that_dies_is_told_though_the_notebook_goes_on(bench: Bench) -> None:
    define = "def here(): pass"
    start = "child = multiprocessing.Process(target=here)\nchild.start()\nchild.join()\nchild.close()"
    run = notebook(bench, SPAWN, define, start).notebook()
    assert [(ended.method, ended.code) for ended in run.exits] == [("spawn", 1)]
    assert run.last_error.startswith("AttributeError: Can't get attribute 'here' on <module '__main__'")


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("x = 1\nfail()", "ZeroDivisionError: division by zero\n  cell 2, line 2: fail()\n  cell 1, line 2: 1 / 0"),
        ("x = (", "SyntaxError"),
        ("import sys\nsys.exit('bye')", "SystemExit: bye\n  cell 2"),
        ("import os\nos._exit(3)", "DeadKernelError: the kernel, which runs the cells, ended in cell 2."),
    ],
)
def test_the_cell_that_fails_is_named(bench: Bench, cell: str, expected: str) -> None:
    found = fault(notebook(bench, "def fail():\n    1 / 0", cell))
    assert found.status is Status.FAILED
    assert f"Running n.ipynb from top to bottom raised an exception:\n{expected}" in found.message


@pytest.mark.parametrize("body", ["pass", "time.sleep(0.1)"])
def test_a_cell_that_cannot_be_interrupted_is_ended_and_named(bench: Bench, body: str) -> None:
    cell = f"while True:\n    try:\n        {body}\n    except BaseException:\n        pass"
    found = fault(notebook(bench, "import time", cell), limit=8)
    assert found.status is Status.TIMED_OUT
    asked = "Running n.ipynb from top to bottom"
    expected = f"{asked} does not end: cell 2 had not ended when the notebook's 8 s were over."
    assert found.message.rstrip() == expected
    assert found.final, "the next check would wait as long"


def test_what_is_on_stderr_explains_a_hang(bench: Bench) -> None:
    found = fault(notebook(bench, SPAWN, "def f(n): pass\nmultiprocessing.Pool(1).map(f, [1])"), limit=15)
    assert found.status is Status.TIMED_OUT
    assert "On stderr stands: AttributeError: Can't get attribute 'f'" in found.message
