"""What is handed in: a file or a folder becomes an `Answer`, or the reason why it can't be judged.

Submissions are written by strangers. Only regular files with the names that a kata asks for, and Python files
beside them, are read: no link is followed, no pipe is opened, nothing large is loaded, and nothing is run.

For each Python file of a kata a notebook of its name may be handed in: what is judged is the module of its cells.
Where both are there it is the Python file, unless all of that is still to be written.
"""

from __future__ import annotations

import ast
import codecs
import contextlib
import difflib
import io
import itertools
import os
import re
import stat
import tokenize
import traceback
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from grader import messages
from grader.course import EXERCISES, Kata
from grader.printable import clean, line
from grader.syntax import TooLongError, parsed
from grader.verdict import Check, Status, Where

if TYPE_CHECKING:
    from grader import cells

MAX_BYTES: Final = 256 * 1024
"""The size that one file of an answer may have."""

MAX_NOTEBOOK: Final = 4 * 2**20
"""The size that a notebook may have, with all that its cells printed and drew."""

MAX_HELPERS: Final = 10
"""How many Python files beside the kata's own an answer may have."""


_NOTEBOOK: Final = ".ipynb"

_ALIKE: Final = 0.8
"""From what likeness on, of 1, a folder's name is taken for that of a kata, mistyped."""

_MOST_SEEN: Final = 1000
"""Entries of a folder that are looked at for such a name, for each kata that is not there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was handed in for one kata.

    Attributes:
        kata: the kata's name.
        source: what to call it in messages.
        files: name → bytes, the kata's files and helpers; empty unless `status` is None or not started.
        status: None if it is to be judged, else the kata's status (not started or crashed).
        message: why it is not to be judged, for the learner.
        notebooks: what was made of notebooks, each in place of one of `files`.
        note: which of two files is judged, or which folder might be meant, a sentence; "" where there is no choice.
        lacking: names of files of the kata that are not there.
    """

    kata: str
    source: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    status: Status | None = None
    message: str = ""
    notebooks: tuple[cells.Module, ...] = ()
    note: str = ""
    lacking: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, bytes]:
        """The files as their author sees them: cells of notebooks in place of what was made of them."""
        made = {module.file for module in self.notebooks}
        whole = {name: data for name, data in self.files.items() if name not in made}
        return whole | {name: text.encode() for module in self.notebooks for name, text in module.cells()}

    def led_back(self, text: str) -> str:
        """Return `text` with lines of cells where it tells of lines that were made of them."""
        for made in self.notebooks:
            text = made.led_back(text)
        return text

    def led_back_check(self, check: Check) -> Check:
        """Return `check` with its texts and its place led back."""
        where = check.where
        for made in self.notebooks:
            if where is not None and where.file == made.file:
                where = Where(*made.place(where.line))
        message, output = self.led_back(check.message), self.led_back(check.output)
        return msgspec.structs.replace(check, message=message, output=output, where=where)


@dataclass(slots=True)
class _Found:
    """Files of an answer as they are read: the kata's own and helpers, and what was made of notebooks."""

    own: dict[str, bytes] = field(default_factory=dict)
    helpers: dict[str, bytes] = field(default_factory=dict)
    notebooks: list[cells.Module] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Refused(Exception):
    """A file that is handed in and cannot be read; the text is a sentence for its author."""


def find(kata: Kata, folder: Path) -> Answer:
    """Return what `folder` holds for `kata`, in ``exercises/NN_name/`` or ``NN_name/``."""
    for parts in ((EXERCISES, kata.name), (kata.name,)):
        if os.path.lexists(folder.joinpath(*parts)):
            return _answer(kata, folder, parts)
    message, meant = messages.no_answer(kata.name, line(str(folder))), _called_alike(kata, folder)
    note = messages.misnamed(kata.name, line(meant)) if meant else ""
    return Answer(kata.name, str(folder), status=Status.NOT_STARTED, message=f"{message} {note}".strip(), note=note)


