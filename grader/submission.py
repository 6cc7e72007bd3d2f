"""What is handed in: a file or a folder becomes an `Answer`, or the reason why it can't be judged.

Submissions are written by strangers. Only regular files with the names that a kata asks for, and Python files
beside them, are read: no link is followed, no pipe is opened, nothing large is loaded, and nothing is run.
"""

from __future__ import annotations

import ast
import os
import re
import stat
import traceback
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from grader.course import EXERCISES, Kata
from grader.printable import clean, line
from grader.verdict import Status

MAX_BYTES: Final = 256 * 1024
"""The size that one file of an answer may have."""

MAX_HELPERS: Final = 10
"""How many Python files beside the kata's own an answer may have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was handed in for one kata.

    Attributes:
        kata: the kata's name.
        source: what to call it in messages.
        files: name → bytes, the kata's files and helpers; empty unless `status` is None or not started.
        status: None if it is to be judged, else the kata's status (not started or crashed).
        message: why it is not to be judged, for the learner.
    """

    kata: str
    source: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    status: Status | None = None
    message: str = ""


class _Refused(Exception):
    """A file that is handed in and cannot be read; the text is a sentence for its author."""


def find(kata: Kata, folder: Path) -> Answer:
    """Return what `folder` holds for `kata`, in ``exercises/NN_name/`` or ``NN_name/``."""
    for parts in ((EXERCISES, kata.name), (kata.name,)):
        if os.path.lexists(folder.joinpath(*parts)):
            return _answer(kata, folder, parts)
    message = f"There is no {kata.name} in {line(str(folder))}."
    return Answer(kata.name, str(folder), status=Status.NOT_STARTED, message=message)


def read(kata: Kata, path: Path) -> Answer:
    """Return the answer to `kata` at `path`: a file of any name, or a folder that holds the kata's files."""
    if path.is_dir() and not path.is_symlink():
        return _answer(kata, path, ())
    try:
        data = _load(path.parent, (path.name,), path.name)
    except FileNotFoundError:
        return _missing(kata, str(path), [path.name])
    except _Refused as reason:
        return Answer(kata.name, str(path), status=Status.CRASHED, message=str(reason))
    lacking = list(kata.files[1:])
    if lacking:
        return _missing(kata, str(path.parent), lacking)
    return _judged(kata, str(path), {kata.files[0]: data}, {}, called=path.name)


def _answer(kata: Kata, root: Path, parts: tuple[str, ...]) -> Answer:
    source = str(root.joinpath(*parts))
    try:
        _check_folders(root, parts)
        own = {name: _own_file(root, parts, name) for name in kata.files}
        present = {name: data for name, data in own.items() if data is not None}
        if len(present) < len(own):
            return _missing(kata, source, [name for name in own if name not in present])
        helpers = {name: _load(root, (*parts, name), name) for name in _helpers(kata, root.joinpath(*parts))}
    except _Refused as reason:
        return Answer(kata.name, source, status=Status.CRASHED, message=str(reason))
    except OSError as error:
        message = f"{line(source)} can't be read: {error.strerror}."
        return Answer(kata.name, source, status=Status.CRASHED, message=message)
    return _judged(kata, source, present, helpers)


def _judged(kata: Kata, source: str, own: dict[str, bytes], helpers: dict[str, bytes], called: str = "") -> Answer:
    """Return the answer, once its own files are seen to be Python; a single one is `called` so in messages."""
    files = own | helpers
    trees = []
    for name, data in own.items():
        try:
            text = _text(line(called or name), data)
            if name.endswith(".py"):
                trees.append(_compile(line(called or name), data, text))
        except _Refused as reason:
            return Answer(kata.name, source, status=Status.CRASHED, message=str(reason))
    message = _open(trees, kata.given)
    return Answer(kata.name, source, files, Status.NOT_STARTED if message else None, message)


def _missing(kata: Kata, source: str, names: list[str]) -> Answer:
    verb, them = ("is", "it") if len(names) == 1 else ("are", "them")
    message = f"{line(', '.join(names))} {verb} not there: put {them} into {line(source)}."
    return Answer(kata.name, source, status=Status.NOT_STARTED, message=message)


