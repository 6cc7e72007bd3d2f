"""What runs beside the answer of kata 11."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any

Row = tuple[str, int, float]
"""What a job does ("gives" its number, "raises" a Trouble, or as below), its number, the seconds before that."""


class Trouble(Exception):
    """What a job raises: it has a number, and knows itself."""

    itself: Exception | None = None


ERRORS: dict[str, type[Exception]] = {
    "raises": Trouble,
    "raises TimeoutError": TimeoutError,
    "raises CancelledError": CancelledError,
    "raises Empty": queue.Empty,
}
VALUES: dict[str, Any] = {"gives nothing": None, "gives False": False, "gives an error": ValueError("a value")}


def job_of(row: Row) -> Callable[[], Any]:
    """Return a job that does what `row` says; nothing that it does could meet what another does."""
    kind, number, seconds = row
    error = ERRORS.get(kind, Trouble)(number)
    if isinstance(error, Trouble):
        error.itself = error

    def job() -> Any:
        if seconds:
            time.sleep(seconds)
        if kind.startswith("raises"):
            raise error
        return VALUES.get(kind, number)

    return job


def told(error: BaseException) -> str:
    """Return the type of an exception, its number if it is a job's, and whether it is a copy of that."""
    own = isinstance(error, tuple(ERRORS.values())) and error.args and isinstance(error.args[0], int)
    anew = isinstance(error, Trouble) and error.itself is not error
    return f"{type(error).__name__} of job {error.args[0]}{', made anew' * anew}" if own else type(error).__name__


def as_data(value: Any) -> Any:
    """Return a value that a job may have returned; an exception is told in words."""
    return f"the object {value!r}" if isinstance(value, BaseException) else value


def outcome(call: Callable[[], Any]) -> dict[str, Any]:
    """Return what `call` returned or raised, and the seconds until then."""
    began = time.monotonic()
    try:
        value = call()
    except Exception as error:  # noqa: BLE001 - what comes is told
        came: dict[str, Any] = {"raised": told(error), "returned": None}
    else:
        came = {"raised": "nothing", "returned": as_data(value)}
    return came | {"seconds": round(time.monotonic() - began, 6)}


# --- first_success


@contextmanager
def refusals() -> Iterator[list[bool]]:
    """Note, as long as the block lasts, each `cancel` of a future that runs: it is refused."""
    seen: list[bool] = []
    known = Future.cancel

    def cancel(self: Future[Any]) -> bool:
        done = known(self)
        if not done and self.running():
            seen.append(done)
        return done

    Future.cancel = cancel
    try:
        yield seen
    finally:
        Future.cancel = known


def first(answer: ModuleType, rows: list[Row], timeout: float) -> dict[str, Any]:
    """Return what came of the first success among the jobs of `rows`.

    And how many that ran refused to be cancelled, and the numbers of those that were called more than once.
    """
    called: list[int] = []

    def noted(row: Row) -> Callable[[], Any]:
        job = job_of(row)

        def note() -> Any:
            called.append(row[1])
            return job()

        return note

    with refusals() as refused:
        came = outcome(lambda: answer.first_success([noted(row) for row in rows], timeout))
    return came | {"cancel refused": len(refused), "twice": sorted({one for one in called if called.count(one) > 1})}


def results_asked(answer: ModuleType, rows: list[Row], timeout: float) -> list[tuple[float | None, bool]]:
    """Call `first_success`; return the timeout of each call of a future's `result` here, and if it was done."""
    asked: list[tuple[float | None, bool]] = []
    known, caller = Future.result, threading.get_ident()

    def result(self: Future[Any], timeout: float | None = None) -> Any:
        if threading.get_ident() == caller:
            asked.append((timeout, self.done()))
        return known(self, timeout)

    Future.result = result  # type: ignore[method-assign]
    outcome(lambda: answer.first_success([job_of(row) for row in rows], timeout))
    return asked


def first_of_none(answer: ModuleType) -> dict[str, str]:
    """Return what is raised where there are no jobs, or how what is returned is written."""
    came = outcome(lambda: answer.first_success([], 1.0))
    return {"raised": came["raised"], "returned": repr(came["returned"])[:200]}


def meet(answer: ModuleType, count: int, patience: float) -> dict[str, Any]:
    """Let `count` jobs wait for each other: the last that comes returns at once, and so wins.

    Told is too how many had come when all were there, or when the first lost its patience.
    """
    barrier = threading.Barrier(count)
    came: list[int] = []
    there: list[int] = []

    def job() -> str:
        came.append(1)
        try:
            barrier.wait(patience)
        finally:
            there.append(len(came))
        return "all were there"

    told_of = outcome(lambda: answer.first_success([job] * count, 2 * patience))
    return told_of | {"came": there[0] if there else 0, "called": len(came)}


