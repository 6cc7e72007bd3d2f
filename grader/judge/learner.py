"""The `learner` of a check: calls the answer in a fresh process, or in the bubble, and tells what it did."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from grader import cells, wire
from grader.judge import messages
from grader.judge.exchange import Exchange, converse
from grader.judge.explored import Explored, explored
from grader.judge.faults import LearnerFault, fault_of
from grader.judge.files import Files
from grader.judge.followed import Followed, followed, not_a_schedule
from grader.judge.locking import telling_locks
from grader.judge.reading import to_run
from grader.judge.register import Register, Word
from grader.judge.run import Run, brief
from grader.judge.setup import Setup
from grader.sandbox.launch import Limits, Request
from grader.verdict import Status

if TYPE_CHECKING:
    from grader.judge.web import Page, Web

REAL_LIMIT: Final = 30.0
"""Real seconds that a call may take on the real clock, if the check says nothing else."""

BUBBLE_LIMIT: Final = 10.0
"""Real seconds that a call may take in the bubble, where no second passes but those of computing."""

EXPLORE_LIMIT: Final = 300.0
"""Real seconds that an exploration may take; its budget is in schedules, so this is for what hangs."""

NOTEBOOK_LIMIT: Final = 60.0
"""Real seconds that a notebook may take, if the check says nothing else; its kernel needs some to start."""

_LEAVING: Final = 10.0
"""Real seconds more, for a kernel to be ended from inside; what then still runs is ended from outside."""

_ANSWERS: Final = {"value", "explored", "replayed", "unfit", "followed"}
"""What a reply holds where nothing went wrong: one of these."""

BUDGET: Final = 500
"""Schedules that an exploration may run."""

VIRTUAL_LIMIT: Final = 3600.0
"""Seconds of the bubble's clock that a call may take."""


