"""What runs beside the answer of kata 16."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any

Log = Callable[[str], str]
Work = Callable[[Log], str]


class Desk:
    """Sees who does which work, and how many at once.

    Args:
        answer: whose `log` the works call at their end, as a function far down would do, which is handed nothing.
    """

    def __init__(self, answer: ModuleType) -> None:
        self._answer = answer
        self._lock = threading.Lock()
        self._caller = threading.get_ident()
        self._now = 0
        self.most = 0
        self.by_caller = 0
        self.called: dict[str, int] = {}
        self.handed: list[str] = []

    def work(self, name: str, seconds: float) -> Work:
        """Return the work of the request `name`: it logs, waits, and logs again."""
        self.called[name] = 0

        def work(log: Log) -> str:
            with self._lock:
                self.called[name] += 1
                self._now += 1
                self.most = max(self.most, self._now)
                self.by_caller += threading.get_ident() == self._caller
            try:
                first = log("begins")
                self.handed.append(first)
                time.sleep(seconds)
                return f"{first}, {self._answer.log('ends')}"
            finally:
                with self._lock:
                    self._now -= 1

        return work

    def seen(self) -> dict[str, Any]:
        """Return what was seen."""
        return {
            "at once": self.most,
            "done by the caller": self.by_caller,
            "called": self.called,
            "handed": self.handed,
        }


def outcome(call: Callable[[], Any]) -> dict[str, Any]:
    """Return what `call` returned or raised."""
    try:
        return {"strings": call(), "raised": ""}
    except Exception as error:  # noqa: BLE001 - what comes is told
        return {"strings": None, "raised": in_words(error)}


def in_words(error: Exception) -> str:
    """Return the type of an exception, and its text, where that is no address of a variable."""
    return type(error).__name__ if isinstance(error, LookupError) else f"{type(error).__name__}: {error}"


def with_value(answer: ModuleType, value: str | None, call: Callable[[], Any]) -> dict[str, Any]:
    """Make `call` where `request_id` is `value` (not set, if None), and tell what it is afterwards, too."""

    def inside() -> dict[str, Any]:
        if value is not None:
            answer.request_id.set(value)
        return outcome(call) | {"caller's value": answer.request_id.get(None)}

    return contextvars.Context().run(inside)


def handled(answer: ModuleType, rows: list[tuple[str, float]], workers: int, value: str | None) -> dict[str, Any]:
    """Have the requests of `rows` handled, each a name and the seconds that its work takes."""
    desk = Desk(answer)
    requests = [(name, desk.work(name, seconds)) for name, seconds in rows]
    return with_value(answer, value, lambda: answer.handle_all(requests, workers)) | desk.seen()


def handled_async(answer: ModuleType, rows: list[tuple[str, float]], value: str | None) -> dict[str, Any]:
    """Have them handled from a coroutine; the caller's value is the one that this coroutine sees."""
    desk = Desk(answer)
    requests = [(name, desk.work(name, seconds)) for name, seconds in rows]

    async def main() -> dict[str, Any]:
        if value is not None:
            answer.request_id.set(value)
        try:
            came = {"strings": await answer.handle_all_async(requests), "raised": ""}
        except Exception as error:  # noqa: BLE001 - what comes is told
            came = {"strings": None, "raised": in_words(error)}
        return came | {"caller's value": answer.request_id.get(None)}

    return contextvars.Context().run(asyncio.run, main()) | desk.seen()


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
    requests = [(name, desk.work(name, seconds)) for name, seconds in rows]

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
        self.carried: list[tuple[str, str]] = []

    def look(self, *_event: object) -> None:
        """Note what is set in the present thread; this is a profile function."""
        if (seen := self._since.get(threading.get_ident())) is not None:
            seen.add(self._answer.request_id.get(None))

    def work(self, name: str) -> Work:
        """Return a work of that name."""

        def work(log: Log) -> str:
            me = threading.get_ident()
            # Only the last name and this one were ever set here: nobody has put it away between the two. Of a thread
            # that could not be looked at nothing is known.
            seen, last = self._since.pop(me, set()), self._last.get(me, "")
            if last in seen and seen <= {last, name}:
                self.carried.append((last, name))
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
    return came | {"carried": eye.carried}


def refused(answer: ModuleType) -> list[str]:
    """Return what comes of too few workers, with and without requests."""
    requests = [("a", lambda log: log("x"))]
    calls = [lambda: answer.handle_all(requests, 0), lambda: answer.handle_all(requests, -3)]
    calls.append(lambda: answer.handle_all([], 0))
    return [outcome(call)["raised"].partition(":")[0] for call in calls]
