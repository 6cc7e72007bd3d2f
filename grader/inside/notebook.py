"""Run a notebook from its first cell to its last, as nbconvert does, in a kernel of its own.

The kernel is a child of this process and talks to it by Unix sockets, since TCP is fenced off. nbclient is the part of
nbconvert that runs notebooks; it is imported by name, here, so that no other call pays for it.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

from grader import wire
from grader.inside import messages

_RESERVE = 2.0
"""Seconds that the kernel has to leave by itself, before it is killed."""

_MIME = "application/x-grader"
_MOST_PRINTED = 100_000
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_NAMES = {"_IncompleteInputError": "SyntaxError"}
"""What exceptions are called that Python 3.13 has for itself."""

_PLACE = re.compile(r"Cell In ?\[(\d+)\], line (\d+)")

_START = """
import sys

sys.modules["debugpy"] = None

from ipykernel.kernelapp import launch_new_instance

launch_new_instance()
"""
"""The kernel, without a debugger: as it is imported it runs another program, which would be seen as the notebook's."""

_PREPARE = """
import multiprocessing.process as process

from IPython import get_ipython

started = process._grader_started = []
start = process.BaseProcess.start


def noted(self):
    start(self)
    started.append((self._popen, self.name, self.daemon))


process.BaseProcess.start = noted
get_ipython().system = get_ipython().system_raw
"""
"""Run in the kernel before the first cell: notes each process that multiprocessing starts, for its exit code.

And ``!ls`` goes on without a terminal of its own, of which there is none behind the fence.
"""

_COLLECT = """
import json
import multiprocessing.process as process
import time

from IPython.display import publish_display_data


def ended(popen, daemon, deadline):
    if popen.returncode is None and not daemon:
        popen.wait(max(0.0, deadline - time.monotonic()))
    return popen.poll() if popen.returncode is None else popen.returncode


deadline = time.monotonic() + 2.0
exits = [[name, popen.method, ended(popen, daemon, deadline)] for popen, name, daemon in process._grader_started]
values = {name: [type(user[name]).__name__, repr(user[name])] for name in names if name in user}
publish_display_data({mime: json.dumps([values, exits[:1000]])})
"""
"""Run in the kernel after the last cell: tells what is left in its variables, and how processes ended."""


def run_notebook(path: Path, names: list[str], limit: float) -> dict[str, Any]:
    """Run the notebook at `path` and return a reply: its variables `names`, and exit codes; or what went wrong.

    Args:
        path: the notebook.
        names: of variables; the reply leaves out those that are not there.
        limit: seconds for all cells together.
    """
    nbformat = importlib.import_module("nbformat")
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    notebook.cells = [*cells, nbformat.v4.new_code_cell(_hidden(_COLLECT, names=names, mime=_MIME))]
    runner = _Runner(notebook, path.parent, limit)
    try:
        runner.run()
    except Exception as error:  # noqa: BLE001 - nbclient's own, of which there are many
        return runner.told(error)
    finally:
        _print(cells)
    return _values(notebook.cells[-1])


def _hidden(source: str, **names: object) -> str:
    """Return a cell that runs `source` without leaving a name of it among those of the notebook."""
    given = ", ".join(f"{name!r}: {value!r}" for name, value in names.items())
    return f"exec({source!r}, {{'user': globals(), {given}}})"


