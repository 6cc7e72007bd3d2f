"""Follows schedules of a program with marks, and writes what came of each: a child of the tests.

``python -P -s follow.py PROGRAM CASES``: CASES is JSON, a list of [function, names]; a JSON list goes to stdout.
"""

from __future__ import annotations

import sys

from grader import bubble

bubble.install()

import json  # noqa: E402 - all that makes locks comes after the bubble
import os  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402


def told(path: str, function: Any, names: list[str]) -> dict[str, Any]:
    """Follow `names` and return what came of it as JSON-ready data."""
    try:
        found = bubble.follow(function, names, files=(path,))
    except ValueError as error:
        return {"refused": str(error)}
    return {
        "value": found.run.outcome.value,
        "kind": found.run.kind,
        "message": found.run.message,
        "impossible": found.impossible,
        "entries": [[entry.name, entry.words] for entry in found.entries],
        "rest": [[entry.name, entry.words] for entry in found.rest],
        "picture": bubble.picture(bubble.story(found.run)),
    }


def main(path: str, cases: str) -> None:
    """Follow each of the `cases` in the program at `path`."""
    names: dict[str, Any] = {"__name__": "program"}
    bubble.execute(Path(path).read_text(encoding="utf-8"), path, names)
    json.dump([told(path, names[function], entries) for function, entries in json.loads(cases)], sys.stdout)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
