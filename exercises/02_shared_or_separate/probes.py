"""What runs beside the answer of kata 02: lists that tell who changed them, and items that tell who sent them."""

from __future__ import annotations

import inspect
import multiprocessing
import multiprocessing.util
import os
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

changed_by: list[tuple[int, str, bool, str]] = []
"""Who in this process changed a `Watched` list: thread, method, whether within a call of `run`, the thread's class."""


class Watched(list[Any]):
    """A list that takes `pause` seconds to change, and notes who changes it. A copy of it may be sent to a process."""

    pause = 0.0

    def __reduce__(self) -> Any:
        return watched, (list(self), self.pause)


ends_slowly: list[float] = []
"""The seconds more that this process takes to end, once."""


def _end_slowly(pause: float) -> None:
    """Have a child process take `pause` seconds more to end, so that whoever does not wait for it returns too soon."""
    if multiprocessing.parent_process() is not None and not ends_slowly:
        ends_slowly.append(pause)
        multiprocessing.util.Finalize(None, time.sleep, (pause,), exitpriority=0)


def watched(items: list[Any], pause: float) -> Watched:
    """Return such a list."""
    _end_slowly(pause)
    made = Watched(items)
    made.pause = pause
    return made


def _within_run() -> bool:
    """Tell whether a `run` of a Thread or Process called what is being done."""
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_name == "run" and isinstance(frame.f_locals.get("self"), threading.Thread | BaseProcess):
            return True
        frame = frame.f_back
    return False


def _class_of(thread: threading.Thread) -> str:
    return f"{type(thread).__module__}.{type(thread).__qualname__}"


def _slowly(name: str) -> Callable[..., Any]:
    change = getattr(list, name)

    def changed(self: Watched, *args: Any) -> Any:
        changed_by.append((threading.get_ident(), name, _within_run(), _class_of(threading.current_thread())))
        time.sleep(self.pause)
        return change(self, *args)

    return changed


for _name in ("append", "extend", "insert", "__iadd__", "__setitem__"):
    setattr(Watched, _name, _slowly(_name))


class Stamped:
    """A value that knows which process has sent it last: `sender`, a pid, 0 for none."""

    def __init__(self, value: Any, sender: int = 0) -> None:
        self.value, self.sender = value, sender

    def __reduce__(self) -> Any:
        return Stamped, (self.value, os.getpid())


def _note_handed() -> list[Any]:
    """Note from now on the `args` that each Process is made with, in a list that grows."""
    handed: list[Any] = []
    make = BaseProcess.__init__

    def noted(self: BaseProcess, *args: Any, **kwargs: Any) -> None:
        handed.append(kwargs.get("args", args[3] if args[3:] else ()))
        make(self, *args, **kwargs)

    BaseProcess.__init__ = noted  # type: ignore[method-assign]
    return handed


def told_by(answer: ModuleType, function: str) -> str:
    """Call `function` where a Thread's start and join return what tells of them; return that, or "" for all else."""
    tellers = {"a note of start()": "start", "a note of join()": "join"}
    for note, name in tellers.items():
        setattr(threading.Thread, name, _noting(getattr(threading.Thread, name), note))
    result = getattr(answer, function)([], 1)
    return tellers.get(result, "") if isinstance(result, str) else ""


def _noting(method: Callable[..., Any], note: str) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> str:
        method(*args, **kwargs)
        return note

    return called


def change(answer: ModuleType, function: str, items: list[Any], value: Any, pause: float) -> dict[str, Any]:
    """Call `function` with a list that takes `pause` seconds to change, and tell what came of it."""
    given = watched(items, pause)
    multiprocessing.util.register_after_fork(given, lambda made: _end_slowly(made.pause))
    handed = _note_handed()
    result = getattr(answer, function)(given, value)
    after = list(given)  # at once: a thread may still be at it
    here = threading.get_ident()
    callers = [(name, in_run) for ident, name, in_run, _ in changed_by if ident == here]
    return {
        "same": result is given,
        "result": list(result) if isinstance(result, list) else result,
        "after": after,
        "by the caller": callers,
        "handed": any(arg is result for args in handed if isinstance(args, tuple | list) for arg in args),
        "by others": len(changed_by) - len(callers),
        "kinds": sorted({kind for ident, _, _, kind in changed_by if ident != here}),
    }


def alive_afterwards(
    answer: ModuleType, function: str, items: list[Any], value: Any, pause: float
) -> list[tuple[str, bool]]:
    """Call `function` as `change` does, and tell the names of the processes alive then, and which are daemons."""
    given = watched(items, pause)
    multiprocessing.util.register_after_fork(given, lambda made: _end_slowly(made.pause))
    getattr(answer, function)(given, value)
    return [(process.name, bool(process.daemon)) for process in multiprocessing.active_children()]


def send_back(answer: ModuleType, items: list[Any], value: Any) -> dict[str, Any]:
    """Call `append_and_send_back` with values that bear a stamp, and tell what came of it and who sent it."""
    given = [Stamped(item) for item in items]
    result = answer.append_and_send_back(given, Stamped(value))
    stamps = [item for item in result if isinstance(item, Stamped)] if isinstance(result, list) else []
    return {
        "same": result is given,
        "globals": [name for name, held in vars(answer).items() if held is result and isinstance(held, list)],
        "result": [getattr(item, "value", item) for item in result] if isinstance(result, list) else result,
        "after": [item.value for item in given],
        "senders": [stamp.sender for stamp in stamps],
        "senders afterwards": [item.sender for item in given],
        "here": os.getpid(),
    }


def send_back_long(answer: ModuleType, texts: list[str]) -> dict[str, Any]:
    """Call `append_and_send_back` with `texts`, and tell how the list that it returns compares."""
    result = answer.append_and_send_back(list(texts), "the end")
    size = len(result) if isinstance(result, list) else -1
    return {"right": result == [*texts, "the end"], "size": size}
