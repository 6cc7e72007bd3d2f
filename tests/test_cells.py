"""A notebook is read as data, and its cells make the module that is judged: definitions stay, trials go."""

from __future__ import annotations

import ast
import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from grader import cells
from grader.cells import Cell, CellError, Module, NotebookError


def notebook(*found: Any, **more: Any) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(found)} | more)


def code(text: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "outputs": [], "execution_count": None, "metadata": {}}


def module(*texts: str, wanted: tuple[str, ...] = ()) -> Module:
    found = [Cell(number, text) for number, text in enumerate(texts, start=1)]
    return cells.module(found, "double.py", "double.ipynb", frozenset(wanted))


def kept(*texts: str, wanted: tuple[str, ...] = ()) -> list[str]:
    """Return the rows of the module that do anything."""
    rows = module(*texts, wanted=wanted).text.splitlines()
    return [row for row in rows if row.strip() not in ("", "pass", "pass; pass") and not row.startswith("#")]


# --- reading


def test_code_cells_are_numbered_as_jupyter_does_and_their_rows_are_joined() -> None:
    text = {"cell_type": "markdown", "source": "# Title", "metadata": {}}
    found = cells.read(notebook(text, code(["a = 1\n", "b = 2"]), code("  \n"), code("c = 3\r\nd = 4")))
    assert found == [Cell(0, "# Title"), Cell(1, "a = 1\nb = 2"), Cell(0, "  \n"), Cell(2, "c = 3\nd = 4")]
    assert cells.code(found) == ["a = 1\nb = 2", "c = 3\nd = 4"]
    assert cells.opening(found) == "# Title"
    assert cells.opening(found[1:]) == ""


@pytest.mark.parametrize(
    "text, expected",
    [
        ("def double(", "is no notebook: it is not JSON."),
        ("[" * 200_000, "is no notebook: it is not JSON."),
        ('{"a": ' * 200_000, "is no notebook: it is not JSON."),
        ('{"nbformat": ' + "9" * 5000 + "}", "is no notebook: it is not JSON."),
        ("[]", "is no notebook of format 4."),
        ("{}", "is no notebook of format 4."),
        ("null", "is no notebook of format 4."),
        (notebook(nbformat=3, worksheets=[]), "is no notebook of format 4."),
        (notebook(nbformat=True), "is no notebook of format 4."),
        (notebook(cells={}), "is no notebook: it has no list of cells."),
        (notebook(cells=None), "is no notebook: it has no list of cells."),
        (notebook(1), "is no notebook: a cell of it has no text."),
        (notebook({"cell_type": "code"}), "is no notebook: a cell of it has no text."),
        (notebook({"cell_type": ["code"], "source": ""}), "is no notebook: a cell of it has no text."),
        (notebook(code([1, 2])), "is no notebook: a cell of it has no text."),  # type: ignore[list-item]
        (notebook(code("a = '\0'")), "holds a NUL character in a cell."),
    ],
)
def test_what_is_no_notebook_is_told_in_a_sentence(text: str, expected: str) -> None:
    with pytest.raises(NotebookError) as caught:
        cells.read(text)
    assert str(caught.value).startswith(expected)


# --- the module


def test_definitions_imports_and_constants_stay() -> None:
    source = 'import time\nLIMIT: int = 3\nclass A:\n    """Doc."""\n@staticmethod\ndef double(n=LIMIT):\n    return A'
    assert kept(source, "alias = double") == [*source.splitlines(), "alias = double"]


def test_what_a_cell_tries_out_goes() -> None:
    define = "import threading, time\ndef double(n):\n    results = []\n    return 2 * n\nclass Box: pass"
    trials = """
double(3)
print(double(3)); time.sleep(60)
results = double(4)
more = results + 1
thread = threading.Thread(target=double, args=(1,))
thread.daemon = True
thread.start(); thread.join()
box = Box()
box.value = 1
for number in range(3):
    time.sleep(number)
while True:
    pass
with open("missing") as file:
    text = file.read()
assert double(1) == 2, (
    "two lines")
if double(1) == 2:
    print("right")
del results
raise SystemExit
await double(1)
got = await double(2)
return 3
"""
    assert kept(define, trials) == define.splitlines()


def test_what_a_definition_uses_stays_with_all_that_it_takes_to_make_it() -> None:
    cell = "def make():\n    return {}\nbase = make()\ntable = base\nother = make()"
    fill = "TABLE = {}\nfor n in range(3):\n    TABLE[n] = n * n\n    TABLE.update()"
    use = "def double(n, default=[1]):\n    return table, TABLE"
    assert kept(cell, fill, use) == [*cell.splitlines()[:-1], *fill.splitlines(), *use.splitlines()]


def test_a_name_of_the_stub_stays_however_it_is_made() -> None:
    cell = "from functools import partial\ndef _times(a, n):\n    return a * n\n"
    cell += "double = partial(_times, 2)\nthree = _times(1, 3)"
    assert kept(cell, wanted=("double",)) == cell.splitlines()[:-1]


def test_a_conditional_import_or_definition_stays_and_so_does_the_guard() -> None:
    cell = "try:\n    import numpy\nexcept ImportError:\n    numpy = None\nif numpy:\n    def double(n): return n"
    guard = "if __name__ == '__main__':\n    result = double(1)\n    print(result, LIMIT)"
    assert kept(cell, "LIMIT = 1\nresult = double(2)", guard) == [*cell.splitlines(), "LIMIT = 1", *guard.splitlines()]


