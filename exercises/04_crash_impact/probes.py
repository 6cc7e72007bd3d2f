"""What runs beside the answer of kata 04: tasks, and what became of them as plain data."""

from __future__ import annotations

import inspect
import linecache
import multiprocessing.connection
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


KINDS: dict[str, type[Exception]] = {kind.__name__: kind for kind in (ValueError, KeyError, OSError, Unfit)}


def give(value: Any, seconds: float = 0.0) -> Any:
    """Return `value`, after a while."""
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
    """Raise an exception of that kind."""
    raise KINDS[kind](*texts)


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


def outcomes(answer: ModuleType, where: str, *tasks: list[Any]) -> dict[str, Any]:
    """Run tasks one after the other, each a function of this file and its arguments, and return what came."""
    run: Callable[[Any], Any] = getattr(answer, where)
    came = [_plain(run(partial(globals()[name], *args)), answer) for name, *args in tasks]
    return {"outcomes": came, "here": place()}


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
    """Tell whether what a task returns in a thread comes back as it is."""
    thing = lock()
    outcome = answer.run_in_thread(lambda: thing)
    return {"ok": outcome.ok, "same": outcome.value is thing, "error": outcome.error}


def _plain(outcome: Any, answer: ModuleType) -> dict[str, Any]:
    """Return the attributes of `outcome`; a note in the place of each if it is something else."""
    if isinstance(outcome, answer.Outcome):
        return {name: getattr(outcome, name) for name in ("ok", "value", "error")}
    return dict.fromkeys(("ok", "value", "error"), f"(this is no Outcome but {outcome!r})")
