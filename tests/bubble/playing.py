"""What the tests know of programs: where they are, what they promise, and what came of them in the bubble."""

from __future__ import annotations

import dataclasses
import functools
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from grader import wire

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@dataclasses.dataclass(frozen=True)
class Played:
    """What came of one function in the bubble; the fields are those of `grader.bubble.Outcome`."""

    value: Any
    error: wire.Raised | None
    seconds: float
    events: tuple[wire.Event, ...]
    threads: list[list[Any]]
    left: list[str]
    deadlock: str
    stuck: list[list[Any]]
    over_limit: str
    out: list[str]
    cpu: float

    def told(self, *kinds: str) -> list[tuple[float, str, str, str]]:
        """Return when, who, what and the detail of the events of these kinds."""
        return [(e.at, e.lane, e.what, e.detail) for e in self.events if e.what in kinds]


@dataclasses.dataclass(frozen=True)
class Play:
    """What came of a program: of each of its functions, and what it wrote to stderr."""

    functions: dict[str, Played]
    stderr: str


def child(*arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run a fresh Python with `arguments`, in which ``grader`` can be imported, to its end."""
    with start_child(*arguments) as started:
        try:
            stdout, stderr = started.communicate(timeout=timeout)
        finally:
            started.kill()
    return subprocess.CompletedProcess(arguments, started.returncode, stdout, stderr)


def start_child(*arguments: str, stderr: int | IO[str] = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start one that can be talked with."""
    environment = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "PATH": os.environ.get("PATH", "")}
    if "SYSTEMROOT" in os.environ:
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    command, pipe = [sys.executable, "-P", "-s", *arguments], subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=stderr, text=True, env=environment)


def play_now(program: str, *names: str) -> Play:
    """Run the functions of ``programs/<program>.py`` in a child."""
    done = child(str(HERE / "play.py"), str(HERE / "programs" / f"{program}.py"), *names)
    assert done.returncode == 0, done.stderr
    tales = json.loads(done.stdout)
    return Play({name: _read(tale) for name, tale in tales.items()}, done.stderr)


play = functools.lru_cache(play_now)
"""As `play_now`, but once for each program and test run."""


def _read(tale: dict[str, Any]) -> Played:
    values = {name: wire.decode(tale[name]) for name in ("value", "error")}
    return Played(**tale | values | {"events": wire.read_events(tale["events"], 10**6)})


def promises(program: str) -> list[tuple[str, float, Any, float]]:
    """Return name, seconds, value and tolerance of each function of a program that promises them."""
    path = HERE / "programs" / f"{program}.py"
    sys.path.append(str(path.parent))
    try:
        spec = importlib.util.spec_from_file_location(f"promised_{program}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return [(name, *value.takes) for name, value in vars(module).items() if getattr(value, "takes", None)]


def line_of(program: str, text: str, nth: int = 1) -> int:
    """Return the number of the line of a program that holds `text`: the only one, or the `nth` of several."""
    lines = (HERE / "programs" / f"{program}.py").read_text().splitlines()
    found = [number for number, line in enumerate(lines, 1) if text in line]
    assert nth > 1 or len(found) == 1
    return found[nth - 1]