def _check_folders(root: Path, parts: tuple[str, ...]) -> None:
    """Refuse a way from `root` to the answer that leads through anything but real folders."""
    for depth in range(1, len(parts) + 1):
        mode = root.joinpath(*parts[:depth]).lstat().st_mode
        if not stat.S_ISDIR(mode):
            raise _Refused(f"{'/'.join(parts[:depth])} is {_kind(mode)}: hand in a real folder in its place.")


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
        beside = f"{len(helpers)} Python files beside {kata.files[0]}"
        raise _Refused(f"There are {beside}: at most {MAX_HELPERS} are allowed.")
    return helpers


def _load(root: Path, parts: tuple[str, ...], name: str) -> bytes:
    path, name = root.joinpath(*parts), line(name)
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            raise _Refused(f"{name} is {_kind(mode)}: hand in a regular file in its place.")
        data = _read_bytes(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _Refused(f"{name} can't be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise _Refused(f"{name} is larger than {MAX_BYTES // 1024} KiB: an answer is a few hundred lines.")
    return data


def _read_bytes(path: Path) -> bytes:
    """Return the file's bytes, at most one more than is allowed, and of a regular file only."""
    wanted = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOCTTY")
    flags = os.O_RDONLY
    for flag in wanted:
        flags |= getattr(os, flag, 0)
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - a descriptor that follows no link
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise _Refused(f"{line(path.name)} changed while it was read: try again.")
        return file.read(MAX_BYTES + 1)


_KINDS: Final = {
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a symlink",
    stat.S_IFREG: "a file",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
}


def _kind(mode: int) -> str:
    return _KINDS.get(stat.S_IFMT(mode), "a device")


def _text(name: str, data: bytes) -> str:
    """Return the text of a kata's file, or refuse it."""
    if not data.strip():
        raise _Refused(f"{name} is empty: get the stub back, or write it anew.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise _Refused(f"{name} is not UTF-8 text (line {row}): save it as UTF-8.") from error
    if "\0" in text:
        raise _Refused(f"{name} holds a NUL character: save it as plain text.")
    return text


def _compile(name: str, data: bytes, text: str) -> ast.Module:
    """Return the tree of a kata's file, or refuse it in the words of Python itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a doubtful escape sequence is the learner's own business
        try:
            tree = ast.parse(data, _UNFINDABLE)
            compile(tree, _UNFINDABLE, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise _Refused(_as_python_shows(error, name, text)) from error
        except (RecursionError, MemoryError, ValueError, OverflowError) as error:
            reason = f"{name} can't be compiled: {type(error).__name__}. It is nested too deeply."
            raise _Refused(reason) from error
    return tree


_UNFINDABLE: Final = "<answer>"
"""What the compiler takes the file for: it reads an error's line from the disk, under the name that it got."""


def _as_python_shows(error: SyntaxError, name: str, text: str) -> str:
    rows = re.split(r"\r\n|\r|\n", text)
    if error.lineno is not None and 0 < error.lineno <= len(rows):
        error.text = rows[error.lineno - 1]
    error.filename = name
    shown = "".join(traceback.format_exception_only(error)).rstrip()
    return clean(f"Python can't read {name}:\n{shown}", 2000)


def _open(trees: list[ast.Module], given: tuple[str, ...]) -> str:
    """Return a sentence if something is still to be written, and nothing that is asked for was; else ``""``."""
    asked = [(name, body) for tree in trees for name, body in _asked_for(tree)]
    to_write = [body for name, body in asked if name not in given and name.split(".")[0] not in given]
    if to_write:
        is_open = all(map(_raises_not_implemented, to_write))
        return "Every function still raises NotImplementedError: write the first one." if is_open else ""
    to_fill = [value for tree in trees for name, value in _data(tree) if name not in given]
    return "All that is to be filled in is still empty." if to_fill and all(map(_is_empty, to_fill)) else ""


def _data(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield name and value of what the module sets, but for private names; and what else it does, without a name."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [ast.unparse(target) for target in targets]
            yield from ((name, node.value) for name in names if node.value is not None and not name.startswith("_"))
        elif not isinstance(node, ast.Import | ast.ImportFrom | _DEFINITIONS) and not _is_docstring(node):
            yield "", node


_DEFINITIONS: Final = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


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
