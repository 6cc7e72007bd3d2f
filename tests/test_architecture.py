"""How the grader is put together, as far as import-linter (`nox -s imports`) can't say it.

Each rule reads the source, so it also holds for a module that no test imports.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from grader import course

ROOT = Path(__file__).parents[1]
GRADER = ROOT / "grader"
INSIDE = {"bubble", "inside", "wire"}
"""What is imported in the learner's process."""


def sources(part: str = "") -> list[Path]:
    """Return the Python files of a part of the grader; of all of it for ``""``."""
    folder = GRADER / part
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def imported(tree: ast.AST, package: str) -> Iterator[str]:
    """Yield the full name of each thing that is imported, for a module that lies in `package`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("part", sorted(INSIDE))
def test_what_runs_inside_needs_the_standard_library_only(part: str) -> None:
    """A learner's process may lack any package, and a package is one more thing to fool."""
    foreign = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(part)
        for name in imported(ast.parse(path.read_bytes()), ".".join(path.relative_to(ROOT).parent.parts))
        if name.split(".")[0] not in sys.stdlib_module_names
        if not (name.startswith("grader.") and name.split(".")[1] in INSIDE)
    ]
    assert foreign == []


def test_the_contract_of_the_inside_names_every_module_of_the_outside() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}
    named = set(contracts["inside"]["forbidden_modules"])
    there = {path.stem for path in GRADER.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert named == {f"grader.{name}" for name in there - INSIDE - {"__init__"}}


def test_no_kata_is_known_by_name_in_the_grader() -> None:
    """A kata is added by adding its folders; a message may still take one as its example."""
    names = {name for kata in course.load(ROOT).katas for name in (kata.name, kata.module, *kata.files)}
    known = [
        f"{path.relative_to(ROOT)}:{node.lineno} knows {node.value}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert known == []


# --- what users read

SAID_IN_ONE_PLACE: Final = (
    "",
    "bubble",
    "cli",
    "inside",
    "judge",
    "report",
    "sandbox",
    "timeline",
    "watch",
)
"""Packages of the grader whose sentences all stand in their ``messages.py``; ``""`` is what lies right in `grader`."""

SPEAKS_ITSELF: Final = {
    "__main__.py",  # what is older than 3.11 can import nothing else of the grader
    "wire.py",  # it knows of no module but the standard library's
}
NOT_OURS: Final = {
    "1st arg must be callable, 2nd arg must be a tuple",  # Python's, and so on
    "Invalid value NaN (not a number)",
    "can't start new thread",
    "cannot pickle a stream",
    "has no attribute",
    "sleep length must be non-negative",
    "timestamp too large to convert to C _PyTime_t",
    "write() argument must be str, not ",
    "Resource temporarily unavailable",  # the system's, and so on
    "Cannot allocate memory",
    "No space left on device",
    "Too many open files in system",
    "Too many references",
}
NOT_SAID: Final = {
    "<an object of type >",  # what stands for a value on the way to the judge
    "a number expected",  # of what is no reply of ours, and is told as forged
    "names, methods and exit codes expected",
    "not as many places as threads",
    "no schedule came to its end",
    "no schedule was followed",
    "not an exception",
    "seconds that no clock shows",
    "no new privileges",  # guards, by which results name them
    "own root folder",
    "points(n): what a check is worth (default 1)",  # for pytest
    "real_time: a check at full length on the real clock, run in a judge of its own",
}
"""Names and notes between our own parts."""
SHOWN_ASIDE: Final = {"help", "short_help", "default"}
"""What an option is given and belongs to it."""

WORDS: Final = re.compile(r"(?<![\w./-])[A-Za-z][a-z']*(,? [a-z']+){2}(?![\w/-])")
"""Three words in a row. What people read has them sooner or later; keys, patterns, names and commands have not."""

NAMES: Final = re.compile(r"[\w.+-]+( [\w.+-]+){11,}")
"""A list of twelve names or more. Sentences of that length have a comma or a full stop."""


def texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of each string in `node`, values left out of it; no docstrings and no help of options."""
    inner: Iterable[ast.AST]
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return
        case ast.keyword(arg=name) if name in SHOWN_ASIDE:
            return
        case ast.JoinedStr(values=parts):
            yield node.lineno, "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            inner = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
        case ast.Constant(value=str(text)):
            yield node.lineno, text
            return
        case _:
            inner = ast.iter_child_nodes(node)
    for child in inner:
        yield from texts(child)


def is_for_people(text: str) -> bool:
    """Return whether a string is something that users read; the text of a program and a long list of names are not."""
    if text in NOT_OURS | NOT_SAID or text.lstrip().startswith(('"""', "# ", "import ")) or NAMES.fullmatch(text):
        return False
    return WORDS.search(" ".join(text.split())) is not None


@pytest.mark.parametrize("package", SAID_IN_ONE_PLACE)
def test_what_users_read_stands_in_one_module_of_a_package(package: str) -> None:
    """So that it can be read through as a whole, and translated."""
    elsewhere = [
        f"{path.relative_to(ROOT)}:{number} says {text!r}"
        for path in sorted((GRADER / package).glob("*.py"))
        if path.name != "messages.py" and path.name not in SPEAKS_ITSELF
        for number, text in texts(ast.parse(path.read_bytes()))
        if is_for_people(text)
    ]
    assert elsewhere == []


@pytest.mark.parametrize("package", SAID_IN_ONE_PLACE)
def test_every_message_is_said_somewhere(package: str) -> None:
    """What nobody says any more would be translated for nothing."""
    module = ast.parse((GRADER / package / "messages.py").read_bytes())
    names = {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
    names |= {
        node.target.id for node in module.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    used = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for path in sources()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    }
    assert names - used == set()


@pytest.mark.parametrize(
    "line, said",
    [
        ('raise Refused(f"{name} is no notebook.")', True),
        ('say("it did not end in time")', True),
        ('command = f"{python} -m pip install"', False),
        ('option("--svg", help="Write the picture as SVG.")', False),
        (f'names = "{"abc bisect copy " * 5}csv"', False),
    ],
)
def test_a_sentence_is_known_from_a_name(line: str, said: bool) -> None:  # noqa: FBT001 - the two columns of a table
    assert any(is_for_people(text) for _, text in texts(ast.parse(line))) is said
