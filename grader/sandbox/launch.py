"""Start a learner's process, talk to it and end it: what the judge sees of the sandbox.

Two ways to start one: `Starter` forks it from a warm process behind a keeper (Linux); `cold` starts a new Python
each time (everywhere; `grader.sandbox.cold`). Both return a `Child`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import select
import selectors
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from grader.sandbox import guards, messages, processes

ROOT: Final = Path(__file__).resolve().parents[2]
SERVE: Final = "grader.inside.serve"
"""The module that runs in the learner's process; named here, imported only there."""

OVERDUE: Final = messages.OVERDUE
"""Why a process was killed that was waited for in vain."""
UNSEEN: Final = messages.KEEPER_KILLED
"""Why there is no report."""

_MAX_REPORT: Final = 2**20
_CHUNK: Final = 65536
_CREDENTIALS: Final = struct.Struct("3i")
"""A process, its user and its group: `struct ucred` of Linux."""


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What one learner's process tree may use.

    Attributes:
        memory: bytes of the whole tree.
        processes: with threads, of the whole tree.
        cpu: seconds of CPU time that one process may compute.
        file_size: bytes of one file.
        files: that one process may have open.
        disk: bytes that the whole tree may keep in files.
        entries: files and folders that it may make, and as many may all of its processes have open.
        sent: open files that may be on their way through its sockets.
        watched: open files that all of its epolls may watch.
        mappings: pieces of memory that all of its processes may have mapped.
    """

    memory: int = 1 * 2**30
    processes: int = 600
    cpu: int = 60
    file_size: int = 256 * 2**20
    files: int = 4096
    disk: int = 512 * 2**20
    entries: int = 20_000
    sent: int = 1000
    watched: int = 100_000
    mappings: int = 500_000


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """One learner's process to be.

    Attributes:
        folder: where it starts; it holds the answer's files.
        temp: its folder for temporary files. Both are writable, nothing else is but what `shared` holds.
        ports: TCP ports of 127.0.0.1 that it may connect to.
        user: the uid to become (tier A), or None to stay.
        shared: folders of the judge's that it may read and write, where their rights let it.
    """

    folder: Path
    temp: Path
    limits: Limits = Limits()
    ports: tuple[int, ...] = ()
    user: int | None = None
    shared: tuple[Path, ...] = ()

    def message(self) -> bytes:
        """Return the request as the starter reads it."""
        shared = [str(folder) for folder in self.shared]
        return json.dumps(
            {
                "folder": str(self.folder),
                "temp": str(self.temp),
                "shared": shared,
                "write": [str(self.folder), str(self.temp), *shared, *guards.DEVICES, guards.SHARED_MEMORY],
                "environment": places(self.temp),
                "limits": dataclasses.asdict(self.limits),
                "ports": list(self.ports),
                "user": self.user,
            }
        ).encode()


@dataclasses.dataclass(frozen=True, slots=True)
class ProcessSeen:
    """One process of the learner's tree, as the kernel told it.

    Attributes:
        kind: ``"child"``, or ``"helper"`` for what multiprocessing starts for itself.
        cpu: seconds that it computed.
        first, last: when it was seen, in seconds since the learner's process began.
        memory: the most bytes that it had at once.
        busy_from, busy_to: when it had done a quarter and three quarters of its computing, in the same seconds.
    """

    pid: int
    parent: int
    kind: str
    cpu: float
    first: float
    last: float
    memory: int = 0
    busy_from: float = 0.0
    busy_to: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """What became of a learner's process and its tree.

    Attributes:
        exit: its exit code, or minus the signal that ended it; None if nobody can say.
        killed: why it was ended, "" if it ended by itself.
        cpu, cpu_children: CPU seconds of itself, and of all processes that it started.
        processes: those it started that were seen: all that Python forked in it, others (of a fork server, of another
            program) if they lived 25 ms.
        peaks: the most ``memory`` (bytes) and ``processes`` of the whole tree, and ``own_memory`` and ``threads`` of
            the process itself, at once.
        leftovers: what still ran after its end, in words.
        asked: how many of them, the first ones, were made to print their stacks.
        stall: the most seconds by which its keeper, which wants to run each 25 ms, was kept waiting by the machine.
        rooted: whether it had a root folder, and so shared memory, of its own.
    """

    exit: int | None
    killed: str = ""
    cpu: float = 0.0
    cpu_children: float = 0.0
    processes: tuple[ProcessSeen, ...] = ()
    peaks: dict[str, int] = dataclasses.field(default_factory=dict)
    leftovers: tuple[str, ...] = ()
    asked: int = 0
    stall: float = 0.0
    rooted: bool = False


class Came(NamedTuple):
    """What came from a learner's process: ``"channel"``, ``"out"`` or ``"err"``, and the bytes; none are its end.

    For ``"out"`` `pid` is the process that wrote them, by the kernel's word; 0 if this system does not tell.
    """

    source: str
    data: bytes
    pid: int = 0


class Child(Protocol):
    """A learner's process. What comes from it is hostile."""

    def send(self, data: bytes) -> None:
        """Send `data` to it; nothing happens if it has gone."""

    def receive(self, timeout: float) -> Iterator[Came]:
        """Yield what came within `timeout` seconds. Returns early once something came."""

    def kill(self, why: str) -> None:
        """Ask for its end: stacks first, then for good."""

    def ended(self) -> bool:
        """Tell whether nothing of it is left: its report is there."""

    def opened(self, file: os.stat_result) -> int:
        """Return how many times it and the processes that it started have `file` open, as far as one may look."""

    def wait(self, timeout: float) -> Report:
        """Return its report, after its end; at `timeout` seconds it is ended."""

    def close(self) -> None:
        """Let go of it; what still runs is ended."""