def _called_alike(kata: Kata, folder: Path) -> str:
    """Return the name of a folder that is that of no kata, but like that of `kata`; "" if there is none."""
    names: dict[str, str] = {}
    for place in (folder / EXERCISES, folder):
        with contextlib.suppress(OSError):
            seen = [] if place.is_symlink() else itertools.islice(place.iterdir(), _MOST_SEEN)
            found = [path.name for path in seen if path.is_dir()]
            names |= {name.lower(): name for name in found if not (kata.folder.parent / name).is_dir()}
    alike = difflib.get_close_matches(kata.name.lower(), names, n=1, cutoff=_ALIKE)
    return names[alike[0]] if alike else ""


def read(kata: Kata, path: Path) -> Answer:
    """Return the answer to `kata` at `path`: a file of any name, or a folder that holds the kata's files."""
    if path.is_dir() and not path.is_symlink():
        return _answer(kata, path, ())
    if len(kata.files) > 1 and os.path.lexists(path):
        message = messages.name_the_folder(kata.name, kata.files)
        return Answer(kata.name, str(path), status=Status.CRASHED, message=message)
    name, found = kata.files[0], _Found()
    try:
        if path.suffix == _NOTEBOOK and not name.endswith(_NOTEBOOK):
            _take_notebook(kata, name, path.name, _load(path.parent, (path.name,), path.name), found)
        else:
            found.own[name] = _load(path.parent, (path.name,), path.name)
    except FileNotFoundError:
        return _missing(kata, str(path), [path.name])
    except _Refused as reason:
        return Answer(kata.name, str(path), status=Status.CRASHED, message=str(reason))
    return _judged(kata, str(path), found, called=path.name)


def notebook_of(kata: Kata, name: str) -> str:
    """Return the name of the notebook that may stand in place of the kata's file `name`; "" if none may."""
    notebook = Path(name).stem + _NOTEBOOK
    return "" if notebook in kata.files else notebook


def written(kata: Kata) -> list[Path]:
    """Return the files in the kata's folder that are judged: those that it asks for, or notebooks in their place."""
    return [kata.folder / (_in_place_of(kata, name) or name) for name in kata.files]


def _in_place_of(kata: Kata, name: str) -> str:
    notebook = notebook_of(kata, name)
    if not notebook or not os.path.lexists(kata.folder / notebook):
        return ""
    try:
        data = _own_file(kata.folder, (), name)
    except _Refused:
        return ""
    return notebook if data is None or _is_open(kata, name, data) else ""


def is_stub(kata: Kata, files: Mapping[str, bytes]) -> bool:
    """Return whether `files` are all that the kata asks for, with nothing of it written yet."""
    whole = set(files) == set(kata.files)
    return whole and _judged(kata, "", _Found(own=dict(files))).status is Status.NOT_STARTED


def _answer(kata: Kata, root: Path, parts: tuple[str, ...]) -> Answer:
    source = str(root.joinpath(*parts))
    try:
        _check_folders(root, parts)
        found = _Found()
        for name in kata.files:
            _take(kata, root, parts, name, found)
        lacking = [name for name in kata.files if name not in found.own]
        if lacking:
            return _missing(kata, source, lacking)
        for name in _helpers(kata, root.joinpath(*parts)):
            found.helpers[name] = _load(root, (*parts, name), name)
            with contextlib.suppress(SyntaxError):  # it may never be imported
                _coding(line(name), found.helpers[name])
    except _Refused as reason:
        return Answer(kata.name, source, status=Status.CRASHED, message=str(reason))
    except OSError as error:
        message = messages.unreadable(line(source), error)
        return Answer(kata.name, source, status=Status.CRASHED, message=message)
    return _judged(kata, source, found)


def _take(kata: Kata, root: Path, parts: tuple[str, ...], name: str, found: _Found) -> None:
    """Take the kata's file `name`, or the notebook beside it if there is nothing in the file yet."""
    data = _own_file(root, parts, name)
    if data is not None:
        found.own[name] = data
    notebook = notebook_of(kata, name)
    if not notebook or not os.path.lexists(root.joinpath(*parts, notebook)):
        return
    if data is not None and not _is_open(kata, name, data):
        found.notes.append(messages.file_is_judged(kata.name, name, notebook))
        return
    _take_notebook(kata, name, notebook, _load(root, (*parts, notebook), notebook), found)
    if data is not None:
        found.notes.append(messages.notebook_is_judged(kata.name, name, notebook))