def one_after_the_other(answer: ModuleType, name: str, lists: list[list[Row]], second: float) -> dict[str, Any]:
    """Call the function of this name for the jobs of each list: the first as a tuple, the others as lists.

    Args:
        second: its second argument.

    Returns:
        "came": the outcomes; "kept": whether the lists are as they were; "grown": what of its defaults and of
        the module has more things in it than before; "left": the names of the threads that have not ended long after
        all jobs have.
    """
    call = getattr(answer, name)
    came, kept = [], True
    before = sizes(answer, name)
    for place, rows in enumerate(lists):
        jobs = [job_of(row) for row in rows]
        given = jobs.copy() if place else tuple(jobs)
        seen = outcome(lambda: call(given, second))  # noqa: B023 - called at once
        came.append(seen | (parts_of(seen["returned"]) if name == "gather" else {}))
        kept = kept and list(given) == jobs
    grown = [what for what, size in sizes(answer, name).items() if size > before.get(what, size)]
    time.sleep(second + max(row[2] for rows in lists for row in rows))
    left = [thread.name for thread in threading.enumerate() if thread is not threading.current_thread()]
    return {"came": came, "kept": kept, "grown": grown, "left": left}


def sizes(answer: ModuleType, name: str) -> dict[str, int]:
    """Return how much is in each list, dict or set of the module, and in each that is a default of this function."""
    function = getattr(answer, name)
    held = {f"`{key}` of the module": value for key, value in vars(answer).items() if not key.startswith("__")}
    if isinstance(function, FunctionType):
        taken = function.__code__.co_varnames[: function.__code__.co_argcount]
        defaults = function.__defaults__ or ()
        held |= {f"the default of `{key}`": value for key, value in zip(taken[::-1], defaults[::-1], strict=False)}
        held |= {f"the default of `{key}`": value for key, value in (function.__kwdefaults__ or {}).items()}
    return {what: len(value) for what, value in held.items() if type(value) in {list, dict, set}}


# --- gather


class Busy:
    """Counts how many jobs are under way, and which have ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self._caller = threading.get_ident()
        self.by_caller = 0
        self.most = 0
        self.last_began = 0.0
        self.begun: list[int] = []
        self.ended: list[int] = []

    def counted(self, row: Row) -> Callable[[], Any]:
        """Return the job of `row`, which is counted."""
        job = job_of(row)

        def count() -> Any:
            with self._lock:
                self.begun.append(row[1])
                self.by_caller += threading.get_ident() == self._caller
                self.last_began = time.monotonic()
                self._now += 1
                self.most = max(self.most, self._now)
            try:
                return job()
            finally:
                with self._lock:
                    self._now -= 1
                    self.ended.append(row[1])

        return count


def gathered(answer: ModuleType, rows: list[Row], workers: int) -> dict[str, Any]:
    """Return what `gather` gave for the jobs of `rows`, and what they had done when it returned."""
    busy, began = Busy(), time.monotonic()
    came = outcome(lambda: answer.gather([busy.counted(row) for row in rows], workers))
    came["last began"] = round(max(0.0, busy.last_began - began), 6)
    came |= {
        "begun": sorted(busy.begun),
        "ended": sorted(busy.ended),
        "at once": busy.most,
        "by the caller": busy.by_caller,
    }
    return came | parts_of(came.pop("returned"))


def parts_of(value: Any) -> dict[str, Any]:
    """Return the values and the exceptions of what `gather` returned, and whether it has the right shape."""
    shape = isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, list) for part in value)  # noqa: PLR2004 - a pair
    if not shape:
        return {"shape": repr(value)[:200], "values": [], "errors": []}
    values, errors = value
    told_errors = [told(error) if isinstance(error, BaseException) else repr(error) for error in errors]
    return {"shape": "", "values": [as_data(value) for value in values], "errors": told_errors}


def the_same_job(answer: ModuleType, count: int) -> dict[str, Any]:
    """Let `gather` do one and the same job `count` times; return the values, and how often it was called."""
    called: list[int] = []

    def job() -> str:
        called.append(1)
        return "done"

    came = outcome(lambda: answer.gather([job] * count, 2))
    return {"raised": came["raised"], "called": len(called)} | parts_of(came["returned"])


def gather_small(answer: ModuleType, kinds: list[str], workers: int) -> dict[str, Any]:
    """Return what `gather` gave for jobs that take no time: values and errors sorted, since all end at once."""
    rows = [(kind, number, 0.0) for number, kind in enumerate(kinds)]
    parts = parts_of(answer.gather([job_of(row) for row in rows], workers))
    return {"values": sorted(parts["values"], key=str), "errors": sorted(parts["errors"])}


def gather_after_a_short_one(answer: ModuleType, workers: int, count: int) -> int:
    """Return how many of `count` jobs of a second `gather` had under way at once, after a job that takes no time."""
    begun: list[float] = []

    def job() -> None:
        begun.append(time.monotonic())
        time.sleep(1.0)

    answer.gather([lambda: None, *[job] * count], workers)
    return max(sum(last - 1.0 < one <= last for one in begun) for last in begun)


def first_small(answer: ModuleType, kinds: list[str]) -> str:
    """Return what came of jobs that take no time, as text."""
    rows = [(kind, number, 0.0) for number, kind in enumerate(kinds)]
    came = outcome(lambda: answer.first_success([job_of(row) for row in rows], 60.0))
    return f"the value {came['returned']}" if came["raised"] == "nothing" else str(came["raised"])


def refused(answer: ModuleType) -> list[str]:
    """Return what comes of too few workers, with and without jobs."""
    jobs = [job_of(("gives", 1, 0.0))]
    calls = [lambda: answer.gather(jobs, 0), lambda: answer.gather(jobs, -1), lambda: answer.gather([], 0)]
    return [outcome(call)["raised"] for call in calls]
