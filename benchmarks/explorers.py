"""How well the bubble's `explore` finds mistakes, beside other tools that choose the order of threads or tasks.

Eight small programs (``benchmarks/explored``), each in a wrong and a right version, are given to all tools, on the same
Python, each in a process of its own that is ended when its time is over. Run: ``python -m benchmarks.explorers
[SECONDS]``, which takes a quarter of an hour with the 20 s that are the default. The other tools are no dependencies of
this project: they are installed for the time of the run into a virtual environment of a Python 3.12 to 3.14, if there
is one on PATH. What can't be installed is told so, and the rest goes on.

How to read a cell: the verdict, how many schedules it took, and wall seconds.

- ``found``: it failed under some schedule. In a right version that is an ``ALARM``, a false one.
- ``proved``: all schedules that differ were run, as the tool counts them, and none failed. ``passed``: all were within
  a bound of the tool. If the version is wrong, this is told as ``MISSED*``: the tool says that all is well.
- ``searched``: none failed, as far as the time or the budget went. If the version is wrong, this is ``MISSED``.
- ``undecided``: the tool said that it does not know, or said nothing at all in time. ``failed``: it broke.
- ``?``: the tool did not tell the number of schedules.

The tools, and how each is used:

- ours: as a check of a kata does, with its budget of 2000 schedules.
- frontrun 0.7.0: started by its command, as it asks. Its DPOR without a bound ("all"), with the bound of two
  pre-emptions that is its default ("bounded"), and its random schedules of at most 2000 steps. With its virtual clock:
  without, what waits for a `threading.Condition` ended as "timed out" in the first execution.
- interleave-test 0.1.0: its search of all schedules with at most two pre-emptions ("bounded"), and its default
  ("random"). Its third way, PCT, is not shown: it found all eight too, but, as "bounded" does, it lets one thread ask
  for ever in the right version of the last program.
- detangle 0.1.0, for asyncio only: its search of all schedules with at most three delays ("bounded"), as its README
  does to prove, and the mixture that is its default ("mixed").

What is fair, and what is not:

- Each tool sees the same source, and only that is watched. No tool is told where the mistake is. But the programs are
  of the kind that ours was made for, and small.
- What is "random" or "mixed" has one seed here, with which it may be lucky or not; the others search in an order of
  their own, which can be as lucky.
- The order of a program's threads or tasks matters to a search in depth. For the buffers with threads the consumers
  come first, with which frontrun finds the ``if``; with the producers first it did not. With tasks they take turns,
  so that all goes well in the loop's own order; with the consumers first, and none late, frontrun found both mistakes.
- A time has in it what a tool does when it has found something: ours makes the schedule plain and replays it, detangle
  makes it plain, frontrun replays it ten times, interleave-test does nothing of the kind. So schedules a second are
  counted in right versions only. Wall times depend on what else the machine does; CPU seconds less.
- A schedule is not the same for all: of those that differ in nothing that matters ours and frontrun run one, the
  others many. For ours and interleave-test the main thread, which starts and joins the others, is one more to choose.
- No order is fair for ever: the right version of the try-lock has no end of schedules, since both may always fail
  together. So no tool can prove it; who says so left some out.
- Our bubble does not choose among the tasks of asyncio: it runs the one order that the loop itself has, and says that
  this is no proof. The programs with tasks are there to show that this is a gap.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.explored import threads

ROOT = Path(__file__).resolve().parents[1]
CHILD = ROOT / "benchmarks" / "explored" / "run.py"

SECONDS = 20.0
"""What a tool has for one version of a program."""

GRACE = 5.0
"""What a child has besides to start, and to end what it is at."""

PEERS = {"frontrun": "0.7.0", "interleave-test": "0.1.0", "detangle": "0.1.0"}

PYTHONS = ("python3.13", "python3.12", "python3.14")
"""All peers know these."""

VERSIONS = ("wrong", "right")
COLUMNS = {
    "threads": (
        ("ours", "all"),
        ("frontrun", "all"),
        ("frontrun", "bounded"),
        ("frontrun", "random"),
        ("interleave-test", "bounded"),
        ("interleave-test", "random"),
    ),
    "tasks": (("ours", "all"), ("frontrun", "all"), ("detangle", "bounded"), ("detangle", "mixed")),
}
"""Tools, and how they are used, by what the programs are made of."""

CLAIMS = ("proved", "passed")
"""Verdicts that say that there is no mistake."""

UNKNOWN = ("undecided", "failed")
"""Verdicts that say nothing."""

WIDTH = 23
"""Of a cell."""

LONG = 10.0
"""Seconds that are told without decimals."""

TINY = 1e-9
"""Seconds by which can be divided."""


@dataclasses.dataclass(frozen=True)
class Told:
    """What a tool said of a version of a program; `seconds` and `cpu` are what it took."""

    verdict: str
    schedules: int
    seconds: float
    cpu: float
    why: str

    def words(self, version: str) -> str:
        """Return a cell of the table."""
        verdict = self.verdict
        if version == "wrong" and verdict in CLAIMS:
            verdict = "MISSED*"
        elif version == "wrong" and verdict == "searched":
            verdict = "MISSED"
        elif version == "right" and verdict == "found":
            verdict = "ALARM"
        return f"{verdict} {self.schedules or '?'}, {self.seconds:.{2 if self.seconds < LONG else 0}f} s"


class Tools:
    """The tools that could be had, all in one new virtual environment.

    Args:
        folder: to make that in.
    """

    def __init__(self, folder: Path) -> None:
        scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
        self._python, self._frontrun = str(scripts / "python"), str(scripts / "frontrun")
        made = said(_python_of_peers(), "-m", "venv", str(folder)) is not None
        if not made:
            self._python = sys.executable
        pip = (self._python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        self.there = {"ours"} | {
            tool for tool, version in PEERS.items() if made and said(*pip, f"{tool}=={version}") is not None
        }
        self.version = (said(self._python, "--version") or "").strip()

    def explore(self, tool: str, *arguments: str, seconds: float) -> Told:
        """Return what `tool` says, or that it says nothing in time."""
        starter = (self._frontrun,) if tool == "frontrun" else ()  # as its author wants it
        command = (*starter, self._python, str(CHILD), tool, *arguments, str(seconds))
        began = time.perf_counter()
        text = said(*command, timeout=seconds + GRACE)
        took = time.perf_counter() - began
        if text is not None:
            return Told(**json.loads(text))
        return Told("undecided" if took >= seconds + GRACE else "failed", 0, took, 0.0, "")


def said(*command: str, timeout: float = 300.0) -> str | None:
    """Return what a command writes; None if it fails, or takes too long and is ended with all that it started."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
            start_new_session=True,
        )
    except OSError:
        return None
    with child:
        try:
            text, _ = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(child)
    return text if child.returncode == 0 else None


