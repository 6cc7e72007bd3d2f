"""What a teacher may want to look at: lines of an answer that reach for the insides of Python and of what grades it.

An answer is read, not run. So who puts a name together from pieces is not found: SECURITY.md says what that means.
Notes change no verdict, since honest code may use any of this.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Final

from grader import messages
from grader.printable import line
from grader.submission import Answer

MAX_NOTES: Final = 5
"""Lines of one answer that are told."""

_ATTRIBUTES: Final = {
    **dict.fromkeys(
        ("_getframe", "_current_frames", "_getframemodulename", "currentframe", "f_back", "f_globals"), messages.FRAMES
    ),
    **dict.fromkeys(("f_locals", "f_builtins", "tb_frame", "gi_frame", "cr_frame", "ag_frame"), messages.FRAMES),
    **dict.fromkeys(("__globals__", "__closure__", "cell_contents", "__builtins__", "__code__"), messages.FUNCTIONS),
    **dict.fromkeys(("get_objects", "get_referrers", "get_referents", "__subclasses__"), messages.OBJECTS),
    **dict.fromkeys(("settrace", "setprofile", "settrace_all_threads", "addaudithook"), messages.TRACING),
    **dict.fromkeys(
        ("pythonapi", "py_object", "from_address", "memmove", "string_at", "CDLL", "PyDLL", "cdll"), messages.MEMORY
    ),
}
"""Names of attributes, and of what is imported, and what they lead to."""

_MODULE_NAMES: Final = {
    "_thread": messages.THREADS,
    "_ctypes": messages.MEMORY,
    "grader": messages.THE_GRADER,
    "_testcapi": messages.PYTHON,
    "_testinternalcapi": messages.PYTHON,
}

_CALLS: Final = {
    "exec": messages.CODE,
    "eval": messages.CODE,
    "__import__": messages.MADE_UP_MODULES,
}
_DESCRIPTORS: Final = ("fromfd", "sendmsg", "recvmsg", "send_fds", "recv_fds", "closerange")
_ARGUMENTS_OF_SOCKET: Final = 4
"""The fourth is the number of a file that is open."""
_LIBRARY: Final = (
    "threading",
    "time",
    "queue",
    "concurrent",
    "asyncio",
    "multiprocessing",
    "builtins",
    "random",
)
"""Parts of the standard library that are told of where they are changed for all that use them."""

_OF_MODULES: Final = {
    **{("os", name): messages.OPEN_FILES for name in _DESCRIPTORS},
    **{("socket", name): messages.OPEN_FILES for name in _DESCRIPTORS},
    ("inspect", "stack"): messages.FRAMES,
    ("inspect", "trace"): messages.FRAMES,
    ("sys", "modules"): messages.MODULES,
    ("sys", "meta_path"): messages.FINDING,
    ("sys", "path_hooks"): messages.FINDING,
    ("sys", "monitoring"): messages.TRACING,
    ("threading", "_start_new_thread"): messages.THREADS,
}
"""Attributes that lead there only as those of a module."""


def read(answer: Answer) -> tuple[str, ...]:
    """Return a sentence for each line of `answer` that reaches for the insides, the first `MAX_NOTES` of them."""
    found = []
    for name, data in answer.files.items():
        if name.endswith(".py"):
            found += [messages.reaches_for(answer.kata, line(name), row, what) for row, what in _look(data)]
    more = [messages.more_reach(answer.kata, len(found) - MAX_NOTES)] if len(found) > MAX_NOTES else []
    return (*found[:MAX_NOTES], *more)


def _look(data: bytes) -> list[tuple[int, str]]:
    """Return line and what is reached for, in order, each line once; nothing of what is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(data)
        except (SyntaxError, RecursionError, MemoryError, ValueError, OverflowError):
            return []  # a helper that can't be read can't be imported either
    reader = _Reader(tree)
    rows: dict[int, str] = {}
    for node in ast.walk(tree):
        for what in reader.reached(node):
            rows.setdefault(getattr(node, "lineno", 0), what)
    return sorted(rows.items())


