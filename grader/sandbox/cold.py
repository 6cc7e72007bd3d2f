"""Start a learner's process as a new Python: for systems without fork, Landlock or `/proc` (tier C).

The process is the leader of a group of its own. What it leaves in that group, and what was seen below it while it ran,
is ended with it. On Windows, where no socket can be handed over by its number, its stdin and stdout are the channel,
and all that the answer prints goes to one pipe.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from grader.sandbox import messages
from grader.sandbox.launch import OVERDUE, SERVE, Came, Child, Report, Request, command, environment, places

_CHUNK: Final = 65536
_ABORT_GRACE: Final = 0.5
_TICK: Final = 0.05
_LAST_WORDS: Final = 0.2
_READER: Final = "cold-reader"


class ColdStarter:
    """Starts a learner's process from nothing, each time.

    Args:
        kind: ``"bubble"`` or ``"real"``.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def start(self, request: Request) -> Child:
        """Start a learner's process."""
        settings: dict[str, Any] = {
            "cwd": request.folder,
            "env": environment() | places(request.temp),
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        if sys.platform == "win32":
            call = command("grader.sandbox.cold", SERVE, self._kind, -1)
            return _ColdChild(subprocess.Popen(call, stdin=subprocess.PIPE, **settings), None)
        ours, theirs = socket.socketpair()
        with theirs:
            call = command("grader.sandbox.cold", SERVE, self._kind, theirs.fileno())
            settings |= {"stdin": subprocess.DEVNULL, "pass_fds": [theirs.fileno()], "start_new_session": True}
            return _ColdChild(subprocess.Popen(call, **settings), ours)

    def close(self) -> None:
        """There is nothing to end."""


class _ColdChild:
    def __init__(self, process: subprocess.Popen[bytes], channel: socket.socket | None) -> None:
        import psutil  # noqa: PLC0415 - only this tier needs it, and it costs start-up time

        self._psutil = psutil
        self._process = process
        self._channel = channel
        self._tree = psutil.Process(process.pid)
        self._came: queue.Queue[Came] = queue.Queue(maxsize=64)
        self._closed = False
        self._why = ""
        self._kill_at: float | None = None
        self._looked = 0.0
        self._cpu = (0.0, 0.0)
        self._below: list[Any] = []
        assert process.stdout is not None
        assert process.stderr is not None
        names = ("channel", "out") if channel is None else ("out", "err")
        sources = dict(zip(names, (process.stdout.fileno(), process.stderr.fileno()), strict=True))
        if channel is not None:
            sources["channel"] = channel.fileno()
        self._open = set(sources)
        for name, number in sources.items():
            threading.Thread(target=self._read, args=(name, os.dup(number)), name=_READER, daemon=True).start()

    def _read(self, name: str, number: int) -> None:
        """Hand on what comes from file descriptor `number`, which is this thread's own, to its end."""
        data = b"-"
        while data and not self._closed:
            try:
                data = os.read(number, _CHUNK)
            except OSError:  # a reset: the other end has gone
                data = b""
            self._came.put(Came(name, data))
        os.close(number)

    def send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            if self._channel is not None:
                self._channel.sendall(data)
            elif self._process.stdin is not None:
                self._process.stdin.write(data)
                self._process.stdin.flush()

    def receive(self, timeout: float) -> Iterator[Came]:
        self._look()
        timeout = min(timeout, _TICK)
        if self._process.returncode is not None and self._open:
            timeout = _LAST_WORDS  # what it wrote may still be on its way through a reader
        with contextlib.suppress(queue.Empty):
            came = self._came.get(timeout=timeout) if timeout > 0 else self._came.get_nowait()
            while True:
                if not came.data:
                    self._open.discard(came.source)
                yield came
                came = self._came.get_nowait()

    def _look(self) -> None:
        """See what runs below it, now and then, and end it where its time has come."""
        now = time.monotonic()
        if self._kill_at is not None and now > self._kill_at:
            self._kill_tree()
        if now - self._looked < _TICK:
            return
        self._looked = now
        with contextlib.suppress(self._psutil.Error):
            times = self._tree.cpu_times()
            self._cpu = (times.user + times.system, getattr(times, "children_user", 0.0))
            self._below = self._tree.children(recursive=True)

    def kill(self, why: str) -> None:
        self._why = self._why or why
        if sys.platform == "win32":
            self._kill_tree()
        elif self._kill_at is None:
            self._kill_at = time.monotonic() + _ABORT_GRACE
            with contextlib.suppress(self._psutil.Error):
                self._tree.send_signal(signal.SIGABRT)
                self._tree.send_signal(signal.SIGCONT)

    def _kill_tree(self) -> None:
        with contextlib.suppress(self._psutil.Error):
            self._below = self._tree.children(recursive=True)
        for process in (*self._below, self._tree):
            with contextlib.suppress(self._psutil.Error):
                process.kill()

    def opened(self, file: os.stat_result) -> int:
        found = 0
        with contextlib.suppress(self._psutil.Error, OSError):
            for process in (self._tree, *self._tree.children(recursive=True)):
                found += sum(os.path.samestat(Path(seen.path).stat(), file) for seen in process.open_files())
        return found

    def ended(self) -> bool:
        self._look()
        return self._process.poll() is not None

    def wait(self, timeout: float) -> Report:
        deadline = time.monotonic() + timeout
        while not self.ended():
            if time.monotonic() > deadline:
                self._why = self._why or OVERDUE
                self._kill_tree()
            time.sleep(0.005)
        left = [process for process in self._left() if process.is_running()]
        for process in left:
            with contextlib.suppress(self._psutil.Error):
                process.kill()
        told = tuple(messages.process(process.pid) for process in left)
        return Report(self._process.returncode, self._why, *self._cpu, leftovers=told)

    def _left(self) -> list[Any]:
        """Return what may have outlived it: what is in its group, and what was seen below it."""
        found = {process.pid: process for process in self._below}
        if sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, 0)  # is there any? Else there is nothing to look for
                for process in self._psutil.process_iter():
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        if os.getpgid(process.pid) == self._process.pid:
                            found[process.pid] = process
        return list(found.values())

    def close(self) -> None:
        self._closed = True
        self._kill_tree()
        for end in (self._process.stdin, self._process.stdout, self._process.stderr, self._channel):
            if end is not None:
                with contextlib.suppress(OSError):
                    end.close()
        self._process.wait()
        with contextlib.suppress(queue.Empty):
            while True:
                self._came.get_nowait()  # who waits to hand something on may go


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


def main(serve_module: str, kind: str, handle: int) -> None:
    """Serve one call: the main of a cold learner's process.

    Args:
        serve_module: as in `grader.sandbox.starter.main`.
        kind: as there.
        handle: the number of the channel's socket; -1 if stdin and stdout are the channel.
    """
    if handle >= 0:
        channel: Any = socket.socket(fileno=os.dup(handle))  # which no program that it starts inherits
        os.close(handle)
    else:
        channel = _Pipes(os.dup(0), os.dup(1))
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
    serve = importlib.import_module(serve_module).prepare(kind)
    sys.modules["__main__"] = types.ModuleType("__main__")
    serve(channel)
