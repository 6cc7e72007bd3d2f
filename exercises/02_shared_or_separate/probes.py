"""What runs beside the answer of kata 02: lists that tell who changed them, and items that tell who sent them."""

from __future__ import annotations

import gc
import inspect
import json
import multiprocessing
import multiprocessing.util
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

CHANGES = ("append", "extend", "insert", "__iadd__", "__setitem__")
"""Methods by which a list comes to have a value at its end."""

READS = ("__iter__", "__getitem__", "__add__", "copy")
"""Methods by which a list is copied."""

GRACE = 0.2
"""Seconds for which a thread may still be alive that has nothing more to do."""

changed_by: list[tuple[threading.Thread, str, bool]] = []
"""Who in this process changed a `Watched` list: thread, method, whether within a call of `run`."""


class Watched(list[Any]):
    """A list that takes `pause` seconds to change, and notes who changes it. A copy of it may be sent to a process.

    What another process than `home` does with it is written into the file `log`.
    """

    pause = 0.0
    home = 0
    log = ""

    def __reduce__(self) -> Any:
        self.tell("read")
        return watched, (plain(self), self.pause, self.home, self.log)

    def tell(self, what: str) -> None:
        """Write into the log what was done, how long the list is, and what is last in it, unless this is home."""
        if os.getpid() != self.home:
            last = repr(plain(self)[-1:])[:200]
            with Path(self.log).open("a") as file:
                file.write(json.dumps([os.getpid(), what, len(self), last]) + "\n")

    def told(self) -> list[list[Any]]:
        """Return what stands in the log."""
        return [json.loads(line) for line in Path(self.log).read_text().splitlines()]


def plain(items: list[Any]) -> list[Any]:
    """Return a copy of `items`, without a note of it."""
    return list.__getitem__(items, slice(None))


ends_slowly: list[float] = []
"""The seconds more that this process takes to end, once."""


def _end_slowly(pause: float) -> None:
    """Have a child process take `pause` seconds more to end, so that whoever does not wait for it returns too soon."""
    if multiprocessing.parent_process() is not None and not ends_slowly:
        ends_slowly.append(pause)
        multiprocessing.util.Finalize(None, time.sleep, (pause,), exitpriority=0)


def watched(items: list[Any], pause: float, home: int, log: str) -> Watched:
    """Return such a list that has come from the process `home`."""
    _end_slowly(pause)
    made = _watched(items, pause, home, log)
    made.tell("got")
    return made


def watch(items: list[Any], pause: float, log: str = "") -> Watched:
    """Return such a list of this process, which notes into `log`, or else into a new one."""
    if not log:
        handle, log = tempfile.mkstemp(prefix="changes-")
        os.close(handle)
    made = _watched(items, pause, os.getpid(), log)
    multiprocessing.util.register_after_fork(made, lambda copy: _end_slowly(copy.pause))
    return made


def _watched(items: list[Any], pause: float, home: int, log: str) -> Watched:
    made = Watched(items)
    made.pause, made.home, made.log = pause, home, log
    return made


def _within_run() -> bool:
    """Tell whether a `run` of a Thread or Process called what is being done."""
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_name == "run" and isinstance(frame.f_locals.get("self"), threading.Thread | BaseProcess):
            return True
        frame = frame.f_back
    return False


def _slowly(name: str) -> Callable[..., Any]:
    change = getattr(list, name)

    def changed(self: Watched, *args: Any) -> Any:
        changed_by.append((threading.current_thread(), name, _within_run()))
        self.tell("begins")
        time.sleep(self.pause)
        result = change(self, *args)
        self.tell("changed")
        return result

    return changed


def _noted(name: str) -> Callable[..., Any]:
    read = getattr(list, name)

    def noted(self: Watched, *args: Any) -> Any:
        self.tell("read")
        return read(self, *args)

    return noted


for _name in CHANGES:
    setattr(Watched, _name, _slowly(_name))
for _name in READS:
    setattr(Watched, _name, _noted(_name))


def note_calls_of_list() -> None:
    """Note from now on, in forks too, who changes a `Watched` list by a method of `list` itself, as by list.append."""

    def noting(frame: FrameType, event: str, called: Any) -> None:
        if event != "c_call" or called.__name__ not in CHANGES or frame.f_code.co_filename == __file__:
            return
        if isinstance(called.__self__, Watched):
            changed_by.append((threading.current_thread(), called.__name__, _within_run()))
            called.__self__.tell("read")

    threading.setprofile(noting)
    sys.setprofile(noting)


class Stamped:
    """A value that knows which process has sent it last: `sender`, a pid, 0 for none.

    The last one of a list may know how many items come before it, `place`; then `whole` tells whether its sender had a
    list of all of them and itself.
    """

    def __init__(self, value: Any, sender: int = 0, place: int = 0, *, whole: bool = False) -> None:
        self.value, self.sender, self.place, self.whole = value, sender, place, whole

    def __reduce__(self) -> Any:
        return _stamped, (self.value, os.getpid(), self.place, self.is_in_whole_list())

    def is_in_whole_list(self) -> bool:
        """Tell whether this process has a list that ends with this value after so many others as come before it."""
        return bool(self.place) and any(
            isinstance(held, list) and len(held) == self.place + 1 and held[-1] is self and _all_stamped(held)
            for held in gc.get_referrers(self)
        )


