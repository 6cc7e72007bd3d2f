"""What a teacher may want to look at: lines of an answer that reach for the insides of Python and of what grades it.

An answer is read, not run. So who puts a name together from pieces is not found: SECURITY.md says what that means.
Notes change no verdict, since honest code may use any of this.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Final

from grader.printable import line
from grader.submission import Answer

MAX_NOTES: Final = 5
"""Lines of one answer that are told."""

_FRAMES: Final = "frames of running code"
_FUNCTIONS: Final = "the insides of functions"
_OBJECTS: Final = "all objects of the process"
_TRACING: Final = "tracing"
_MEMORY: Final = "memory, by ctypes"
_MODULES: Final = "the table of modules"

_ATTRIBUTES: Final = {
    **dict.fromkeys(
        ("_getframe", "_current_frames", "_getframemodulename", "currentframe", "f_back", "f_globals"), _FRAMES
    ),
    **dict.fromkeys(("f_locals", "f_builtins", "tb_frame", "gi_frame", "cr_frame", "ag_frame"), _FRAMES),
    **dict.fromkeys(("__globals__", "__closure__", "cell_contents", "__builtins__"), _FUNCTIONS),
    **dict.fromkeys(("get_objects", "get_referrers", "get_referents", "__subclasses__"), _OBJECTS),
    **dict.fromkeys(("settrace", "setprofile", "settrace_all_threads", "monitoring", "addaudithook"), _TRACING),
    **dict.fromkeys(
        ("pythonapi", "py_object", "from_address", "memmove", "string_at", "CDLL", "PyDLL", "cdll"), _MEMORY
    ),
}
"""Names of attributes, and of what is imported, and what they lead to."""

_MODULE_NAMES: Final = {
    "_thread": "threads below threading",
    "_ctypes": _MEMORY,
    "gc": _OBJECTS,
    "grader": "the grader",
    "_testcapi": "the insides of Python",
    "_testinternalcapi": "the insides of Python",
}

_CALLS: Final = {
    "exec": "code made of text",
    "eval": "code made of text",
    "__import__": "modules by names that are made up",
}
_DESCRIPTORS: Final = ("fromfd", "sendmsg", "recvmsg", "send_fds", "recv_fds", "closerange", "fstat")
_LIBRARY: Final = (
    "threading",
    "Thread",
    "time",
    "queue",
    "concurrent",
    "asyncio",
    "multiprocessing",
    "builtins",
    "random",
)
"""Names under which the standard library is changed for all that use it."""

_OF_MODULES: Final = {
    **{("os", name): "descriptors of open files" for name in _DESCRIPTORS},
    **{("socket", name): "descriptors of open files" for name in _DESCRIPTORS},
    ("os", "getppid"): "the process that started it",
    ("sys", "modules"): _MODULES,
}
"""Attributes that lead there only as those of a module."""


def read(answer: Answer) -> tuple[str, ...]:
    """Return a sentence for each line of `answer` that reaches for the insides, the first `MAX_NOTES` of them."""
    found = []
    for name, data in answer.files.items():
        if name.endswith(".py"):
            found += [f"{answer.kata}: {line(name)}, line {row} reaches for {what}." for row, what in _look(data)]
    more = [f"{answer.kata}: {len(found) - MAX_NOTES} more lines do."] if len(found) > MAX_NOTES else []
    return (*found[:MAX_NOTES], *more)


def _look(data: bytes) -> list[tuple[int, str]]:
    """Return line and what is reached for, in order, each line once; nothing of what is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(data)
        except (SyntaxError, RecursionError, MemoryError, ValueError, OverflowError):
            return []  # a helper that can't be read can't be imported either
    rows: dict[int, str] = {}
    for node in ast.walk(tree):
        for what in _reached(node):
            rows.setdefault(getattr(node, "lineno", 0), what)
    return sorted(rows.items())


def _reached(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute():
            yield from _of_attribute(node)
        case ast.Name(id=name) if name in _ATTRIBUTES:
            yield _ATTRIBUTES[name]
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield _CALLS[name]
        case ast.keyword(arg="fileno"):
            yield "descriptors of open files"
        case ast.Import(names=names):
            yield from _imported(*(alias.name for alias in names))
        case ast.ImportFrom(module=str(module), names=names):
            yield from _imported(module, *(f"{module}.{alias.name}" for alias in names))
        case ast.Constant(value=str(text)):
            yield from _spelt(text)
        case _:
            pass


def _of_attribute(node: ast.Attribute) -> Iterator[str]:
    module = node.value.id if isinstance(node.value, ast.Name) else ""
    what = _ATTRIBUTES.get(node.attr) or _OF_MODULES.get((module, node.attr))
    if what is not None:
        yield what
    elif not isinstance(node.ctx, ast.Load) and _root(node) in _LIBRARY and node.attr != "excepthook":
        yield f"what {_root(node)} is for all others"


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
    elif "/proc/" in text:
        yield "what the system tells of processes"
