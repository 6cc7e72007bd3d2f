"""Explores functions of a program, and writes what came of it: a child of the tests.

``python -P -s explore.py PROGRAM CASES [--fork]``: CASES is JSON, a list of [function, arguments, options]; a
JSON list with what came of each goes to stdout; with ``--fork`` a fork does it. A value is true if all went well.
"""

from __future__ import annotations

import sys

from grader import bubble

bubble.install()

import json  # noqa: E402 - all that makes locks comes after the bubble
import os  # noqa: E402
import time  # noqa: E402
from typing import Any  # noqa: E402

from tests.bubble.play import load  # noqa: E402


def complain(outcome: bubble.Outcome) -> str:
    """Return what is wrong if the value is not true."""
    return "" if outcome.value is True else f"it returned {outcome.value!r}"


def explored(path: str, function: Any, arguments: list[Any], options: dict[str, Any]) -> dict[str, Any]:
    """Explore ``function(*arguments)``; replay what fails."""
    began = time.process_time()
    check = complain if options.pop("checked", True) else None
    found = bubble.explore(function, *arguments, files=(path,), check=check, **options)
    took = time.process_time() - began
    told: dict[str, Any] = {
        "words": found.words,
        "proved": found.proved,
        "schedules": found.schedules,
        "failed_at": found.failed_at,
        "values": sorted(map(repr, found.values)),
        "examples": [[value, str(schedule)] for value, schedule in found.examples],
        "doubts": list(found.doubts),
        "kind": "",
        "sample": found.sample and bubble.story(found.sample),
        "seconds": took,
    }
    if found.failure is not None:
        failure = found.failure
        options.pop("budget", None)
        options.pop("early_timeouts", None)
        options.pop("naps", None)
        again = bubble.replay(function, str(failure.schedule), *arguments, files=(path,), check=check, **options)
        story = bubble.story(failure)
        told |= {
            "kind": failure.kind,
            "message": failure.message,
            "schedule": str(failure.schedule),
            "preemptions": failure.preemptions,
            "again": [again.kind, again.message],
            "story": story,
            "picture": bubble.picture(story),
        }
    return told


def main(path: str, cases: str) -> None:
    """Explore each of the `cases` of the program at `path`."""
    program = load(path)
    stdout = sys.stdout
    told = [
        explored(path, getattr(program, name), arguments, options) for name, arguments, options in json.loads(cases)
    ]
    json.dump(told, stdout)
    stdout.flush()
    os._exit(0)


def main_in_a_fork(path: str, cases: str) -> None:
    """Do what `main` does in a fork of this process, as the processes that are judged are."""
    child = os.fork()
    if not child:
        main(path, cases)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    (main_in_a_fork if "--fork" in sys.argv else main)(*sys.argv[1:3])
