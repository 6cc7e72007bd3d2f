"""Start a learner's process as a new Python: for systems without fork, Landlock or `/proc` (tier C).

The process is the leader of a group of its own. Its stdin and stdout are the channel; what the answer prints goes
to stderr's pipe. It is ended, with its descendants, by psutil.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import subprocess
import sys
import threading
import time
import types
from collections.abc import Iterator
from typing import Any, Final

from grader.sandbox.launch import SERVE, Child, Report, Request, command, environment

_CHUNK: Final = 65536
_ABORT_GRACE: Final = 0.5


class ColdStarter:
    """Starts a learner's process from nothing, each time.

    Args:
        kind: ``"bubble"`` or ``"real"``.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def start(self, request: Request) -> Child:
        """Start a learner's process."""
        process = subprocess.Popen(
            command("grader.sandbox.cold", SERVE, self._kind),
            cwd=request.folder,
            env=environment() | {name: str(request.temp) for name in ("TMPDIR", "TEMP", "TMP", "HOME")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        return _ColdChild(process)

    def close(self) -> None:
        """There is nothing to end."""


class _ColdChild:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        import psutil  # noqa: PLC0415 - only this tier needs it, and it costs start-up time

        self._psutil = psutil
        self._process = process
        self._tree = psutil.Process(process.pid)
        self._came: queue.Queue[tuple[str, bytes]] = queue.Queue(maxsize=64)
        self._why = ""
        for name, stream in (("channel", process.stdout), ("out", process.stderr)):
            threading.Thread(target=self._read, args=(name, stream), daemon=True).start()

    def _read(self, name: str, stream: Any) -> None:
        while True:
            data = os.read(stream.fileno(), _CHUNK)
            self._came.put((name, data))
            if not data:
                return

    def send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def receive(self, timeout: float) -> Iterator[tuple[str, bytes]]:
        with contextlib.suppress(queue.Empty):
            yield self._came.get(timeout=timeout) if timeout > 0 else self._came.get_nowait()
            while True:
                yield self._came.get_nowait()

    def kill(self, why: str) -> None:
        self._why = self._why or why
        with contextlib.suppress(self._psutil.Error):
            if sys.platform != "win32":
                self._tree.send_signal(6)
                threading.Timer(_ABORT_GRACE, self._kill_tree).start()
            else:
                self._kill_tree()

    def _kill_tree(self) -> list[Any]:
        below = []
        with contextlib.suppress(self._psutil.Error):
            below = self._tree.children(recursive=True)
        for process in (*below, self._tree):
            with contextlib.suppress(self._psutil.Error):
                process.kill()
        return below

    def ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self, timeout: float) -> Report:
        deadline = time.monotonic() + timeout
        below: list[Any] = []
        cpu = (0.0, 0.0)
        while not self.ended() and time.monotonic() < deadline:
            with contextlib.suppress(self._psutil.Error):
                times = self._tree.cpu_times()
                cpu = (times.user + times.system, getattr(times, "children_user", 0.0))
                below = self._tree.children(recursive=True)
            time.sleep(0.005)
        if not self.ended():
            self._why = self._why or "it did not end"
        self._kill_tree()
        left = [process for process in below if process.is_running()]
        for process in left:
            with contextlib.suppress(self._psutil.Error):
                process.kill()
        code = self._process.wait()
        return Report(code, self._why, cpu[0], cpu[1], leftovers=tuple(f"process {p.pid}" for p in left))

    def close(self) -> None:
        self._kill_tree()
        for stream in (self._process.stdin, self._process.stderr, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


class _Pipes:
    """Two pipes as a channel."""

    def __init__(self, source: int, target: int) -> None:
        self._source, self._target = source, target

    def recv(self, size: int) -> bytes:
        return os.read(self._source, size)

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._target, view) :]

    def close(self) -> None:
        for number in (self._source, self._target):
            with contextlib.suppress(OSError):
                os.close(number)


def main(serve_module: str, kind: str) -> None:
    """Serve one call: the main of a cold learner's process."""
    channel = _Pipes(os.dup(0), os.dup(1))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    serve = importlib.import_module(serve_module).prepare(kind)
    sys.modules["__main__"] = types.ModuleType("__main__")
    serve(channel)
