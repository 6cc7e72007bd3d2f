"""Notebooks as data: their cells, and the module that those make. Nothing of a notebook is run, nor Jupyter imported.

A notebook that is handed in for a ``.py`` file becomes the text of that file. Kept are imports, definitions, the
``__main__`` guard and assignments. What a cell only tries out is left out: calls, loops and prints at its top level,
and assignments of what the notebook's own functions gave, unless one of its definitions uses the name.
"""

from __future__ import annotations

import ast
import bisect
import itertools
import json
import re
import symtable
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grader import messages
from grader.syntax import parsed

FORMAT: Final = 4
"""The major version of the notebook format that is read; Jupyter has written it since 2015."""

_PYTHON_CELLS: Final = ("time", "timeit", "capture", "prun")
"""Cell magics whose cell is Python all the same."""

_MAGIC: Final = re.compile(
    r"[ \t]*+(?:[%!?]|(?P<assigned>[\w.,\[\] \t]++=)[ \t]*+[%!](?!=)|[\w.]++\?{1,2}[ \t]*+$)"  # gives nothing back
)
_TIMED: Final = re.compile(r"([ \t]*)%time[ \t]+(?=\S)")
_TOKEN: Final = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z)|'''(?:\\.|[^\\])*?(?:'''|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|\#[^\n]*|\\\n|[^\"'\#\\\n()\[\]{}]+|.|\n",
    re.DOTALL,
)


class NotebookError(ValueError):
    """The text is no notebook, or a cell of it is no Python; a sentence that follows the file's name."""


class CellError(Exception):
    """A cell is no Python.

    Attributes:
        cell: the number of the cell.
        text: of the cell, as it was read.
        reason: what Python says of it.
    """

    def __init__(self, cell: int, text: str, reason: SyntaxError) -> None:
        super().__init__(cell, text, reason)
        self.cell, self.text, self.reason = cell, text, reason


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `number` counts the code cells that are not empty, as Jupyter does, and is 0 for text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Module:
    """The module that a notebook's cells make.

    Attributes:
        file: the name of the file that it stands for.
        notebook: the name of the notebook.
        text: its text.
        begins: for each cell the line where it begins in the text, and its number.
    """

    file: str
    notebook: str
    text: str
    begins: tuple[tuple[int, int], ...]

    def place(self, line: int) -> tuple[str, int]:
        """Return what to call the cell that a line of the text comes from, and the line's number in that cell."""
        at = bisect.bisect_right(self.begins, line, key=lambda begin: begin[0]) - 1
        if at < 0:
            return self.file, line
        first, number = self.begins[at]
        return messages.in_cell(self.notebook, number), line - first + 1

    def cells(self) -> Iterator[tuple[str, str]]:
        """Yield what each cell is called, and its part of the text."""
        rows = self.text.split("\n")
        ends = [first - 1 for first, _ in self.begins[1:]] + [len(rows)]
        for (first, _), end in zip(self.begins, ends, strict=True):
            yield self.place(first)[0], "\n".join(rows[first - 1 : end])

    def led_back(self, message: str) -> str:
        """Return `message` with lines of cells in place of lines of the text."""
        name = re.escape(self.file)
        message = re.sub(rf'File "(?:[^"\n]*[/\\])?{name}", line (\d+)', self._in_trace, message)
        return re.sub(rf"(?<![\w./\\-]){name}(:|, line )(\d+)", self._in_text, message)

    def _in_trace(self, found: re.Match[str]) -> str:
        place, line = self.place(_number(found[1]))
        return f'File "{place}", line {line}'

    def _in_text(self, found: re.Match[str]) -> str:
        place, line = self.place(_number(found[2]))
        return f"{place}{found[1]}{line}"


def _number(digits: str) -> int:
    return int(digits[:9])