def _stamped(value: Any, sender: int, place: int, whole: bool) -> Stamped:  # noqa: FBT001 - pickle hands over no names
    return Stamped(value, sender, place, whole=whole)


def _all_stamped(items: list[Any]) -> bool:
    return all(isinstance(item, Stamped) for item in items)


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
    given = watch(items, pause)
    handed = _note_handed()
    note_calls_of_list()
    result = getattr(answer, function)(given, value)
    after = plain(given)  # at once: a thread may still be at it
    sys.setprofile(None)
    me = threading.current_thread()
    others = {thread for thread, _, _ in changed_by if thread is not me}
    working = sorted(thread.name for thread in others if thread.is_alive())
    return {
        "same": result is given,
        "result": plain(result) if isinstance(result, list) else result,
        "after": after,
        "by the caller": [(name, in_run) for thread, name, in_run in changed_by if thread is me],
        "handed": any(arg is result for args in handed if isinstance(args, tuple | list) for arg in args),
        "by others": len(others),
        "kinds": sorted({f"{type(thread).__module__}.{type(thread).__qualname__}" for thread in others}),
        "working": working,
        "alive": sorted(thread.name for thread in others if _lives_on(thread)),
        "elsewhere": given.told(),
    }


def _lives_on(thread: threading.Thread) -> bool:
    """Tell whether `thread` has not ended and doesn't do so at once; of one that was not made as a Thread: False."""
    if type(thread).__name__ == "_DummyThread":
        return False
    thread.join(GRACE)
    return thread.is_alive()


def in_a_row(answer: ModuleType, function: str, cases: list[tuple[list[Any], Any]], pause: float) -> list[Any]:
    """Call `function` for each of `cases`, items and value, and tell what came of it, without its threads."""
    told = []
    log = watch([], pause).log  # one for all, so that equal lists pickle to equal bytes
    for items, value in cases:
        given = watch(items, pause, log)
        before = len(given.told())
        note_calls_of_list()
        result = getattr(answer, function)(given, value)
        sys.setprofile(None)
        after = plain(given)
        told.append(
            {
                "same": result is given,
                "result": plain(result) if isinstance(result, list) else result,
                "after": after,
                "very": bool(after) and after[-1] is value,
                "elsewhere": given.told()[before:],
            }
        )
    return told


def appended_by(answer: ModuleType, function: str, items: list[Any], value: Any) -> tuple[list[list[str]], bool]:
    """Call `function` twice; return the names of those who changed the list in each, and whether one did in both."""
    calls: list[list[threading.Thread]] = []
    for _ in range(2):
        before = len(changed_by)
        getattr(answer, function)(watch(items, 0.0), value)
        calls.append([thread for thread, _, _ in changed_by[before:]])
    both = any(thread is other for thread in calls[0] for other in calls[1])
    return [[thread.name for thread in call] for call in calls], both


def alive_afterwards(
    answer: ModuleType, function: str, items: list[Any], value: Any, pause: float
) -> list[tuple[str, bool]]:
    """Call `function` as `change` does, and tell the names of the processes alive then, and which are daemons."""
    given = watch(items, pause)
    getattr(answer, function)(given, value)
    return [(process.name, bool(process.daemon)) for process in multiprocessing.active_children()]


def send_back(answer: ModuleType, items: list[Any], value: Any) -> dict[str, Any]:
    """Call `append_and_send_back` with values that bear a stamp, and tell what came of it and who sent it."""
    given = [Stamped(item) for item in items]
    last = Stamped(value, place=len(items))
    made_here: list[bool] = []
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=lambda: made_here.append(last.is_in_whole_list()))
    asked = Stamped.__reduce__

    def noted(self: Stamped) -> Any:
        made = asked(self)
        if self is last and os.getpid() == here:
            made_here.append(made[1][-1])
        return made

    here = os.getpid()
    Stamped.__reduce__ = noted  # type: ignore[method-assign]
    result = answer.append_and_send_back(given, last)
    made = any(made_here)
    stamps = [item for item in result if isinstance(item, Stamped)] if isinstance(result, list) else []
    return {
        "same": result is given,
        "globals": [name for name, held in vars(answer).items() if held is result and isinstance(held, list)],
        "result": [getattr(item, "value", item) for item in result] if isinstance(result, list) else result,
        "after": [item.value for item in given],
        "senders": [stamp.sender for stamp in stamps],
        "senders afterwards": [item.sender for item in given],
        "made here": made,
        "whole": not items or any(stamp.whole for stamp in stamps),
        "here": here,
    }


def send_back_long(answer: ModuleType, texts: list[str], count: int, size: int) -> list[dict[str, Any]]:
    """Call `append_and_send_back` with three times the `texts` and `count` numbers, and with a value of `size` letters.

    Returns:
        Of both how the list that came back compares, and whether another process has sent its last item.
    """
    told = []
    many = [f"{number} {text}" for number in range(3) for text in texts]  # of which each is pickled
    for items, value in (([*many, *range(count)], "the end"), ([1, 2], "x" * size)):
        result = answer.append_and_send_back(plain(items), Stamped(value))
        last = result[-1] if isinstance(result, list) and result else None
        is_right = isinstance(last, Stamped) and result[:-1] == items and last.value == value
        length = len(result) if isinstance(result, list) else -1
        sent = isinstance(last, Stamped) and last.sender not in (0, os.getpid())
        told.append({"right": is_right, "size": length, "sent": sent})
    return told
