"""What runs beside the answer of kata 04: tasks, and what became of them as plain data."""

from __future__ import annotations

import dataclasses
import inspect
import linecache
import multiprocessing
import multiprocessing.connection
import multiprocessing.process
import multiprocessing.queues
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any


class Unfit(Exception):
    """An exception that is no built-in one."""


class Gone(BaseException):
    """One that is no `Exception`, as SystemExit and KeyboardInterrupt are none."""


KINDS: dict[str, type[BaseException]] = {
    kind.__name__: kind for kind in (ValueError, KeyError, OSError, StopIteration, Unfit, Gone)
}


def give(value: Any, seconds: float = 0.0) -> Any:
    """Return `value`, after a while."""
    if seconds:
        time.sleep(seconds)
    return value


def long(size: int) -> str:
    """Return a long text."""
    return "x" * size


def an_exception() -> Exception:
    """Return an exception, and do not raise it."""
    return KeyError("a value like others")


def place() -> tuple[int, int]:
    """Return in which process and which thread this runs."""
    return os.getpid(), threading.get_ident()


def fail(kind: str, *texts: str) -> None:
    """Raise an exception of that kind; a group has one of another kind in it."""
    if kind == "ExceptionGroup":
        raise ExceptionGroup("several", [OSError(*texts)])
    raise KINDS[kind](*texts)


def linger(value: Any, seconds: float, code: int) -> Any:
    """Return `value`, and have a thread end this process with that exit code some seconds later."""

    def end() -> None:
        time.sleep(seconds)
        os._exit(code)

    threading.Thread(target=end).start()
    return value


def leave(*codes: int) -> None:
    """Raise SystemExit."""
    sys.exit(*codes)


def die(code: int) -> None:
    """End this process on the spot."""
    os._exit(code)


def kill(name: str) -> None:
    """End this process by a signal."""
    os.kill(os.getpid(), signal.Signals[name])
    time.sleep(60)


def lock() -> Any:
    """Return what cannot be pickled."""
    return threading.Lock()


def function() -> Any:
    """Return what cannot be pickled either."""
    return lambda: 1


def noted(notes: str, number: int, name: str, *args: Any) -> Any:
    """Write into the file `notes` who calls that task, then call it."""
    # One write to a file that is open for appending is one piece, whoever else writes.
    handle = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, f"{number} {os.getpid()} {threading.get_native_id()}\n".encode())
    os.close(handle)
    return globals()[name](*args)


def outcomes(answer: ModuleType, where: str, *tasks: list[Any]) -> dict[str, Any]:
    """Run tasks one after the other, each a function of this file and its arguments, and return what came.

    Also who has called each of them, as pid and native id of the thread (equal tasks have the same callers), and who of
    these is there 0.4 s afterwards.
    """
    run: Callable[[Any], Any] = getattr(answer, where)
    notes = os.path.abspath("notes.txt")  # noqa: PTH100 - a plain path travels best
    numbers = [tasks.index(task) for task in tasks]
    came = [
        _plain(run(partial(noted, notes, number, *task)), answer) for number, task in zip(numbers, tasks, strict=True)
    ]
    with open(notes, "a+", encoding="ascii") as file:  # noqa: PTH123 - as above
        file.seek(0)
        calls = [tuple(map(int, row.split())) for row in file]
    callers = [[(pid, thread) for number, pid, thread in calls if number == each] for each in numbers]
    latest = time.monotonic() + 0.4
    while (left := [(pid, thread) for _, pid, thread in calls if _lives(pid, thread)]) and time.monotonic() < latest:
        time.sleep(0.02)
    return {"outcomes": came, "here": place(), "callers": callers, "left": left}