def read(text: str) -> list[Cell]:
    """Return the cells of the notebook `text`.

    Raises:
        NotebookError: if it is none.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise NotebookError(messages.NO_JSON) from error
    version = data.get("nbformat") if isinstance(data, dict) else None
    if type(version) is not int or version != FORMAT:
        raise NotebookError(messages.other_format(FORMAT))
    if not isinstance(data.get("cells"), list):
        raise NotebookError(messages.NO_CELLS)
    return list(_cells(data["cells"]))


def _cells(found: list[Any]) -> Iterator[Cell]:
    number = 0
    for cell in found:
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        text = _source(cell.get("source")) if isinstance(cell, dict) else None
        if not isinstance(kind, str) or text is None:
            raise NotebookError(messages.NO_TEXT_IN_CELL)
        if "\0" in text:
            raise NotebookError(messages.NUL_IN_CELL)
        is_code = kind == "code" and text.strip() != ""
        number += is_code
        yield Cell(number if is_code else 0, text)


def _source(source: object) -> str | None:
    if isinstance(source, list) and all(isinstance(row, str) for row in source):
        source = "".join(source)
    return re.sub(r"\r\n?", "\n", source) if isinstance(source, str) else None


def code(cells: Iterable[Cell]) -> list[str]:
    """Return the text of the code cells."""
    return [cell.text for cell in cells if cell.number]


def opening(cells: Sequence[Cell]) -> str:
    """Return the text of the first cell, which says what the notebook is; "" where it is code or there is none."""
    return cells[0].text if cells and not cells[0].number else ""


def module(cells: Iterable[Cell], file: str, notebook: str, wanted: frozenset[str] = frozenset()) -> Module:
    """Return the module that the code cells make.

    Args:
        cells: of the notebook.
        file: the name of the file that it stands for; a cell that begins with ``%%writefile`` and that name is kept.
        notebook: the notebook's name.
        wanted: names that are kept whatever their value.

    Raises:
        CellError: if a cell is no Python.
        RecursionError, MemoryError, ValueError: if it is nested too deeply.
    """
    parts = [_Part(cell, _plain(cell.text, file)) for cell in cells if cell.number]
    facts = [_Fact(node, source) for part in parts for node, source in part.statements()]
    dropped = {id(node) for node in _left_out(facts, wanted)}
    future = [
        node
        for part in parts
        for node in part.tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    names = sorted({alias.name for node in future for alias in node.names})
    rows = [f"from __future__ import {', '.join(names)}" if names else "# The cells of a notebook."]
    dropped |= {id(node) for node in future}
    begins = []
    for part in parts:
        rows.append(f"# cell {part.cell.number}")
        begins.append((len(rows) + 1, part.cell.number))
        rows += part.without(dropped)
    return Module(file, notebook, "\n".join(rows) + "\n", tuple(begins))


class _Part:
    """A code cell: its text without magics, and its tree."""

    def __init__(self, cell: Cell, text: str) -> None:
        self.cell = cell
        self._text = text.encode("utf-8", "replace")
        try:
            self.tree = parsed(self._text.decode())
        except SyntaxError as error:
            raise CellError(cell.number, text, error) from error

    def statements(self) -> Iterator[tuple[ast.stmt, str]]:
        """Yield the statements, each with the text of its rows and those before it that are of none."""
        rows, done = self._text.split(b"\n"), 0
        for node in self.tree.body:
            end = node.end_lineno or 0
            yield node, b"\n".join(rows[done:end]).decode()
            done = end

    def without(self, dropped: set[int]) -> list[str]:
        """Return the rows of the text, as many as there were, with ``pass`` in place of what is dropped."""
        made, at, owed = [], 0, 0
        for begin, end in self._places(dropped):
            between = self._text[at:begin]
            if b"\n" in between:
                between, owed = between.replace(b"\n", b"\n" * (owed + 1), 1), 0
            made += [between, b"pass"]
            owed += self._text.count(b"\n", begin, end)
            at = end
        rest, ended, more = self._text[at:].partition(b"\n")
        return b"".join([*made, rest, b"\n" * owed, ended, more]).decode().split("\n")

    def _places(self, dropped: set[int]) -> Iterator[tuple[int, int]]:
        """Yield where in the text each statement that is dropped begins and ends."""
        begins = list(itertools.accumulate((len(row) + 1 for row in self._text.split(b"\n")), initial=0))
        for node in self.tree.body:
            if id(node) in dropped:
                assert node.end_lineno is not None
                assert node.end_col_offset is not None
                yield begins[node.lineno - 1] + node.col_offset, begins[node.end_lineno - 1] + node.end_col_offset


# --- magics -----------------------------------------------------------------------------------------------


def _plain(text: str, file: str) -> str:
    """Return the text of a cell without what only IPython understands, line by line."""
    head, _, rest = text.partition("\n")
    if head.startswith("%%"):
        words = head[2:].split()
        kept = words[:1] and (words[0] in _PYTHON_CELLS or (words[0] in ("writefile", "file") and _names(words, file)))
        return _plain(f"\n{rest}", file) if kept else "\n" * text.count("\n")
    try:
        parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "".join(_without_magics(text))
    return text


def _names(words: list[str], file: str) -> bool:
    return re.split(r"[/\\]", words[-1])[-1] == file


def _without_magics(text: str) -> Iterator[str]:
    """Yield the parts of `text` with ``pass`` for lines of magics, shell commands and questions.

    A line is one of these only where a statement can begin: in no string, bracket or continued line.
    """
    at, depth, fresh = 0, 0, True
    while at < len(text):
        if fresh and depth <= 0 and (found := _MAGIC.match(text, at, _line_end(text, at))):
            end = _command_end(text, at)
            yield _instead(text[at:end], found) + "\n" * text.count("\n", at, end)
            at, fresh = end, False
            continue
        token = _TOKEN.match(text, at)
        assert token is not None
        depth += (token[0] in ("(", "[", "{")) - (token[0] in (")", "]", "}"))
        fresh = token[0] == "\n"
        at = token.end()
        yield token[0]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _command_end(text: str, at: int) -> int:
    """Return where the line at `at` ends, with those that a backslash adds to it."""
    end = _line_end(text, at)
    while end < len(text) and text[end - 1] == "\\":
        end = _line_end(text, end + 1)
    return end


def _instead(command: str, found: re.Match[str]) -> str:
    if timed := _TIMED.match(command):
        return timed[1] + command[timed.end() :].replace("\\\n", " ")
    indent = command[: len(command) - len(command.lstrip())]
    return f"{indent}{found['assigned'].strip()} None" if found["assigned"] else f"{indent}pass"


# --- what is kept -----------------------------------------------------------------------------------------

_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ALWAYS: Final = (*_DEFINITIONS, ast.Import, ast.ImportFrom, ast.Pass)
_ASSIGNMENTS: Final = (ast.Assign, ast.AnnAssign, ast.AugAssign, getattr(ast, "TypeAlias", ast.Assign))
_SETTING_UP: Final = (*_ALWAYS, *_ASSIGNMENTS, ast.If, ast.Try, ast.TryStar, ast.Raise)
_BLOCKS: Final = (ast.If, ast.Try, ast.TryStar, ast.For, ast.While, ast.With)


def _left_out(facts: Sequence[_Fact], wanted: frozenset[str]) -> list[ast.stmt]:
    """Return the statements that are only trials."""
    own = {name for fact in facts for name in fact.defines}
    imported = {name for fact in facts if isinstance(fact.node, ast.Import | ast.ImportFrom) for name in fact.sets}
    for fact in facts:
        fact.changes = fact.changes - imported  # time.sleep(1) changes nothing of time
        fact.tries = fact.calls and bool(fact.needs & own)
    needed = _needed(facts, wanted)
    users = _by_name([fact for fact in facts if not fact.stays(needed, tries=True)], lambda fact: fact.needs)
    setters = {name: len(found) for name, found in _by_name(facts, lambda fact: fact.sets).items()}
    dropped: dict[int, _Fact] = {}
    ahead = [fact for fact in facts if not fact.stays(needed, tries=fact.tries)]
    while ahead:
        fact = ahead.pop()
        if id(fact) in dropped:
            continue
        dropped[id(fact)] = fact
        for name in fact.sets:
            setters[name] -= 1
            if not setters[name]:  # nothing sets it that is kept: who uses it is a trial too
                ahead += users.pop(name, ())
    return [fact.node for fact in dropped.values()]


def _needed(facts: Sequence[_Fact], wanted: frozenset[str]) -> set[str]:
    """Return the names that definitions use, and those that it takes to set these."""
    useful = [fact for fact in facts if fact.stays(None, tries=fact.tries)]
    changers = _by_name(useful, lambda fact: fact.sets | fact.changes)
    needed = set(wanted.union(*(fact.needs for fact in facts if fact.always)))
    ahead, seen = list(needed), set[int]()
    while ahead:
        for fact in changers.pop(ahead.pop(), ()):
            if id(fact) not in seen:
                seen.add(id(fact))
                ahead += fact.needs - needed
                needed |= fact.needs
    return needed


def _by_name(facts: Sequence[_Fact], names: Callable[[_Fact], set[str]]) -> dict[str, list[_Fact]]:
    found: dict[str, list[_Fact]] = {}
    for fact in facts:
        for name in names(fact):
            found.setdefault(name, []).append(fact)
    return found


class _Fact:
    """What is to be known of one statement at the top level of a cell.

    Attributes:
        defines: the names of the functions and classes that it defines.
        always: whether it is kept without a question.
        sets: the names that it sets.
        changes: the names of what it changes a part of, or calls a method of.
        needs: the names of others that it uses.
        calls: whether it calls anything.
        tries: whether it calls the learner's own functions or classes.

    Args:
        node: the statement.
        source: its text.
    """

    def __init__(self, node: ast.stmt, source: str) -> None:
        self.node = node
        is_guard = isinstance(node, ast.If) and "__name__" in set(_loaded(node.test))
        self.always = isinstance(node, _ALWAYS) or is_guard
        parts = list(_outside_functions(node))
        self.defines = {one.name for one in parts if isinstance(one, _DEFINITIONS)}
        self.sets = {name for one in parts for name in _set_by(one)}
        self.changes = {name for one in parts for name in _changed_by(one)}
        self.needs = _globals_of(node, source) if isinstance(node, _DEFINITIONS) else set(_loaded(node))
        if is_guard:
            self.needs -= self.sets
        elif isinstance(node, ast.AugAssign):
            self.needs |= self.sets
        self.calls = any(isinstance(one, ast.Call) for one in parts)
        self.tries = False
        self._waits = any(isinstance(one, ast.Await | ast.AsyncFor | ast.AsyncWith) for one in parts)
        only_sets_up = all(not isinstance(one, ast.stmt) or isinstance(one, _SETTING_UP) for one in parts)
        self._kind = "block" if isinstance(node, _BLOCKS) else "trial"
        if only_sets_up and not isinstance(node, ast.Raise):
            self._kind = "set"

    def stays(self, needed: set[str] | None, *, tries: bool) -> bool:
        """Tell whether it is kept, by itself or since what it sets is `needed`; None stands for all names.

        Args:
            needed: names that definitions use.
            tries: whether it calls the learner's own, or uses a name that nothing sets which is kept.
        """
        if self.always or self._waits or self._kind == "trial":
            return self.always
        is_needed = needed is None or not needed.isdisjoint(self.sets | self.changes)
        return is_needed and not tries if self._kind == "block" else is_needed or not tries


def _loaded(node: ast.AST) -> Iterator[str]:
    yield from (one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load))


def _set_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, _DEFINITIONS):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]


def _changed_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        yield from _base(node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield from _base(node.value.func)


def _base(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below `node`, itself among them, but for what is inside functions and classes."""
    ahead = [node]
    while ahead:
        one = ahead.pop()
        yield one
        if not isinstance(one, (ast.Lambda, *_DEFINITIONS)):
            ahead += ast.iter_child_nodes(one)


def _globals_of(node: ast.stmt, source: str) -> set[str]:
    """Return the names of the module that a definition uses, when it is made or when it runs."""
    try:
        tables = [symtable.symtable(source, "<cell>", "exec")]
    except SyntaxError:
        return set(_loaded(node))
    found = {symbol.get_name() for symbol in tables[0].get_symbols() if symbol.is_referenced()}
    while tables:
        table = tables.pop()
        tables += table.get_children()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return found - {getattr(node, "name", "")}
