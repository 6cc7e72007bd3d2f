"""What runs beside the answer of kata 12."""

from __future__ import annotations

import ast
import functools
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from grader.inside.register import Register

Row = tuple[str, int, float]
"""What a task or thread does, its number, the seconds before that.

It does one of "gives", "gives an error", "raises", "exits" and "interrupts".
"""


class Trouble(Exception):
    """What a task raises: it has a number."""


ENDS: dict[str, type[BaseException]] = {"exits": SystemExit, "interrupts": KeyboardInterrupt}
"""What kinds of rows raise that is no `Exception`."""


class Log:
    """What tasks did, as told by the tasks themselves; a lock that is nobody else's keeps the counts right."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.at_once = 0
        self.by_caller = 0
        self.daemons: list[int] = []
        self._caller = threading.get_ident()

    @contextmanager
    def task(self, number: int) -> Iterator[None]:
        """Note when task `number` begins and ends."""
        with self._lock:
            self.begun.append(number)
            self.by_caller += threading.get_ident() == self._caller
            if threading.current_thread().daemon:
                self.daemons.append(number)
            self.at_once = max(self.at_once, len(self.begun) - len(self.ended))
        try:
            yield
        finally:
            with self._lock:
                self.ended.append(number)


def body_of(
    row: Row, made: dict[int, BaseException], log: Log | None = None, meet: Callable[[], object] = lambda: None
) -> Callable[[], Any]:
    """Return a function that calls `meet` and does what `row` says; the exceptions that it makes go to `made`."""
    kind, number, seconds = row

    def act() -> Any:
        if seconds:
            time.sleep(seconds)
        if kind == "gives":
            return number
        made[number] = ENDS.get(kind, Trouble)(number)
        if kind == "gives an error":
            return made[number]
        raise made[number]

    def act_and_log() -> Any:
        assert log is not None
        with log.task(number):
            meet()
            return act()

    return act if log is None else act_and_log


def name_of(error: object, made: dict[int, BaseException]) -> str:
    """Return which of the exceptions that were `made` this is: the very one, not one that is like it."""
    number = next((number for number, one in made.items() if one is error), None)
    if number is not None:
        return f"error {number}"
    return repr(error) if isinstance(error, BaseException) else type(error).__name__


def parts_of(error: BaseException | None, made: dict[int, BaseException]) -> list[str]:
    """Return the names of what a group holds; of what is no group, its own."""
    if error is None:
        return []
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
    return [name_of(part, made) for part in parts]


def told(error: BaseException | None) -> str:
    """Return what came, in a word: the exception's type, or that there was none."""
    if error is None:
        return "nothing"
    return "ExceptionGroup" if isinstance(error, ExceptionGroup) else type(error).__name__


# --- run_all


def run(answer: ModuleType, rows: list[Row], workers: int, address: str = "") -> dict[str, Any]:
    """Have `run_all` do the tasks of `rows`, and return what came of it; with an `address` tasks meet at the judge."""
    made: dict[int, BaseException] = {}
    log = Log()
    values, error = None, None
    register = Register(address) if address else None

    def meet() -> None:
        if register is not None:
            register.meet("at work", workers)

    began = time.monotonic()
    try:
        values = answer.run_all([body_of(row, made, log, meet) for row in rows], workers)
    except BaseException as problem:  # noqa: BLE001 - a SystemExit is one of the things that may come
        error = problem
    return {
        "raised": told(error),
        "values": [name_of(one, made) if isinstance(one, BaseException) else one for one in values]
        if isinstance(values, list)
        else repr(values),
        "errors": parts_of(error, made),
        "begun": sorted(log.begun),
        "ended": sorted(log.ended),
        "at once": log.at_once,
        "by the caller": log.by_caller,
        "by daemons": sorted(log.daemons),
        "seconds": round(time.monotonic() - began, 6),
    }


def calls_marked(answer: ModuleType, rows: list[Row], workers: int) -> Any:
    """Return what `run_all` returns where ``start()`` and ``join()`` return their names instead of None."""
    before = threading.Thread.start, threading.Thread.join

    def marked(call: Callable[..., None], mark: str) -> Callable[..., str]:
        def stand_in(self: threading.Thread, *args: Any, **named: Any) -> str:
            call(self, *args, **named)
            return mark

        return stand_in

    threading.Thread.start = marked(before[0], "start()")  # type: ignore[method-assign, assignment]
    threading.Thread.join = marked(before[1], "join()")  # type: ignore[method-assign, assignment]
    try:
        return answer.run_all([body_of(row, {}) for row in rows], workers)
    finally:
        threading.Thread.start, threading.Thread.join = before  # type: ignore[method-assign]


