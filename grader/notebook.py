"""`notebook PART`: the lessons and stubs of a part of the course as one Jupyter notebook, to read, run and write in.

A lesson is a text cell, cut where it shows code; what can run in a notebook is a code cell there. Code that starts
processes or an event loop of its own stays text: its place is a file. The same course makes the same bytes.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from typing import Any, Final

from grader import messages
from grader.course import EXERCISES, Course, Kata, UnknownKata, lesson

_FENCED: Final = re.compile(r"^```python\n(.*?)^```$\n?", re.MULTILINE | re.DOTALL)
_ALREADY_RUNNING: Final = ("run", "Runner", "run_until_complete")
"""What asyncio refuses where a loop runs already, as one does in each notebook."""

_OF_PROCESSES: Final = (
    "multiprocessing",
    "ProcessPoolExecutor",
    "InterpreterPoolExecutor",
    "fork",
    "_exit",
    "__file__",
)
_nbformat: Any = importlib.import_module("nbformat")
"""Of no type: what it makes has none either."""

_KERNEL: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}


def part(course: Course, number: int) -> bytes:
    """Return the notebook of part `number` of `course`, as its file holds it.

    Raises:
        UnknownKata: if the part has no katas.
        CourseError: if a lesson or stub cannot be read.
    """
    katas = [kata for kata in course.katas if kata.part == number]
    if not katas:
        raise UnknownKata(messages.no_part(number, sorted({str(kata.part) for kata in course.katas})))
    cells = [_text("about", messages.about_part(number, katas[0].number))]
    for kata in katas:
        cells += _cells(kata)
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    made = _nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    _nbformat.validate(made)
    return f"{_nbformat.writes(made)}\n".encode()


def _cells(kata: Kata) -> Iterator[Any]:
    """Yield the cells of a kata: its lesson, and where its answer is written."""
    for count, (is_code, text) in enumerate(_pieces(lesson(kata)), start=1):
        make = _code if is_code else _text
        yield make(f"{kata.name}-{count}", text)
    for name in kata.files:
        path = f"{EXERCISES}/{kata.name}/{name}"
        key = f"{kata.name}-{name.replace('.', '-')}"
        if len(kata.files) > 1:
            yield _text(key, messages.your_answer_in(kata.name, path))
        else:
            stub = (kata.folder / name).read_text(encoding="utf-8")
            yield _text(f"{key}-title", messages.your_answer(kata.name))
            cell = _code(key, f"# %%writefile {path}\n{stub.strip()}")
            cell.metadata["tags"] = ["raises-exception"]  # a stub that is run as a script does, and the rest shall run
            yield cell


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a lesson in order, each with whether it is code to run."""
    at = 0
    for found in _FENCED.finditer(text):
        if _runs_in_a_cell(found[1]):
            yield from _unless_empty(text[at : found.start()])
            yield True, found[1].strip("\n")
            at = found.end()
    yield from _unless_empty(text[at:])


def _unless_empty(text: str) -> Iterator[tuple[bool, str]]:
    if text.strip():
        yield False, text.strip("\n")


def _runs_in_a_cell(code: str) -> bool:
    """Whether code does in a notebook what it does in a file, as far as can be seen."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        return False
    return not any(name in _OF_PROCESSES for node in nodes for name in _names(node)) and not any(map(_loops, nodes))


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.ImportFrom):
        yield (node.module or "").partition(".")[0]
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)


def _loops(node: ast.AST) -> bool:
    """Whether `node` is an attribute by which asyncio begins a loop: ``asyncio.run``."""
    if not isinstance(node, ast.Attribute) or node.attr not in _ALREADY_RUNNING:
        return False
    return node.attr == _ALREADY_RUNNING[-1] or (isinstance(node.value, ast.Name) and node.value.id == "asyncio")


def _text(key: str, text: str) -> Any:
    return _nbformat.v4.new_markdown_cell(text, id=key[:64])


def _code(key: str, text: str) -> Any:
    return _nbformat.v4.new_code_cell(text, id=key[:64])