def test_a_future_import_comes_first() -> None:
    made = module("x = 1", "from __future__ import annotations\ndef double(n: Unknown): return n")
    assert made.text.startswith("from __future__ import annotations\n")
    compile(made.text, "double.py", "exec", dont_inherit=True)


def test_statements_of_one_line_are_parted() -> None:
    assert kept("def double(n): return n", "a = 1; double(1); b = 'ü'; double(\n  b\n); c = 3") == [
        "def double(n): return n",
        "a = 1; pass; b = 'ü'; pass; c = 3",
    ]


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("%matplotlib inline\n!pip install x \\\n  y\na = 1\na?\n?a\n%time\n", ["a = 1"]),
        ("%%time\na = 1", ["a = 1"]),
        ("%%timeit -n 3\na = 1", ["a = 1"]),
        ("%%bash\nls", []),
        ("%%writefile double.py\na = 1", ["a = 1"]),
        ("%%writefile ../x/double.py\na = 1", ["a = 1"]),
        ("%%writefile other.py\na = 1", []),
        ("%time a = 1", ["a = 1"]),
        ("files = !ls\na = %who\nif a:\n    %time a = 2\n", ["files = None", "a = None", "if a:", "    a = 2"]),
        ("%x\ns = '''\n%d\n!ls'''\nt = (1\n  % 2)\nu = 7 \\\n  % 3\n# don't ( stop\n!echo \"it's", None),
        ("a = 5\na %= 3\nb = a != 4", ["a = 5", "a %= 3", "b = a != 4"]),
    ],
)
def test_magics_go_and_python_that_looks_like_them_stays(cell: str, expected: list[str] | None) -> None:
    if expected is None:
        expected = ["s = '''", "%d", "!ls'''", "t = (1", "  % 2)", "u = 7 \\", "  % 3"]
    assert kept(cell) == expected


def test_lines_lead_back_to_their_cells() -> None:
    made = module("import time\n%time\nx = 1", "", "def double(n):\n    return 1 / 0")
    at = made.text.splitlines().index("    return 1 / 0") + 1
    told = f'  File "/elsewhere/double.py", line {at}, in double\n'
    told += f"See double.py:{at}. double.py, line {at} of mydouble.py:{at}."
    assert made.led_back(told) == (
        '  File "double.ipynb, cell 3", line 2, in double\nSee double.ipynb, cell 3:2. '
        f"double.ipynb, cell 3, line 2 of mydouble.py:{at}."
    )
    assert made.led_back('File "double.py", line 1') == 'File "double.py", line 1'


def test_a_cell_that_is_no_python_is_named() -> None:
    with pytest.raises(CellError) as caught:
        module("x = 1", "%time\ndef (")
    assert (caught.value.cell, caught.value.reason.lineno) == (2, 2)


def test_a_definition_is_looked_at_as_its_author_wrote_it() -> None:
    """With what stands before it, and however long a sum in it is."""
    total = " + ".join(["RATE"] * 900)
    cell = f"RATE = make()\n\n@(\n  staticmethod)\n# rate\ndef double(n):\n    total = {total}\n    return total"
    kept_rows = kept("def make(): return 1\ntotal = make()", cell)
    assert "RATE = make()" in kept_rows
    assert "total = make()" not in kept_rows


class Counted(set[str]):
    """A set that counts how often it is gone through."""

    count = 0

    def __iter__(self) -> Iterator[str]:
        self.count += 1
        return super().__iter__()


def test_what_a_statement_needs_is_gone_through_once_and_not_for_each_name_that_it_sets() -> None:
    names = [f"x{number}" for number in range(300)]
    statement = f"{' = '.join(names)} = {', '.join(names)}"
    fact = cells._Fact(ast.parse(statement).body[0], statement)
    fact.needs = needs = Counted(fact.needs)
    assert cells._needed([fact], frozenset(names)) == set(names)
    assert needs.count <= 1


@pytest.mark.parametrize(
    "cell",
    [
        "def f(): pass\nx0 = f()\n" + "".join(f"x{n + 1} = x{n}\n" for n in range(9_000)),
        "from a import " + ",".join(f"a{n}" for n in range(20_000)) + "\n" + "x=1\n" * 28_000,
        "x();" * 30_000,
        "%x\n" + " " * 250_000,
        "%x\n" + "a " * 120_000 + "\nx(",
        "%time\n" * 40_000,
        "%x\n" + "(" * 200_000,
        "%x\n" + '"""' * 60_001,
        "%x\n" + "'" * 200_001,
        "%x" + "\\\n" * 100_000,
        "x = [" * 50_000,
        "-" * 100_000 + "1",
        "def f(): return " + "-" * 5_000 + "1",
        "\ud800",
        "?" * 200_000,
    ],
    ids=lambda cell: repr(cell[:12]),
)
def test_no_cell_takes_long_or_fails_in_another_way(cell: str) -> None:
    began = time.process_time()
    with contextlib.suppress(CellError, RecursionError, MemoryError, ValueError):
        module(cell)
    assert time.process_time() - began < 10
