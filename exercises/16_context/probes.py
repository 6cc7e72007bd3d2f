"""What runs beside the answer of kata 16."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any

from grader.inside.register import Register

UNSET = object()
TICK = 0.1
"""Seconds after which a loop that is not held up does something else."""
Log = Callable[[str], str]
Work = Callable[[Log], str]


class Desk:
    """Sees who does which work, and how many at once.

    Args:
        answer: whose `log` the works call at their end, as a function far down would do, which is handed nothing.
        address: of the judge's register, where works meet; "" if they don't.
        together: how many of them.
    """

    def __init__(self, answer: ModuleType, address: str = "", together: int = 0) -> None:
        self._answer = answer
        self._register = Register(address) if address else None
        self._together = together
        self._lock = threading.Lock()
        self._caller = threading.get_ident()
        self._now = 0
        self.most = 0
        self.by_caller = 0
        self.called: list[int] = []
        self.threads: list[threading.Thread] = []
        self.ended: list[int] = []
        self.handed: list[str] = []
        self.in_context: list[tuple[str, Any]] = []

    def work(self, name: str, seconds: float) -> Work:
        """Return the work of the next request, of this `name`: it logs, waits, and logs again."""
        place = len(self.called)
        self.called.append(0)

        def work(log: Log) -> str:
            with self._lock:
                self.called[place] += 1
                self._now += 1
                self.most = max(self.most, self._now)
                self.by_caller += threading.get_ident() == self._caller
                if threading.current_thread() not in self.threads:
                    self.threads.append(threading.current_thread())
                self.in_context.append((name, set_here(self._answer)))
            try:
                first = log(f"begins {place + 1}")
                self.handed.append(first)
                if self._register is not None:
                    self._register.meet("at work", self._together)
                time.sleep(seconds)
                return f"{first}, {self._answer.log('ends')}"
            finally:
                with self._lock:
                    self._now -= 1
                    self.ended.append(place)

        return work

    def requests(self, rows: list[tuple[str, float]]) -> list[tuple[str, Work]]:
        """Return a request for each of `rows`, a name and the seconds that its work takes."""
        return [(name, self.work(name, seconds)) for name, seconds in rows]

    def seen(self) -> dict[str, Any]:
        """Return what was seen."""
        return {
            "at once": self.most,
            "done by the caller": self.by_caller,
            "called": self.called,
            "threads": len(self.threads),
            "ended": self.ended,
            "handed": self.handed,
            "in context": self.in_context,
        }


def value_of(answer: ModuleType) -> Any:
    """Return what `request_id` is; None if it is not set, and a text if it is set to None."""
    value = answer.request_id.get(UNSET)
    return None if value is UNSET else "None, a value" if value is None else value


def set_here(answer: ModuleType) -> Any:
    """Return what the variable `request_id` is in the present context; None also where it is no ContextVar."""
    found = [value for variable, value in contextvars.copy_context().items() if variable is answer.request_id]
    return found[0] if found else None


def outcome(call: Callable[[], Any]) -> dict[str, Any]:
    """Return what `call` returned or raised."""
    try:
        return {"raised": ""} | returned(call())
    except Exception as error:  # noqa: BLE001 - what comes is told
        return {"strings": None, "type": "", "raised": in_words(error)}


def returned(value: Any) -> dict[str, Any]:
    """Return what was returned, and of which type it is, as what is no list may be nothing that can be told."""
    return {"strings": value, "type": type(value).__name__}


def in_words(error: Exception) -> str:
    """Return the type of an exception, and its text, where that is no address of a variable."""
    return type(error).__name__ if isinstance(error, LookupError) else f"{type(error).__name__}: {error}"


def with_value(answer: ModuleType, value: str | None, call: Callable[[], Any]) -> dict[str, Any]:
    """Make `call` where `request_id` is `value` (not set, if None), and tell what it is afterwards, too."""

    def inside() -> dict[str, Any]:
        if value is not None:
            answer.request_id.set(value)
        return outcome(call) | {"caller's value": value_of(answer)}

    return contextvars.Context().run(inside)


def handled(
    answer: ModuleType, rows: list[tuple[str, float]], workers: int, value: str | None, address: str = ""
) -> dict[str, Any]:
    """Have the requests of `rows` handled, each a name and the seconds that its work takes.

    With an `address` as many works as there are `workers` meet at the judge.
    """
    desk = Desk(answer, address, workers)
    requests = desk.requests(rows)
    return with_value(answer, value, lambda: answer.handle_all(requests, workers)) | desk.seen()


def handled_async(
    answer: ModuleType, rows: list[tuple[str, float]], value: str | None, address: str = "", together: int = 0
) -> dict[str, Any]:
    """Have them handled from a coroutine; the caller's value is the one that this coroutine sees.

    With an `address` so many works meet at the judge.
    """
    desk = Desk(answer, address, together)
    requests = desk.requests(rows)

    async def main() -> dict[str, Any]:
        if value is not None:
            answer.request_id.set(value)
        watch = LoopWatch()
        try:
            came = {"raised": ""} | returned(await answer.handle_all_async(requests))
        except Exception as error:  # noqa: BLE001 - what comes is told
            came = {"strings": None, "type": "", "raised": in_words(error)}
        return came | watch.seen() | {"caller's value": value_of(answer)}

    return contextvars.Context().run(asyncio.run, main()) | desk.seen()


class LoopWatch:
    """Sees when `asyncio.to_thread` is called in the present loop, and how long the loop stands still."""

    def __init__(self) -> None:
        self._loop: Any = asyncio.get_running_loop()
        self._start = self._last = self._loop.time()
        self._still = 0.0
        self._handed: list[float] = []
        self._hand_over = self._loop.run_in_executor
        self._loop.run_in_executor = self._noting
        self._ticks = self._loop.create_task(self._tick())

    def _noting(self, *args: Any, **kwargs: Any) -> Any:
        if sys._getframe(1).f_code is asyncio.to_thread.__code__:  # noqa: SLF001 - it is this that to_thread calls
            self._handed.append(self._loop.time() - self._start)
        return self._hand_over(*args, **kwargs)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._look()

    def _look(self) -> None:
        now = self._loop.time()
        self._still = max(self._still, now - self._last)
        self._last = now

    def seen(self) -> dict[str, Any]:
        """Return what was seen, and look no more."""
        self._look()
        self._ticks.cancel()
        return {"handed over at": self._handed, "stood still": self._still}


def of_any_text(answer: ModuleType, names: list[str], texts: list[str], workers: int) -> dict[str, Any]:
    """Have requests, a tuple of them, handled twice, whose works return these `texts`.

    Args:
        workers: 0 to have them handled from a coroutine.
    """
    called = [0] * len(names)
    logged: list[tuple[str, str]] = []

    def work(place: int, log: Log) -> str:
        called[place] += 1
        logged.append((names[place], log("x")))
        return texts[place]

    requests = tuple((name, functools.partial(work, place)) for place, name in enumerate(names))

    def handle() -> Any:
        return answer.handle_all(requests, workers) if workers else asyncio.run(answer.handle_all_async(requests))

    first = contextvars.Context().run(outcome, handle)
    second = contextvars.Context().run(outcome, handle)
    return first | {"again": second["strings"], "called": called, "logged": logged}


def handled_small(answer: ModuleType, names: list[str], workers: int) -> list[Any]:
    """Have requests handled that take no time; return the strings, and what the caller's value is afterwards."""
    came = with_value(
        answer, "caller", lambda: answer.handle_all([(name, lambda log: log("x")) for name in names], workers)
    )
    return [came["strings"], came["raised"], came["caller's value"]]