class Learner:
    """What a check asks the answer by. Each call runs in a process of its own.

    Args:
        setup: the answer and the means to run it.
        real_time: whether this check is one of the real clock.
    """

    def __init__(self, setup: Setup, *, real_time: bool) -> None:
        self._setup = setup
        self._clock = "real" if real_time or not setup.waits else "bubble"
        self._servers: list[Web | Register] = []
        self._files: list[Files] = []
        self.runs: list[Run] = []
        self.explored: list[Explored] = []

    def call(
        self,
        function: str,
        *args: object,
        clock: str | None = None,
        limit: float | None = None,
        start_method: str | None = None,
        **kwargs: object,
    ) -> Run:
        """Call the answer's `function` with plain data and return what it did.

        Args:
            clock: ``"bubble"`` or ``"real"``; by default what the kata and the check are about.
            limit: real seconds after which the call is ended.
            start_method: the default start method of processes.

        Raises:
            LearnerFault: if there is no result: it hangs, the process dies, the file can't be imported.
        """
        task = {"kind": "call", "function": function, "start_method": start_method}
        asked = _written(function, args, kwargs)
        return self._run(task, asked, args, kwargs, clock=clock or self._clock, limit=limit)

    def probe(
        self,
        function: str,
        *args: object,
        clock: str | None = None,
        limit: float | None = None,
        start_method: str | None = None,
        **kwargs: object,
    ) -> Run:
        """Call `function` of the kata's probes; it gets the answer's module, then the arguments. Else as `call`."""
        task = {
            "kind": "probe",
            "function": function,
            "start_method": start_method,
            "probes": self._setup.probes,
        }
        asked = _written(function, args, kwargs)
        return self._run(task, asked, args, kwargs, clock=clock or self._clock, limit=limit)

    def explore(
        self,
        function: str,
        *args: object,
        budget: int = BUDGET,
        early_timeouts: bool = False,
        naps: int = 0,
        thread_errors: bool = False,
        limit: float | None = None,
        **kwargs: object,
    ) -> Explored:
        """Run `function` of the kata's probes under chosen schedules: all that differ, if the budget allows.

        Args:
            budget: schedules that may be run.
            early_timeouts: whether timed waits may end by their deadline while others could still run.
            naps: schedules more in which the answer's own sleeps may end while others could still run, if it sleeps.
            thread_errors: whether threads may end by exceptions, which the probe then looks at itself.
            limit: real seconds after which it is ended.

        Raises:
            LearnerFault: if under some schedule it hangs, ends with an exception, or keeps a lock; or as `call`.
        """
        task = {
            "kind": "explore",
            "function": function,
            "start_method": None,
            "probes": self._setup.probes,
            "budget": budget,
            "early_timeouts": early_timeouts,
            "naps": naps,
            "thread_errors": thread_errors,
        }
        asked = _written(function, args, kwargs)
        task["digest"] = self._setup.digest(asked)

        def ask(schedule: str, *, plainer: bool = False) -> Run:
            chosen = task | {"schedule": schedule, "plainer": plainer}
            return self._run(chosen, asked, args, kwargs, clock="bubble", limit=limit or EXPLORE_LIMIT)

        if budget < 1:
            raise ValueError(messages.hopeless(asked))
        try:
            found = explored(ask, asked, self._setup.schedule)
        except _NOT_OURS as error:
            raise _forged(asked, type(error).__name__) from error
        self.explored.append(found)
        return found

    def follow(
        self, function: str, names: object, *args: object, limit: float | None = None, **kwargs: object
    ) -> Followed:
        """Run `function` of the kata's probes once, while its threads go on in the order of `names`.

        It gets the arguments alone: the answer is not even loaded. Each name lets that thread go on until it stands
        just before its next line marked ``# step``, or has to wait, or has ended. When the names are used up, the first
        thread that can go on is named again and again.

        Args:
            names: the schedule, a list of names of threads, as the answer has it.
            limit: real seconds after which it is ended.

        Raises:
            LearnerFault: if `names` is no such list; or as `call`.
        """
        problem = not_a_schedule(names)
        if problem:
            raise LearnerFault(Status.FAILED, messages.schedule_of(function, problem))
        task = {
            "kind": "follow",
            "function": function,
            "start_method": None,
            "probes": self._setup.probes,
            "names": wire.encode(names),
        }
        asked = messages.under(_written(function, args, kwargs), brief(names))
        run = self._run(task, asked, args, kwargs, clock="bubble", limit=limit)
        try:
            return followed(run, asked)
        except _NOT_OURS as error:
            raise _forged(asked, type(error).__name__) from error

    def script(self, *args: str, start_method: str | None = None, limit: float = REAL_LIMIT) -> Run:
        """Run the kata's file as ``python file.py ARGS`` does; its value is the exit code. Else as `call`."""
        task = {"kind": "script", "file": self._setup.file, "start_method": start_method}
        asked = " ".join(("python", self._setup.file, *args))
        return self._run(task, asked, args, {}, clock="real", limit=limit)

    def notebook(self, *names: str, limit: float = NOTEBOOK_LIMIT) -> Run:
        """Run the kata's notebook in a Jupyter kernel, all cells from the first to the last.

        The value is a dict of its variables `names`, without those that are not there; an exception that ends a cell is
        the run's. Its processes are those that cells started: the kernel is not one of them.

        Args:
            limit: real seconds for the kernel to start and all cells to end.

        Raises:
            LearnerFault: if a cell does not end in time; or as `call`.
        """
        patience = limit * self._setup.time_scale
        task = {"kind": "notebook", "file": self._setup.file, "start_method": None, "patience": patience}
        asked = messages.running(self._setup.file)
        try:
            run = self._run(task, asked, names, {}, clock="real", limit=limit + _LEAVING)
        except LearnerFault as fault:
            told = self.runs[-1].last_error if self.runs else ""
            fault = fault.explained(messages.on_stderr(told))
            fault.final = fault.final or fault.status is Status.TIMED_OUT  # nothing is asked of it that differs
            raise fault from None
        if run.raised and run.last_error:
            run.told += f"\n{messages.on_stderr(run.last_error)}"
        started = {process.pid for process in run.processes}
        run.processes = [process for process in run.processes if process.parent in started]
        return run

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Ask in the block what only explains a failure: that is not drawn, and what it raises replaces no message."""
        before = len(self.runs)
        try:
            yield
        finally:
            for run in self.runs[before:]:
                run.aside = True

    def telling_locks(self) -> contextlib.AbstractContextManager[None]:
        """Add to what the block fails with which locks were taken under the schedule that it tells of."""
        return telling_locks(self.runs)

    def cells(self) -> dict[int, str]:
        """Return the code cells of the kata's notebook as it was handed in, by the numbers that a kernel gives them.

        Nothing is run for that: it serves to say what stands where.
        """
        text = (self._setup.answer / self._setup.file).read_text(encoding="utf-8", errors="replace")
        try:
            return {cell.number: cell.text for cell in cells.read(text) if cell.number}
        except cells.NotebookError:
            return {}

    @contextlib.contextmanager
    def web(self, pages: dict[str, Page], hold: int = 0, patience: float = 2.0, first: float = 0.0) -> Iterator[Web]:
        """Serve `pages` on 127.0.0.1 while the block runs; calls in it may connect to it.

        Args:
            hold: answer nobody until so many requests are there together, or `patience` has passed.
            patience: seconds.
            first: seconds that the answer to the first request takes longer, whichever page that is.
        """
        from grader.judge.web import Web  # noqa: PLC0415 - 8 ms and 3 MB that only who serves pages pays for

        scaled = patience * self._setup.time_scale
        with Web(pages, hold=hold, patience=scaled, first=first) as web:
            self._servers.append(web)
            try:
                yield web
            finally:
                self._servers.remove(web)

    @contextlib.contextmanager
    def register(
        self, values: Iterable[Any] = (), *, value: Word = 0, delay: float = 0.0, patience: float = 5.0
    ) -> Iterator[Register]:
        """Keep a register while the block runs, with a log of what threads of probes do at it, on the real clock.

        A probe that is given it gets its address.

        Args:
            values: what is handed to those who `take`, each once; then comes None.
            value: what is in it at first.
            delay: seconds between noting and answering.
            patience: seconds for which those who come to meet are held, if too few come. That happens once.
        """
        scaled = patience * self._setup.time_scale
        with Register(values, value=value, delay=delay, patience=scaled) as register:
            self._servers.append(register)
            try:
                yield register
            finally:
                self._servers.remove(register)

    @contextlib.contextmanager
    def files(self) -> Iterator[Files]:
        """Make a folder of the judge's while the block runs, which calls in it may read and write.

        It is empty at first, and gone afterwards with all that is in it.
        """
        with self._setup.shared() as folder:
            files = Files(folder, self._setup.user, self._setup.time_scale)
            self._files.append(files)
            try:
                yield files
            finally:
                self._files.remove(files)

    def bound(self, ideal: float, slack: float) -> float:
        """Return an upper limit for real seconds: `ideal` plus `slack`, which ``--time-scale`` widens."""
        return ideal + slack * self._setup.time_scale

    def _run(
        self,
        task: dict[str, Any],
        asked: str,
        args: tuple[object, ...],
        kwargs: dict[str, object],
        *,
        clock: str,
        limit: float | None,
    ) -> Run:
        real = clock == "real"
        seconds = (limit or (REAL_LIMIT if real else BUBBLE_LIMIT)) * self._setup.time_scale
        task |= {
            "module": self._setup.module,
            "args": wire.encode([arg.address if isinstance(arg, Register) else arg for arg in args]),
            "kwargs": wire.encode(kwargs),
            "limit": VIRTUAL_LIMIT,
        }
        _require_sendable(task, asked)
        with self._setup.place() as (work, temp):
            ports = tuple(server.port for server in self._servers)
            shared = tuple(files.folder for files in self._files)
            request = Request(work, temp, Limits(), ports, self._setup.user, shared)
            child = self._setup.starters.start(clock, request)
            for files in self._files:
                files.child = child
            seen = converse(child, task, limit=seconds, real=real)
            for files in self._files:
                files.child = None
        ended = seen.report.exit is not None and seen.report.exit >= 0
        if task["kind"] == "script" and seen.loaded and seen.reply is None and ended:
            seen.reply = {"value": wire.encode(seen.report.exit)}  # a program may end itself, by os._exit
        return self._judge(seen, asked, seconds, real=real)

    def _judge(self, seen: Exchange, asked: str, limit: float, *, real: bool) -> Run:
        try:
            run = to_run(seen, asked, self._setup.files(), real=real)
        except _NOT_OURS as error:
            raise _forged(asked, type(error).__name__) from error
        run.kata = self._setup.module
        self.runs.append(run)
        fault = fault_of(seen, asked, limit, real=real)
        if fault is not None:
            raise fault
        if not _ANSWERS & (seen.reply or {}).keys() and not run.raised:
            raise _forged(asked, messages.NO_VALUE)
        return run


_NOT_OURS: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What reading a forged answer raises: 1e999 is a number in JSON, and a thousand brackets are a list."""


def _forged(asked: str, what: str) -> LearnerFault:
    return LearnerFault(Status.CRASHED, messages.forged(asked, what))


def _require_sendable(task: dict[str, Any], asked: str) -> None:
    """Fail the check if the call is too large to be asked: it may hold what the answer made in an earlier one."""
    try:
        wire.pack({"run": task})
    except wire.WireError as error:
        raise LearnerFault(Status.FAILED, messages.not_asked(asked, str(error))) from error


def _written(function: str, args: tuple[object, ...], kwargs: dict[str, object]) -> str:
    parts = [brief(value, 80) for value in args] + [f"{name}={brief(value, 80)}" for name, value in kwargs.items()]
    return f"{function}({', '.join(parts)})"
