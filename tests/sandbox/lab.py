"""Runs functions of ``tries.py`` in a learner's process, without pytest: any Python that has no packages can use it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader import wire
from grader.judge.exchange import Exchange, converse
from grader.sandbox.launch import Child, Request

ANSWER = Path(__file__).with_name("tries.py")


class Lab:
    """Starts learner's processes, each in new folders below `base`.

    Args:
        starter: has ``start``.
        base: a folder with a short path; Unix sockets are made below it.
        beside: files to lay beside the answer.
    """

    def __init__(self, starter: Any, base: Path, beside: Mapping[str, str] | None = None) -> None:
        self.starter = starter
        self.base = base
        self._beside = beside or {}
        self._count = 0

    def start(self, **options: Any) -> Child:
        """Start a process that waits for a request; `options` are those of `Request`."""
        self._count += 1
        work, temp = (self.base / f"{self._count}{name}" for name in "wt")
        for folder in (work, temp):
            folder.mkdir()
            if options.get("user") is not None:
                shutil.chown(folder, options["user"])
        shutil.copy(ANSWER, work)
        for name, text in self._beside.items():
            (work / name).write_text(text, encoding="utf-8")
        return self.starter.start(Request(work, temp, **options))  # type: ignore[no-any-return]

    def see(self, function: str, *args: object, limit: float = 20.0, **options: Any) -> Exchange:
        """Call a function of ``tries.py``; return what was seen."""
        return self.follow(self.start(**options), function, *args, limit=limit)

    def follow(self, child: Child, function: str, *args: object, limit: float = 20.0) -> Exchange:
        """Have `child` call a function of ``tries.py``; return what was seen."""
        return converse(child, self.task(function, *args), limit=limit, real=True)

    def task(self, function: str, *args: object) -> dict[str, Any]:
        """Return the request to call a function of ``tries.py``."""
        return {
            "kind": "call",
            "module": "tries",
            "function": function,
            "args": wire.encode(list(args)),
            "kwargs": wire.encode({}),
            "start_method": None,
            "limit": 60.0,
        }

    def call(self, function: str, *args: object, **options: Any) -> Any:
        """Call a function of ``tries.py`` and return its value."""
        seen = self.see(function, *args, **options)
        assert seen.reply is not None, (seen.fault, seen.report, seen.err.text)
        assert "value" in seen.reply, seen.reply
        return wire.decode(seen.reply["value"])
