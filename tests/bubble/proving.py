"""Has small programs explored by a child, one after another."""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.bubble.playing import HERE, start_child
from tests.bubble.small import Program

PATIENCE = 100
"""Seconds that one answer may take on a busy machine."""


class Prover:
    """A child that explores programs, one after another, in one process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "small_program.py"
        self._stderr = tempfile.TemporaryFile("w+", dir=folder, encoding="utf-8")  # noqa: SIM115 - `close` does
        self._child: subprocess.Popen[str] | None = None

    def ask(self, what: str, program: Program, **arguments: Any) -> Any:
        """Return what the child answers for `program`."""
        self._path.write_text(program.source, encoding="utf-8")
        child = self._child = self._child or self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        late = threading.Timer(PATIENCE, child.kill)
        late.start()
        try:
            child.stdin.write(json.dumps({"ask": what, "path": str(self._path), **arguments}) + "\n")
            child.stdin.flush()
            answer = child.stdout.readline()
        finally:
            late.cancel()
        if not answer:
            pytest.fail(f"the child ended: {self.end()}")
        return json.loads(answer)

    def _start(self) -> subprocess.Popen[str]:
        return start_child(str(HERE / "soundness.py"), stderr=self._stderr)

    def end(self) -> str:
        """End the child and return what it wrote to stderr so far."""
        child, self._child = self._child, None
        if child is not None:
            child.communicate()
        self._stderr.seek(0)
        return self._stderr.read()

    def close(self) -> None:
        """Use it no longer.

        Raises:
            AssertionError: if anything was written to stderr.
        """
        said = self.end()
        self._stderr.close()
        assert said == ""
