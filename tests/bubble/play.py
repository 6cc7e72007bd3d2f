"""Runs a program's functions in the bubble, one after another, and writes what came of them: a child of the tests.

``python -P -s play.py PROGRAM [NAME…]``: a JSON object by function's name goes to stdout.
"""

from __future__ import annotations

import sys

from grader import bubble, wire

bubble.install()

import importlib.util  # noqa: E402 - all that makes locks comes after the bubble
import json  # noqa: E402
import os  # noqa: E402
import time  # noqa: E402
from typing import Any  # noqa: E402


class Lines:
    """A stdout that tells the bubble of each line before it keeps it."""

    def __init__(self) -> None:
        self._rest = ""
        self.kept: list[str] = []

    def write(self, text: str) -> int:
        """Take `text`."""
        *whole, self._rest = (self._rest + text).split("\n")
        for line in whole:
            bubble.note("print", line)
            self.kept.append(line)
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


def told(outcome: bubble.Outcome, out: list[str], cpu: float) -> dict[str, Any]:
    """Return `outcome` as JSON-ready data."""
    stuck = outcome.deadlock.stuck if outcome.deadlock is not None else ()
    return {
        "value": wire.encode(outcome.value),
        "error": wire.encode(outcome.error),
        "seconds": outcome.seconds,
        "events": wire.write_events(outcome.events),
        "threads": [
            [t.name, t.started, t.ended, t.file, t.line, t.daemon, wire.encode(t.error)] for t in outcome.threads
        ],
        "left": list(outcome.left),
        "deadlock": str(outcome.deadlock) if outcome.deadlock is not None else "",
        "stuck": [[s.name, s.waits_for, s.held_by, s.file, s.line] for s in stuck],
        "over_limit": outcome.over_limit,
        "out": out,
        "cpu": cpu,
    }


def load(path: str) -> Any:
    """Import the program at `path`."""
    sys.path.append(path.rpartition(os.sep)[0])
    spec = importlib.util.spec_from_file_location("program", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["program"] = module
    spec.loader.exec_module(module)
    return module


def main(path: str, *names: str) -> None:
    """Run the functions `names` of the program at `path`, or all that are marked."""
    program = load(path)
    stdout = sys.stdout
    tales = {}
    for name in names or [name for name, value in vars(program).items() if hasattr(value, "takes")]:
        lines: Any = Lines()
        sys.stdout = lines
        began = time.process_time()
        outcome = bubble.run(getattr(program, name), files=(path,), limit=getattr(program, "LIMIT", 3600.0))
        cpu = time.process_time() - began
        sys.stdout = stdout
        tales[name] = told(outcome, lines.kept, cpu)
    json.dump(tales, stdout)
    stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
