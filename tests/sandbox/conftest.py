"""A learner's process at hand: `lab.call` runs a function of ``tries.py`` in one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.launch import Starter
from tests.sandbox.lab import Lab


@pytest.fixture(scope="module")
def short() -> Iterator[Path]:
    """A folder for the module with a path that leaves room for a socket's name."""
    with tempfile.TemporaryDirectory(prefix="t-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="module")
def lab(short: Path) -> Iterator[Lab]:
    """Processes of a warm starter of the module's own."""
    starter = Starter("real")
    yield Lab(starter, short)
    starter.close()