def settings(answer: ModuleType, rows: list[tuple[str, float]], workers: int) -> dict[str, list[str]]:
    """Return who calls `request_id.set` while `rows` are handled, and for each call the name of its thread.

    Args:
        workers: 0 to have them handled from a coroutine.
    """
    desk = Desk(answer)
    calls: dict[str, list[str]] = {}
    requests = desk.requests(rows)

    def note(frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and function.__name__ == "set" and function.__self__ is answer.request_id:
            own = frame.f_code.co_filename == answer.__file__
            caller = f"{frame.f_code.co_name}, line {frame.f_lineno}" if own else "code that is not yours"
            calls.setdefault(caller, []).append(threading.current_thread().name)

    before = sys.getprofile()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        if workers:
            contextvars.Context().run(outcome, lambda: answer.handle_all(requests, workers))
        else:
            contextvars.Context().run(outcome, lambda: asyncio.run(answer.handle_all_async(requests)))
    finally:
        sys.setprofile(before)
        threading.setprofile(None)
    return calls


class Eye:
    """Looks, in each thread, at what `request_id` is between two works: at each call and return there.

    Args:
        answer: whose `request_id`.
    """

    def __init__(self, answer: ModuleType) -> None:
        self._answer = answer
        self._last: dict[int, str] = {}
        self._since: dict[int, set[str | None]] = {}
        self.carried: list[tuple[str, str, list[str]]] = []
        self.called: dict[str, int] = {}

    def look(self, *_event: object) -> None:
        """Note what is set in the present thread; this is a profile function."""
        if (seen := self._since.get(threading.get_ident())) is not None:
            seen.add(value_of(self._answer))

    def work(self, name: str) -> Work:
        """Return a work of that name."""

        def work(log: Log) -> str:
            me = threading.get_ident()
            self.called[name] = self.called.get(name, 0) + 1
            # Always something was set here between the two. Of a thread that could not be looked at nothing is known.
            seen, last = self._since.pop(me, set()), self._last.get(me, "")
            if last in seen and None not in seen:
                self.carried.append((last, name, sorted(str(value) for value in seen - {last, name})))
            told = log("x")
            self._last[me], self._since[me] = name, set()
            return told

        return work


def carried(answer: ModuleType, names: list[str]) -> dict[str, Any]:
    """Have requests handled by one worker; return what was still set in its thread when the next one began."""
    eye = Eye(answer)
    threading.setprofile(eye.look)
    try:
        came = with_value(answer, None, lambda: answer.handle_all([(name, eye.work(name)) for name in names], 1))
    finally:
        threading.setprofile(None)
    return came | {"carried": eye.carried, "called": eye.called}


def refused(answer: ModuleType) -> list[str]:
    """Return what comes of too few workers, with and without requests."""
    requests = [("a", lambda log: log("x"))]
    calls = [lambda: answer.handle_all(requests, 0), lambda: answer.handle_all(requests, -3)]
    calls.append(lambda: answer.handle_all([], 0))
    return [outcome(call)["raised"].partition(":")[0] for call in calls]