class StarterGone(Exception):
    """The warm starter has been killed."""


def environment() -> dict[str, str]:
    """Return the environment of learner's processes: nothing of ours but what Python needs."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "WINDIR", "PATHEXT") if name in os.environ}
    return kept | {
        "PATH": os.defpath if os.name != "nt" else os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHON_COLORS": "0",  # a kernel asks Python 3.13 for colours, which then stand in what is read
        "MALLOC_ARENA_MAX": "1",
        "OMP_NUM_THREADS": "1",  # numpy's: who computes shall be the answer's own threads and processes
    }


def places(temp: Path) -> dict[str, str]:
    """Return the environment of one call: its folder for temporary files, and no bytecode beside the answer."""
    return dict.fromkeys(("TMPDIR", "TEMP", "TMP", "HOME"), str(temp)) | {"PYTHONDONTWRITEBYTECODE": "1"}


def command(main_module: str, *arguments: object) -> list[str]:
    """Return the command that calls ``main`` of `main_module` in a fresh Python that takes no file of the learner's.

    ``-P -s`` leave the working folder and the user's site-packages out; ``-I`` would ignore PYTHONHASHSEED too.
    """
    call = ", ".join(repr(argument) for argument in arguments)
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from {main_module} import main; main({call})"
    return [sys.executable, "-P", "-s", "-c", code]


def have_more_files() -> None:
    """Let this process, and those that it starts from now on, have more files open than a learner's process may.

    Files on their way through a socket are counted for all processes of a user: an answer that has as many as it may
    would else keep us from sending any (``unix(7)``, ETOOMANYREFS).
    """
    import resource  # noqa: PLC0415 - not there on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MORE_FILES if hard == resource.RLIM_INFINITY else min(_MORE_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


_MORE_FILES: Final = 4 * Limits().files


class Starter:
    """A warm starter, owned by the process that made it and usable by its forks.

    Args:
        kind: ``"bubble"`` or ``"real"``.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._spawn()

    def _spawn(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                command("grader.sandbox.starter", SERVE, self.kind, theirs.fileno()),
                env=environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._requests = ours

    def start(self, request: Request) -> Child:
        """Start a learner's process; a starter that was killed is started again, once."""
        try:
            return self._request(request)
        except StarterGone:
            self.close()
            self._spawn()
            return self._request(request)

    def _request(self, request: Request) -> _KeptChild:
        channel, channel_end = socket.socketpair()
        report, report_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        out, out_end = socket.socketpair()
        out.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        err, err_end = os.pipe()
        handles = [channel_end.fileno(), out_end.fileno(), err_end, report_end.fileno()]
        try:
            socket.send_fds(self._requests, [request.message()], handles)
        except OSError as error:
            channel.close()
            report.close()
            out.close()
            os.close(err)
            raise StarterGone from error
        finally:
            channel_end.close()
            report_end.close()
            out_end.close()
            os.close(err_end)
        child = _KeptChild(channel, out, err, report)
        child.confirm()
        return child

    def close(self) -> None:
        """End the starter; processes that it started are their keepers' business."""
        self._requests.close()
        with contextlib.suppress(OSError):
            self._process.kill()
        with contextlib.suppress(ChildProcessError):
            self._process.wait()


class _KeptChild:
    """A learner's process behind a keeper."""

    def __init__(self, channel: socket.socket, out: socket.socket, err: int, report: socket.socket) -> None:
        self._pid = 0
        self._channel = channel
        self._report = report
        self._out = out
        self._err = err
        self._selector = selectors.PollSelector()  # what an epoll watches is counted for all processes of a user
        self._selector.register(channel, selectors.EVENT_READ, "channel")
        self._selector.register(out, selectors.EVENT_READ, "out")
        self._selector.register(err, selectors.EVENT_READ, "err")

    def confirm(self) -> None:
        """Wait for the keeper's word that the process has started.

        Raises:
            StarterGone: if there is no such word.
        """
        try:
            word = self._report.recv(4096)
        except OSError:
            word = b""
        if not word:
            self.close()
            raise StarterGone
        self._pid = int(json.loads(word)["started"])

    def send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._channel.sendall(data)

    def receive(self, timeout: float) -> Iterator[Came]:
        for key, _ in self._selector.select(timeout):
            pid = 0
            try:
                data, pid = _written(self._out) if key.data == "out" else (os.read(key.fd, _CHUNK), 0)
            except OSError:  # a reset: the other end has gone
                data = b""
            if not data:
                self._selector.unregister(key.fileobj)
            yield Came(key.data, data, pid)

    def kill(self, why: str) -> None:
        with contextlib.suppress(OSError):
            self._report.send(json.dumps({"kill": why}).encode())

    def opened(self, file: os.stat_result) -> int:
        return sum(processes.opened(pid, file) for pid in (self._pid, *processes.tree(self._pid)))

    def ended(self) -> bool:
        return bool(select.select([self._report], [], [], 0)[0])

    def wait(self, timeout: float) -> Report:
        self._report.settimeout(max(timeout, 0.001))
        data = self._read_report()
        if data is None:
            self.kill(OVERDUE)
            self._report.settimeout(30.0)
            data = self._read_report()
        return _read(data) if data else Report(None, UNSEEN)

    def _read_report(self) -> bytes | None:
        """Return the report, b"" if none will come, None if it took too long."""
        for _ in range(2):  # a closed socket gives a reset before what is queued on it
            try:
                return self._report.recv(_MAX_REPORT)
            except TimeoutError:
                return None
            except OSError:
                continue
        return b""

    def close(self) -> None:
        self._selector.close()
        self._channel.close()
        self._report.close()
        self._out.close()
        os.close(self._err)


def _written(stream: socket.socket) -> tuple[bytes, int]:
    """Return the next bytes of `stream` that one process wrote, and its pid: unix(7), SCM_CREDENTIALS."""
    data, more, _, _ = stream.recvmsg(_CHUNK, socket.CMSG_SPACE(_CREDENTIALS.size))
    for level, kind, body in more:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return data, _CREDENTIALS.unpack(body)[0]
    return data, 0


def _read(data: bytes) -> Report:
    fields: dict[str, Any] = json.loads(data)
    return Report(
        exit=fields["exit"],
        killed=fields["killed"],
        cpu=fields["cpu"],
        cpu_children=fields["cpu_children"],
        processes=tuple(ProcessSeen(*row) for row in fields["processes"]),
        peaks=fields["peaks"],
        leftovers=tuple(fields["leftovers"]),
        asked=fields["asked"],
        stall=fields["stall"],
        rooted=fields["rooted"],
    )


def remaining(deadline: float) -> float:
    """Return the seconds until `deadline` of the monotonic clock, at least 0."""
    return max(0.0, deadline - time.monotonic())
