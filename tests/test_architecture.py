"""How the grader is put together, as far as import-linter (`nox -s imports`) can't say it.

Each rule reads the source, so it also holds for a module that no test imports.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

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