class _Runner:
    """Runs the cells of one notebook."""

    def __init__(self, notebook: Any, folder: Path, limit: float) -> None:
        self._cells = notebook.cells
        self._folder = folder
        self._limit = limit
        self._deadline = time.monotonic() + limit
        self._at = -1
        settings = {"connection_file": str(Path(os.environ["TMPDIR"]) / "k"), "shutdown_wait_time": _RESERVE}
        if os.name != "nt":
            settings["transport"] = "ipc"
        client = importlib.import_module("nbclient").NotebookClient
        config = importlib.import_module("traitlets.config").Config({"AsyncKernelManager": settings})
        self._client = client(
            notebook,
            config=config,
            kernel_name="python3",
            timeout_func=self._left,
            startup_timeout=max(1, int(limit)),
            force_raise_errors=True,
            on_notebook_start=self._prepare,
            on_cell_execute=self._begin,
            on_cell_executed=self._end,
            extra_arguments=["--log-level=CRITICAL"],  # as it ends it asks after all processes, and is refused
        )

    def run(self) -> None:
        """Run all cells; raises what nbclient raises."""
        # ipykernel warns that it cannot listen on TCP; what it would do there is done by inheriting our streams.
        self._client.create_kernel_manager().kernel_spec.argv = [
            sys.executable,
            "-c",
            _START,
            "-f",
            "{connection_file}",
        ]
        quiet = os.environ | {"PYTHONWARNINGS": "ignore::UserWarning:ipykernel.iostream"}
        self._client.execute(cwd=str(self._folder), env=quiet)

    def _prepare(self, **_: Any) -> None:
        self._client.kc.execute(_hidden(_PREPARE), silent=True, store_history=False)

    def _begin(self, cell_index: int, **_: Any) -> None:
        self._at = cell_index
        self._client.shutdown_kernel = "immediate"  # what can't end its cell would not leave when it is asked to

    def _end(self, **_: Any) -> None:
        self._client.shutdown_kernel = "graceful"

    def _left(self, _: Any) -> float:
        return max(0.1, self._deadline - time.monotonic())

    def told(self, error: Exception) -> dict[str, Any]:
        """Return the reply for a notebook that was ended by `error`."""
        kind = type(error).__name__
        if kind == "CellTimeoutError":
            return {"over_limit": messages.over_limit(self._cell(), self._limit)}
        if kind == "CellExecutionError":
            name, text = str(getattr(error, "ename", kind)), str(getattr(error, "evalue", ""))
            name = _NAMES.get(name, name)
        elif kind == "DeadKernelError":
            name, text = kind, messages.kernel_ended(self._cell())
        else:
            name, text = kind, str(error)
        raised = wire.Raised(wire.printable(name, 200), wire.printable(text, 4000), (), (wire.printable(name, 200),))
        return {"raised": wire.encode(raised), "traceback": wire.printable(self._places())}

    def _cell(self) -> str:
        return messages.cell(self._at + 1) if self._at >= 0 else messages.KERNEL_START

    def _places(self) -> str:
        """Return the lines of cells that led to the error, as ``cell 2, line 1: …``, one a row."""
        if self._at < 0:
            return ""
        outputs = self._cells[self._at].get("outputs", [])
        text = "\n".join(row for output in outputs for row in output.get("traceback", []))
        found = dict.fromkeys(_PLACE.findall(_COLOURS.sub("", text)))
        rows = [self._row(int(cell), int(line)) for cell, line in found]
        return "\n".join(rows[-12:]) or f"  {self._cell()}"

    def _row(self, cell: int, line: int) -> str:
        source = self._cells[cell - 1].source.splitlines() if 0 < cell <= len(self._cells) else []
        text = source[line - 1].strip() if 0 < line <= len(source) else ""
        return f"  {messages.line_of_cell(cell, line, text)}"


def _print(cells: list[Any]) -> None:
    """Write what the cells printed where a program would have."""
    for name, stream in (("stdout", sys.stdout), ("stderr", sys.stderr)):
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        text = "".join(output.text for output in outputs if output.output_type == "stream" and output.name == name)
        with contextlib.suppress(Exception):
            stream.write(text[-_MOST_PRINTED:])
            stream.flush()


def _values(cell: Any) -> dict[str, Any]:
    told = next(output.data[_MIME] for output in cell.outputs if _MIME in output.get("data", {}))
    found, exits = json.loads(told)
    values = {name: _value(kind, text) for name, (kind, text) in found.items()}
    return {
        "value": wire.encode(values),
        "exits": [[wire.printable(name), method, code] for name, method, code in exits],
    }


def _value(kind: str, text: str) -> object:
    """Return the plain value that is written as `text`, or what stands for one of type `kind`."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return wire.Unsendable(kind)