def _fails_at_first(notes: str) -> str:
    """Raise ValueError when it is called first, and return a text after that."""
    handle = os.open(notes, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    first = not os.read(handle, 1)
    os.write(handle, b"called\n")
    os.close(handle)
    if first:
        raise ValueError("no")
    return "of a later call"


def after_a_failure(answer: ModuleType, where: str) -> dict[str, Any]:
    """Run a task that raises at its first call only, and return what came."""
    return _plain(getattr(answer, where)(partial(_fails_at_first, os.path.abspath("first.txt"))), answer)  # noqa: PTH100


def joins_called(answer: ModuleType) -> dict[str, Any]:
    """Call `run_in_process` twice.

    Returns:
        The timeouts of each join() of a process (None: without one), and how many processes the tasks ran in.
    """
    joins: list[Any] = []
    join = multiprocessing.process.BaseProcess.join

    def noted(self: Any, timeout: Any = None) -> None:
        joins.append(timeout)
        join(self, timeout)

    multiprocessing.process.BaseProcess.join = noted  # type: ignore[method-assign]
    pids = {repr(answer.run_in_process(os.getpid).value) for _ in range(2)}
    return {"joins": joins, "processes": len(pids)}


def two_at_once(answer: ModuleType) -> dict[str, Any]:
    """Have two threads call `run_in_thread`, with a task that returns and one that raises ValueError.

    Returns:
        For each what came: the value, "ValueError" where its Outcome tells of that, and what `run_in_thread` raised.
    """
    tasks = {"a": partial(give, "a"), "b": partial(fail, "ValueError", "no")}
    came: dict[str, Any] = {}

    def call(name: str) -> None:
        try:
            outcome = _plain(answer.run_in_thread(tasks[name]), answer)
        except Exception as error:  # noqa: BLE001 - the check tells of it
            came[name] = f"run_in_thread raised {type(error).__name__}"
        else:
            told = outcome["error"]
            came[name] = outcome["value"] if outcome["ok"] else "ValueError" if "ValueError" in str(told) else told

    callers = [threading.Thread(target=call, args=(name,)) for name in tasks]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return came


def _lives(pid: int, thread: int) -> bool:
    """Tell whether that process is there; or, if it is this one, whether that thread is, the calling one aside."""
    if pid == os.getpid():
        others = [each for each in threading.enumerate() if each is not threading.current_thread()]
        return thread in [each.native_id for each in others]
    multiprocessing.active_children()  # which takes notice of those that have ended
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass  # somebody has waited for it, or it is a grandchild
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def calls_in_calls(answer: ModuleType, seconds: float) -> dict[str, Any]:
    """Have two threads call `run_in_thread` at once, with tasks that call it, too, with a task that takes `seconds`."""
    came: dict[str, Any] = {}

    def call(name: str) -> None:
        inner: Callable[[], Any] = lambda: answer.run_in_thread(partial(give, name, seconds)).value  # noqa: E731
        came[name] = _plain(answer.run_in_thread(lambda: [inner()]), answer)

    callers = [threading.Thread(target=call, args=(name,)) for name in ("a", "b")]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return came


def after_ages(answer: ModuleType, seconds: float) -> dict[str, Any]:
    """Return what came of a task that takes `seconds`, in a thread."""
    return _plain(answer.run_in_thread(partial(give, "late", seconds)), answer)


def with_short_timeouts(answer: ModuleType, seconds: float, times: float) -> dict[str, Any]:
    """Return what came of a task that takes `seconds`, in a process, while each timeout is so many `times` shorter.

    All waits for a message or for the end of a process go through `multiprocessing.connection.wait`, those for a future
    or a `queue.Queue` through a Condition.
    """
    wait_for_one, wait = multiprocessing.connection.wait, threading.Condition.wait

    def shorter(timeout: float | None) -> float | None:
        return timeout / times if timeout else timeout

    def connection_wait(objects: Any, timeout: float | None = None) -> Any:
        return wait_for_one(objects, shorter(timeout))

    multiprocessing.connection.wait = connection_wait
    setattr(threading.Condition, "wait", lambda one, timeout=None: wait(one, shorter(timeout)))  # noqa: B010
    return _plain(answer.run_in_process(partial(give, "late", seconds)), answer)


def text_of_line(answer: ModuleType, line: int) -> str:
    """Return that line of the answer's file."""
    return linecache.getline(str(answer.__file__), line).strip()


def messages_of(answer: ModuleType, task: list[Any]) -> list[tuple[str, int, str]]:
    """Call `run_in_process` and tell what came by each call of a queue's `get` and a pipe's `recv` in its file.

    Returns:
        For each call its name, its line, and what came; the same twice in a row is told once.
    """
    came: list[tuple[str, int, str]] = []

    def noted(method: Callable[..., Any], call: str) -> Callable[..., Any]:
        def receive(*args: Any, **kwargs: Any) -> Any:
            asker: Any = inspect.currentframe().f_back  # type: ignore[union-attr]
            gave = "did not return"
            try:
                message = method(*args, **kwargs)
                gave = f"gave {message!r}"[:100]
            except BaseException as error:
                gave = f"raised {type(error).__name__}"
                raise
            finally:
                seen = (call, asker.f_lineno, gave)
                if asker.f_code.co_filename == answer.__file__ and came[-1:] != [seen]:
                    came.append(seen)
            return message

        return receive

    queues = multiprocessing.queues
    for holder, name in (
        (queues.Queue, "get"),
        (queues.SimpleQueue, "get"),
        (multiprocessing.connection.Connection, "recv"),
    ):
        setattr(holder, name, noted(getattr(holder, name), f"{holder.__name__}.{name}()"))
    name, *args = task
    answer.run_in_process(partial(globals()[name], *args))
    return came


def the_very_object(answer: ModuleType) -> dict[str, Any]:
    """Tell whether what a task returns in a thread, a lock and a list, comes back as it is; and of `Outcome` itself."""
    seen = []
    for thing in (lock(), ["a list"]):
        outcome = answer.run_in_thread(lambda thing=thing: thing)
        seen.append({"ok": outcome.ok, "same": outcome.value is thing, "error": outcome.error})
    kind: Any = type(outcome)
    params: Any = getattr(kind, "__dataclass_params__", None)
    frozen = params is not None and params.frozen
    fields = [field.name for field in dataclasses.fields(kind)] if frozen else []
    return {"things": seen, "fields": fields}


def _plain(outcome: Any, answer: ModuleType) -> dict[str, Any]:
    """Return the attributes of `outcome`; a note in the place of each if it is something else."""
    if isinstance(outcome, answer.Outcome):
        return {name: getattr(outcome, name) for name in ("ok", "value", "error")}
    return dict.fromkeys(("ok", "value", "error"), f"(this is no Outcome but {outcome!r})")