def _end(child: subprocess.Popen[str]) -> None:
    if child.poll() is None:
        if sys.platform == "win32":
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)


def _python_of_peers() -> str:
    """Return a Python that all peers know, if there is one."""
    tell = ("-c", "import sys; print(sys.executable)")
    found = (said(name, *tell) for name in PYTHONS)
    return next((path.strip() for path in found if path), sys.executable)


def main() -> None:
    """Let each tool explore each version of each program, and print what it says."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory(prefix="explorers-") as folder:
        tools = Tools(Path(folder))
        print(f"{tools.version}, at most {seconds:g} s for each cell")
        for kind in COLUMNS:
            _table(tools, kind, seconds)


def _table(tools: Tools, kind: str, seconds: float) -> None:
    columns = COLUMNS[kind]
    rows: dict[tuple[str, str], list[tuple[str, Told]]] = {column: [] for column in columns}
    print()
    for title, names in zip((f"Programs with {kind}", ""), zip(*columns, strict=True), strict=True):
        print(f"{title:26}" + "".join(f"{name:{WIDTH}}" for name in names))
    for program in threads.PROGRAMS:
        for version in VERSIONS:
            print(f"{program:19}{version:7}", end="", flush=True)
            for tool, mode in columns:
                cell = "not installed"
                if tool in tools.there:
                    told = tools.explore(tool, mode, kind, program, version, seconds=seconds)
                    rows[tool, mode].append((version, told))
                    cell = told.words(version)
                print(f"{cell:{WIDTH}}", end="", flush=True)
            print()
    for (tool, mode), tolds in rows.items():
        if tolds:
            print(f"{tool}, {mode}: {_totals(tolds)}")


def _totals(rows: list[tuple[str, Told]]) -> str:
    wrong, right = ([told for version, told in rows if version == which] for which in VERSIONS)
    counted = [told for told in right if told.schedules]
    schedules = sum(told.schedules for told in counted)
    return (
        f"wrong: {_count(wrong, 'found')} found, {_count(wrong, 'searched', *CLAIMS)} missed, "
        f"{_count(wrong, *UNKNOWN)} undecided; "
        f"right: {_count(right, 'proved')} proved, {_count(right, 'passed')} passed, "
        f"{_count(right, 'searched')} searched, {_count(right, *UNKNOWN)} undecided, "
        f"{_count(right, 'found')} false alarms; "
        f"{schedules / max(sum(told.seconds for told in counted), TINY):.0f} schedules a second, "
        f"{schedules / max(sum(told.cpu for told in counted), TINY):.0f} a second of CPU; "
        f"{sum(told.seconds for _, told in rows):.0f} s in all"
    )


def _count(tolds: list[Told], *verdicts: str) -> int:
    return sum(told.verdict in verdicts for told in tolds)


if __name__ == "__main__":
    main()
