"""What the tests of more than one part of the grader start from."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from grader.crowding import CROWD
from grader.inside.serve import be_usual
from tests.bench import Bench

be_usual()  # `nohup`, and shells in the background, have signals ignored that are sent here

settings.register_profile("long", max_examples=3000, deadline=None, print_blob=True)
"""For ``--hypothesis-profile=long``: many examples, and others each time."""


@pytest.fixture(scope="session", autouse=True)
def _among_ourselves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the graders that are tested from waiting for others of this user, and those from waiting for them.

    Each looks for the rest in the folder for temporary files.
    """
    tmp_path_factory.getbasetemp()  # this one stays where it is looked for
    private = tempfile.TemporaryDirectory(prefix="t-", ignore_cleanup_errors=True)  # what ends may still write there
    with private as name, pytest.MonkeyPatch.context() as patch:
        Path(name).chmod(0o711)  # some tests are other users
        patch.setenv("TMPDIR", name)
        patch.setattr(tempfile, "tempdir", name)
        yield
        assert CROWD._held == {}, "a test has left a job behind, for which all others would wait"


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """Learners of any source, on warm starters of the module's own."""
    with tempfile.TemporaryDirectory(prefix="t-") as name:
        made = Bench(Path(name))
        yield made
        made.close()