class _Reader:
    """Knows what the names of one file stand for.

    Args:
        tree: of the file.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._imported: dict[str, str] = {}
        """What is imported, by the name that it has here: so a parameter that is called ``queue`` is no module."""
        self._remarks: set[ast.expr] = set()
        """Docstrings, and other texts that nothing is done with."""
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    self._imported |= {one.asname or one.name.split(".")[0]: _whole(one) for one in names}
                case ast.ImportFrom(module=str(module), names=names):
                    self._imported |= {one.asname or one.name: f"{module}.{one.name}" for one in names}
                case ast.Expr(value=ast.Constant() as remark):
                    self._remarks.add(remark)
                case _:
                    pass

    def reached(self, node: ast.AST) -> Iterator[str]:
        """Yield what `node` reaches for."""
        match node:
            case ast.Attribute():
                yield from self._of_attribute(node)
            case ast.Name(id=name) if name in _ATTRIBUTES:
                yield _ATTRIBUTES[name]
            case ast.Call():
                yield from self._of_call(node)
            case ast.keyword(arg="fileno"):
                yield messages.OPEN_FILES
            case ast.Import(names=names):
                yield from _imported(*(alias.name for alias in names))
            case ast.ImportFrom(module=str(module), names=names):
                yield from _imported(module, *(f"{module}.{alias.name}" for alias in names))
            case ast.Constant(value=str(text)) if node not in self._remarks:
                yield from _spelt(text)
            case _:
                pass

    def _of_attribute(self, node: ast.Attribute) -> Iterator[str]:
        module = self._imported.get(node.value.id, "") if isinstance(node.value, ast.Name) else ""
        what = _ATTRIBUTES.get(node.attr) or _OF_MODULES.get((module, node.attr))
        changes = not isinstance(node.ctx, ast.Load) and node.attr != "excepthook"
        if what is not None:
            yield what
        elif changes or node.attr == "__dict__":
            yield from self._of_library(node.value)

    def _of_library(self, node: ast.expr) -> Iterator[str]:
        """Yield what is said of a change to `node`, where that is a part of the standard library."""
        name = _root(node)
        if self._imported.get(name, "").partition(".")[0] in _LIBRARY:
            yield messages.library(name)

    def _of_call(self, node: ast.Call) -> Iterator[str]:
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
                yield _CALLS[name]
            case ast.Call(func=ast.Name(id="setattr" | "delattr" | "vars"), args=[changed, *_]):
                yield from self._of_library(changed)
            case ast.Call(func=ast.Attribute(attr="fstat"), args=[number]) if not _is_a_file_s(number):
                yield messages.OPEN_FILES
            case ast.Call(func=ast.Attribute(attr="socket"), args=arguments) if len(arguments) == _ARGUMENTS_OF_SOCKET:
                yield messages.OPEN_FILES
            case _:
                pass


def _whole(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.split(".")[0]


def _is_a_file_s(number: ast.expr) -> bool:
    """Whether it is written as the number of a file that the answer has opened: ``file.fileno()``."""
    return isinstance(number, ast.Call) and isinstance(number.func, ast.Attribute) and number.func.attr == "fileno"


def _root(node: ast.expr) -> str:
    """Return the name that a chain of attributes begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _imported(*names: str) -> Iterator[str]:
    for name in names:
        first, _, last = name.partition(".")
        what = _MODULE_NAMES.get(first) or _OF_MODULES.get((first, last)) or _ATTRIBUTES.get(last)
        if what is not None:
            yield what


def _spelt(text: str) -> Iterator[str]:
    """Yield what a text is a way to: as the name in ``getattr(sys, "_getframe")``."""
    if text in _ATTRIBUTES:
        yield _ATTRIBUTES[text]
    elif text.startswith("/proc/"):
        yield messages.PROCESSES