def _take_notebook(kata: Kata, name: str, notebook: str, data: bytes, found: _Found) -> None:
    """Take the module that the cells of `notebook` make as the kata's file `name`."""
    from grader import cells  # noqa: PLC0415 - only who hands a notebook in waits for it

    shown = line(notebook)
    found_cells = _cells(shown, data)
    size = sum(len(text) for text in cells.code(found_cells))
    if not size:
        raise _Refused(messages.no_code(shown))
    if size > MAX_BYTES:
        raise _Refused(messages.too_much_code(shown, MAX_BYTES // 1024))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as of a file's text
            made = cells.module(found_cells, name, shown, _wanted(kata, name))
    except cells.CellError as error:
        raise _Refused(_as_python_shows(error.reason, messages.in_cell(shown, error.cell), error.text)) from error
    except _TOO_DEEP as error:
        raise _Refused(messages.too_deep(shown, error)) from error
    found.own[name] = made.text.encode()
    found.notebooks.append(made)


def _cells(name: str, data: bytes) -> list[cells.Cell]:
    from grader import cells  # noqa: PLC0415 - as above

    try:
        return cells.read(_text(name, data))
    except cells.NotebookError as error:
        raise _Refused(f"{name} {error}") from error


def _wanted(kata: Kata, name: str) -> frozenset[str]:
    """Return the names that the kata's file `name` has in the course."""
    try:
        tree = _parsed(name, _load(kata.folder, (name,), name))
    except (_Refused, OSError):
        return frozenset()
    defined = {node.name for node in tree.body if isinstance(node, _DEFINITIONS)}
    return frozenset(defined | {name for name, _ in _data(tree)})


def _is_open(kata: Kata, name: str, data: bytes) -> bool:
    """Whether all that is asked for in the file `name` is still to be written."""
    try:
        return bool(_open([_parsed(name, data)], kata.given))
    except _Refused:
        return False


def _judged(kata: Kata, source: str, found: _Found, called: str = "") -> Answer:
    """Return the answer, once its own files are seen to be Python; a single one is `called` so in messages."""
    trees = []
    made = {module.file: module for module in found.notebooks}
    for name, data in found.own.items():
        shown = name if name in made else line(called or name)
        try:
            if name.endswith(_NOTEBOOK):
                _cells(shown, data)
            else:
                trees.append(_parsed(shown, data))
        except _Refused as reason:
            message = made[name].led_back(str(reason)) if name in made else str(reason)
            return Answer(kata.name, source, status=Status.CRASHED, message=message)
    message = "" if _has_new_cells(kata, found.own) else _open(trees, kata.given)
    status = Status.NOT_STARTED if message else None
    files = found.own | found.helpers
    return Answer(kata.name, source, files, status, message, tuple(found.notebooks), " ".join(found.notes))


def _has_new_cells(kata: Kata, files: Mapping[str, bytes]) -> bool:
    """Whether a notebook that the kata asks for has other code than the course gives."""
    return any(_code(name, data) != _given_code(kata, name) for name, data in files.items() if name.endswith(_NOTEBOOK))


def _given_code(kata: Kata, name: str) -> list[str]:
    try:
        return _code(name, _load(kata.folder, (name,), name))
    except (_Refused, OSError):
        return []


def _code(name: str, data: bytes) -> list[str]:
    """Return the text of the code cells of a notebook."""
    from grader import cells  # noqa: PLC0415 - as above

    return cells.code(_cells(name, data))


def _missing(kata: Kata, source: str, names: list[str]) -> Answer:
    message = messages.missing([line(name) for name in names], line(source))
    status = Status.CRASHED if len(names) < len(kata.files) else Status.NOT_STARTED
    return Answer(kata.name, source, status=status, message=message, lacking=tuple(names))


def _check_folders(root: Path, parts: tuple[str, ...]) -> None:
    """Refuse a way from `root` to the answer that leads through anything but real folders."""
    for depth in range(1, len(parts) + 1):
        mode = root.joinpath(*parts[:depth]).lstat().st_mode
        if not stat.S_ISDIR(mode):
            raise _Refused(messages.no_real_folder("/".join(parts[:depth]), _kind(mode)))


def _own_file(root: Path, parts: tuple[str, ...], name: str) -> bytes | None:
    try:
        return _load(root, (*parts, name), name)
    except FileNotFoundError:
        return None


def _helpers(kata: Kata, folder: Path) -> list[str]:
    """Return the names of the Python files beside the kata's own that an answer may import."""
    course = {kata.test_file.name, "probes.py", "conftest.py", *kata.files}
    names = sorted(path.name for path in folder.iterdir() if path.suffix == ".py" and path.name not in course)
    helpers = [name for name in names if name[:-3].isidentifier() and not name.startswith("test_")]
    if len(helpers) > MAX_HELPERS:
        raise _Refused(messages.too_many_helpers(len(helpers), kata.files[0], MAX_HELPERS))
    return helpers


def _load(root: Path, parts: tuple[str, ...], name: str) -> bytes:
    path, name = root.joinpath(*parts), line(name)
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            raise _Refused(messages.no_regular_file(name, _kind(mode)))
        data = _read_bytes(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _Refused(messages.unreadable(name, error)) from error
    limit = _limit(path)
    if len(data) > limit:
        raise _Refused(messages.too_large(name, limit // 1024, outputs=limit == MAX_NOTEBOOK))
    return data


def _limit(path: Path) -> int:
    return MAX_NOTEBOOK if path.suffix == _NOTEBOOK else MAX_BYTES


def _read_bytes(path: Path) -> bytes:
    """Return the file's bytes, at most one more than is allowed, and of a regular file only."""
    wanted = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOCTTY")
    flags = os.O_RDONLY
    for flag in wanted:
        flags |= getattr(os, flag, 0)
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - a descriptor that follows no link
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise _Refused(messages.changed_meanwhile(line(path.name)))
        return file.read(_limit(path) + 1)


_KINDS: Final = {
    stat.S_IFDIR: messages.A_FOLDER,
    stat.S_IFLNK: messages.A_SYMLINK,
    stat.S_IFREG: messages.A_FILE,
    stat.S_IFIFO: messages.A_PIPE,
    stat.S_IFSOCK: messages.A_SOCKET,
}


def _kind(mode: int) -> str:
    return _KINDS.get(stat.S_IFMT(mode), messages.A_DEVICE)


def _text(name: str, data: bytes) -> str:
    """Return the text of a kata's file, or refuse it."""
    if not data.strip():
        raise _Refused(messages.empty(name))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise _Refused(messages.no_utf8(name, row)) from error
    if "\0" in text:
        raise _Refused(messages.holds_nul(name))
    return text


def _parsed(name: str, data: bytes) -> ast.Module:
    """Return the tree of a kata's file, or refuse it in the words of Python itself.

    It is not compiled: that can take any time and memory, as each ``finally`` in another doubles the code. What the
    compiler alone finds, like a ``return`` outside a function, is told when the answer is imported.
    """
    text = _text(name, data)
    _refuse_another_coding(name, data, text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a doubtful escape sequence is the learner's own business
        try:
            return parsed(text, _UNFINDABLE)
        except TooLongError as error:
            raise _Refused(messages.not_python(name, error)) from error
        except SyntaxError as error:
            raise _Refused(_as_python_shows(error, name, text)) from error
        except _TOO_DEEP as error:
            raise _Refused(messages.too_deep(name, error)) from error


def _refuse_another_coding(name: str, data: bytes, text: str) -> None:
    """Refuse a file that Python reads otherwise than people do: ``# coding: utf-7`` makes code look like a comment."""
    try:
        coding = _coding(name, data)
    except SyntaxError as error:
        raise _Refused(messages.no_coding(name, line(str(error)))) from error
    try:
        same = data.decode(coding) == text
    except ValueError:
        same = False
    if not same:
        raise _Refused(messages.another_coding(name, coding))


def _coding(name: str, data: bytes) -> str:
    """Return the coding that Python reads a file by, or refuse the file: some hide code, some take time without end.

    Raises:
        SyntaxError: if there is no such coding.
    """
    rows = re.sub(rb"\r\n?", b"\n", data)  # to the parser that is the end of a line, to `tokenize` it is not
    coding, _ = tokenize.detect_encoding(io.BytesIO(rows).readline)
    if not _CODINGS.fullmatch(codecs.lookup(coding).name):
        raise _Refused(messages.another_coding(name, line(coding)))
    return coding


_CODINGS: Final = re.compile(r"utf-8(-sig)?|ascii|iso8859-\d+|cp125\d|koi8-[rtu]|shift_jis|euc_(jp|kr)|gb\w+|big5")
"""Codings in which what is written in ASCII is just that."""

_TOO_DEEP: Final = (RecursionError, MemoryError, ValueError, OverflowError)
"""What Python raises for text that it can't even read as wrong."""

_UNFINDABLE: Final = "<answer>"
"""What the parser takes the file for: it reads an error's line from the disk, under the name that it got."""


def _as_python_shows(error: SyntaxError, name: str, text: str) -> str:
    rows = re.split(r"\r\n|\r|\n", text)
    if error.lineno is not None and 0 < error.lineno <= len(rows):
        error.text = rows[error.lineno - 1]
    error.filename = name
    shown = "".join(traceback.format_exception_only(error)).rstrip()
    return clean(messages.python_cannot_read(name, shown), 2000)


def _open(trees: list[ast.Module], given: tuple[str, ...]) -> str:
    """Return a sentence if something is still to be written, and nothing that is asked for was; else ``""``."""
    asked = [(name, body) for tree in trees for name, body in _asked_for(tree)]
    to_write = [body for name, body in asked if name not in given and name.split(".")[0] not in given]
    if to_write:
        is_open = all(map(_raises_not_implemented, to_write))
        return messages.ALL_TO_WRITE if is_open else ""
    to_fill = [value for tree in trees for name, value in _data(tree) if name not in given]
    return messages.ALL_TO_FILL_IN if to_fill and all(map(_is_empty, to_fill)) else ""


def _data(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield name and value of what the module sets, but for private names; and what else it does, without a name."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [_named(target) for target in targets]
            yield from ((name, node.value) for name in names if node.value is not None and not name.startswith("_"))
        elif not isinstance(node, (ast.Import, ast.ImportFrom, *_DEFINITIONS)) and not _is_docstring(node):
            yield "", node


def _named(target: ast.expr) -> str:
    """Return the name that is set, with a dot where that is a part of what has the name; "" if there are several."""
    rest = ""
    while isinstance(target, ast.Attribute | ast.Subscript):
        target, rest = target.value, "."
    return target.id + rest if isinstance(target, ast.Name) else rest


_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _is_empty(node: ast.AST) -> bool:
    """Whether a value is written as a list, tuple or dict that holds nothing, or nothing but such."""
    if isinstance(node, ast.Dict):
        return all(map(_is_empty, node.values))
    return isinstance(node, ast.List | ast.Tuple) and all(map(_is_empty, node.elts))


def _asked_for(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Yield name and body of each public function, and of each method of each public class."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node.name, node.body
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for method in node.body:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and _is_public(method.name):
                    yield f"{node.name}.{method.name}", method.body


def _is_public(method: str) -> bool:
    return not method.startswith("_") or (method.startswith("__") and method.endswith("__"))


def _raises_not_implemented(body: list[ast.stmt]) -> bool:
    rest = body[1:] if _is_docstring(body[0]) else body
    if len(rest) != 1 or not isinstance(rest[0], ast.Raise):
        return False
    raised = rest[0].exc
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _is_docstring(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
        return False
    return isinstance(node.value.value, str)