def put_in(kind: type, name: str, note: Callable[..., object]) -> tuple[type, str, Any]:
    """Have `note` called with each call of a method, before it (of a Future), or after one that raised nothing."""
    original = getattr(kind, name)

    @functools.wraps(original)
    def noted(self: Any, *args: Any, **named: Any) -> Any:
        if kind is Future:
            note(self, *args)
            return original(self, *args, **named)
        original(self, *args, **named)
        return note()

    setattr(kind, name, noted)
    return kind, name, original


def where_errors_stay(answer: ModuleType, rows: list[Row], workers: int) -> dict[str, Any]:
    """Return which of the tasks' errors ended a thread and which are in a future, and what was done to hear of them."""
    made: dict[int, BaseException] = {}
    ended: list[str] = []
    kept: dict[Future[Any], str] = {}
    asked: set[Future[Any]] = set()
    lines: set[int] = set()
    hook = threading.excepthook

    def note_line() -> None:
        frame = sys._getframe(2)  # noqa: SLF001 - who called start or join
        if frame.f_code.co_filename == answer.__file__:
            lines.add(frame.f_lineno)

    put = [
        put_in(threading.Thread, "start", note_line),
        put_in(threading.Thread, "join", note_line),
        put_in(Future, "set_exception", lambda future, error: kept.update({future: name_of(error, made)})),
        put_in(Future, "result", lambda future, *_: asked.add(future)),
        put_in(Future, "exception", lambda future, *_: asked.add(future)),
    ]
    threading.excepthook = lambda args: ended.append(name_of(args.exc_value, made))
    try:
        answer.run_all([body_of(row, made) for row in rows], workers)
    finally:
        threading.excepthook = hook
        for kind, name, original in put:
            setattr(kind, name, original)
    return {
        "ended a thread": sorted(ended),
        "in a future": sorted(kept.values()),
        "futures asked": len(asked & set(kept)),
        "lines in a try": sorted(lines & lines_in_a_try(answer)),
    }


def lines_in_a_try(answer: ModuleType) -> set[int]:
    """Return the numbers of the lines that an ``except`` of the answer guards."""
    tree = ast.parse(Path(str(answer.__file__)).read_text(encoding="utf-8"))
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and node.handlers
        for part in node.body
        for line in range(part.lineno, (part.end_lineno or part.lineno) + 1)
    }


def gives(number: int) -> Callable[[], int]:
    """Return a task that returns `number`; nothing that it does could meet what another does."""
    return lambda: number


def raises(error: Exception) -> Callable[[], Any]:
    """Return a task that raises `error`, likewise."""

    def task() -> Any:
        raise error

    return task


def run_small(answer: ModuleType, kinds: list[str], workers: int) -> list[Any]:
    """Have `run_all` do tasks that take no time; return what it raised, and the values or errors."""
    made: dict[int, BaseException] = {}
    tasks: list[Callable[[], Any]] = []
    for number, kind in enumerate(kinds):
        made[number] = error = Trouble(number)
        tasks.append(gives(number) if kind == "gives" else raises(error))
    try:
        values = answer.run_all(tasks, workers)
    except ExceptionGroup as group:
        return ["ExceptionGroup", parts_of(group, made)]
    return ["nothing", values]


def run_after_a_short_one(answer: ModuleType, workers: int, count: int) -> int:
    """Return how many of `count` tasks of a second `run_all` had under way at once, after a task that takes no time."""
    begun: list[float] = []

    def task() -> None:
        begun.append(time.monotonic())
        time.sleep(1.0)

    answer.run_all([lambda: None, *[task] * count], workers)
    return max(sum(last - 1.0 < one <= last for one in begun) for last in begun)


def refused(answer: ModuleType) -> list[str]:
    """Return what comes of too few workers, with and without tasks."""
    seen = []
    for tasks, workers in (([int], 0), ([int, int], -2), ([], 0)):
        try:
            answer.run_all(tasks, workers)
        except ValueError:
            seen.append("ValueError")
        else:
            seen.append("nothing")
    return seen


# --- watch_threads


class Hook:
    """A `threading.excepthook` that was there before; in its place as long as it is entered."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.changed: list[str] = []

    def __call__(self, args: Any) -> None:
        """Take the exception, and say nothing."""
        if isinstance(args.exc_value, Trouble):
            self.seen.append(f"error {args.exc_value}")

    def __enter__(self) -> Self:
        """Become the hook."""
        self._before = threading.excepthook, sys.excepthook
        self._thread = threading.Thread
        self._in_block: Any = self
        threading.excepthook = self
        return self

    def look(self) -> None:
        """Note what the block has put in the place of another; call this in the block."""
        self._in_block = threading.excepthook
        now = {
            "threading.excepthook": threading.excepthook is self,
            "sys.excepthook": sys.excepthook is self._before[1],
            "threading.Thread": threading.Thread is self._thread,
        }
        self.changed = [name for name, same in now.items() if not same]

    def __exit__(self, *_error: object) -> None:
        """Put back what was there."""
        threading.excepthook, sys.excepthook = self._before

    @property
    def now(self) -> str:
        """Which hook there is now: "as before", if it is this one."""
        if threading.excepthook is self:
            return "as before"
        if threading.excepthook is threading.__excepthook__:
            return "threading.__excepthook__, the one that Python begins with"
        return "still the one of the block" if threading.excepthook == self._in_block else "another one"


def start(body: Callable[[], object]) -> threading.Thread:
    """Start a thread that runs `body`."""
    thread = threading.Thread(target=body)
    thread.start()
    return thread


def join(threads: list[threading.Thread]) -> None:
    """Wait until all have ended."""
    for thread in threads:
        thread.join()


def watch(answer: ModuleType, before: list[Row], inside: list[Row]) -> dict[str, Any]:
    """Let threads end in the block, of which some are started before it; return what was raised at its end."""
    made: dict[int, BaseException] = {}
    gate = threading.Event()
    error = None

    def later(body: Callable[[], object]) -> Callable[[], object]:
        return lambda: (gate.wait(), body())

    with Hook() as hook:
        threads = [start(later(body_of(row, made))) for row in before]
        try:
            with answer.watch_threads():
                hook.look()
                gate.set()
                threads += [start(body_of(row, made)) for row in inside]
                join(threads)
        except BaseException as problem:  # noqa: BLE001 - whatever comes is told
            error = problem
        gate.set()
        join(threads)
        return {
            "raised": told(error),
            "errors": sorted(parts_of(error, made)),
            "caught by except*": sorted(caught_by_star(error, made)),
            "changed": hook.changed,
            "hook": hook.now,
        }


def watch_in_an_except(answer: ModuleType, inside: list[Row]) -> dict[str, Any]:
    """Do as `watch`, while an exception that came before is being handled."""
    try:
        raise ZeroDivisionError  # noqa: TRY301 - that it is being handled is the point
    except ZeroDivisionError:
        return watch(answer, [], inside)


def caught_by_star(error: BaseException | None, made: dict[int, BaseException]) -> list[str]:
    """Return what an ``except* Trouble`` catches of `error`."""
    if not isinstance(error, ExceptionGroup):
        return []
    caught: list[str] = []
    try:
        raise error
    except* Trouble as group:
        caught += parts_of(group, made)
    return caught


def watch_while_one_runs_on(answer: ModuleType, seconds: float) -> dict[str, Any]:
    """Leave a block while a thread still runs, which raises when `seconds` have passed."""
    made: dict[int, BaseException] = {}
    began = time.monotonic()
    error = None
    with Hook() as hook:
        thread = None
        try:
            with answer.watch_threads():
                hook.look()
                thread = start(body_of(("raises", 1, seconds), made))
        except BaseException as problem:  # noqa: BLE001 - whatever comes is told
            error = problem
        took = round(time.monotonic() - began, 6)
        afterwards = hook.now
        join([thread] if thread is not None else [])
        return {"raised": told(error), "seconds": took, "hook": afterwards, "told to that hook": hook.seen}


def watch_a_body_that_raises(answer: ModuleType, rows: list[Row], kind: str) -> dict[str, Any]:
    """Raise `kind` in the block, in an ``except``, when the threads of `rows` have ended; return what came out."""
    made: dict[int, BaseException] = {}
    own = {"LookupError": LookupError, "SystemExit": SystemExit}[kind]("of the block")
    older = ZeroDivisionError("came before it")
    came: BaseException | None = None
    with Hook() as hook:
        try:
            with answer.watch_threads():
                hook.look()
                join([start(body_of(row, made)) for row in rows])
                try:
                    raise older
                except ZeroDivisionError:
                    raise own from None
        except BaseException as problem:  # noqa: BLE001 - whatever comes is told
            came = problem
        chain = list(contexts(came))
        return {
            "came out": "the block's own exception" if came is own else told(came),
            "the block's own is in its __context__": any(one is own for one in chain),
            "raised in line": next(
                (
                    frame.lineno
                    for frame in reversed(traceback.extract_tb(came.__traceback__ if came is not None else None))
                    if frame.filename == answer.__file__
                ),
                0,
            ),
            "what it was in before": any(one is older for one in chain),
            "group in its __context__": sorted(
                name for one in chain if isinstance(one, ExceptionGroup) for name in parts_of(one, made)
            ),
            "hook": hook.now,
        }


def contexts(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the chain of `__context__` after `error`."""
    seen: list[BaseException] = []
    while error is not None and error.__context__ is not None and error not in seen:
        seen.append(error)
        error = error.__context__
        yield error


def watch_small(answer: ModuleType) -> list[str]:
    """Let two threads die in a block; return what was raised at its end."""
    made: dict[int, BaseException] = {number: Trouble(number) for number in (1, 2)}
    bodies = [raises(error) for error in made.values() if isinstance(error, Trouble)]
    try:
        with answer.watch_threads():
            join([start(body) for body in bodies])
    except ExceptionGroup as group:
        return sorted(parts_of(group, made))
    return []
