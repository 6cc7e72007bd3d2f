"""What runs beside the answer of kata 21: of long numbers only the lengths are sent."""

from __future__ import annotations

import functools
import math
import os
import tempfile
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.pool import Pool
from pathlib import Path
from types import ModuleType
from typing import Any


def factorials(answer: ModuleType, numbers: list[int], workers: int) -> Any:
    """Call `factorials` and return, for each key, how many bits its value has."""
    found = answer.factorials(numbers, workers)
    if not isinstance(found, dict):
        return found
    return {key: value.bit_length() if type(value) is int else value for key, value in found.items()}


def refusal(answer: ModuleType, numbers: list[int], workers: int) -> dict[str, Any]:
    """Return the text of the ValueError that comes, its line in the answer's file, and whether a child raised it."""
    try:
        answer.factorials(numbers, workers)
    except ValueError as error:
        lines = [
            frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == answer.__file__
        ]
        child = type(error.__cause__).__name__ in ("_RemoteTraceback", "RemoteTraceback")
        return {"text": str(error)[:200], "line": lines[-1] if lines else 0, "in a child": child}
    return {}


def pools_made(answer: ModuleType, numbers: list[int], workers: int) -> dict[str, Any]:
    """Return how many processes the pools of `factorials` may have, and how many where none are asked for."""
    made: list[int] = []
    usual = ProcessPoolExecutor()._max_workers  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else tells it
    makers: dict[type, tuple[Any, str]] = {
        ProcessPoolExecutor: (ProcessPoolExecutor.__init__, "_max_workers"),
        Pool: (Pool.__init__, "_processes"),
    }

    def noted(make: Any, size: str) -> Any:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            make(self, *args, **kwargs)
            made.append(getattr(self, size))

        return init

    for kind, (make, size) in makers.items():
        kind.__init__ = noted(make, size)  # type: ignore[misc]
    try:
        answer.factorials(numbers, workers)
    finally:
        for kind, (make, _) in makers.items():
            kind.__init__ = make  # type: ignore[misc]
    return {"made": made, "usual": usual}


def factorials_in_children(answer: ModuleType, numbers: list[int], workers: int) -> list[int]:
    """Call `factorials`; return the number of each call of `math.factorial` in other processes.

    What spawned processes call is not seen.
    """
    return [number for number, _ in _calls_in_children(answer, numbers, workers)]


def who_computed(answer: ModuleType, numbers: list[int], workers: int) -> dict[str, Any]:
    """Do the same; return each number with the pid of who called it, and how many tasks an executor was handed."""
    handed: list[str] = []
    submit = ProcessPoolExecutor.submit

    def noted(*args: Any, **kwargs: Any) -> Any:
        handed.append("")
        return submit(*args, **kwargs)

    ProcessPoolExecutor.submit = noted  # type: ignore[method-assign]
    try:
        calls = _calls_in_children(answer, numbers, workers)
    finally:
        ProcessPoolExecutor.submit = submit  # type: ignore[method-assign]
    return {"calls": calls, "tasks": len(handed)}


def _calls_in_children(answer: ModuleType, numbers: list[int], workers: int) -> list[tuple[int, int]]:
    """Call `factorials`; return the number and the pid of each call of `math.factorial` in other processes."""
    notes, here, factorial = Path(tempfile.mkdtemp()) / "calls.txt", os.getpid(), math.factorial

    @functools.wraps(factorial)  # so it can be pickled: it goes by the name, and has it
    def noted(number: int) -> int:
        if os.getpid() != here:
            with notes.open("a", encoding="ascii") as file:
                file.write(f"{number} {os.getpid()}\n")
        return factorial(number)

    names = [name for name, value in vars(answer).items() if value is factorial]
    notes.write_text("", encoding="ascii")
    math.factorial = noted
    vars(answer).update(dict.fromkeys(names, noted))
    try:
        answer.factorials(numbers, workers)
    finally:
        math.factorial = factorial
        vars(answer).update(dict.fromkeys(names, factorial))
    calls = (line.split() for line in notes.read_text(encoding="ascii").splitlines())
    return [(int(number), int(who)) for number, who in calls]


def chunks_asked(answer: ModuleType, numbers: list[int], workers: int) -> list[int]:
    """Return each `chunksize` that `factorials` asks of a pool for its tasks, more than 1."""
    asked: list[int] = []
    methods = [(ProcessPoolExecutor, "map"), *((Pool, name) for name in ("map", "imap", "imap_unordered", "map_async"))]

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def noted(pool: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
            size = kwargs.get("chunksize", args[1] if isinstance(pool, Pool) and len(args) > 1 else 1)
            if isinstance(size, int) and size > 1:
                asked.append(size)
            return method(pool, function, *args, **kwargs)

        return noted

    originals = [(kind, name, getattr(kind, name)) for kind, name in methods]
    for kind, name, method in originals:
        setattr(kind, name, noting(method))
    try:
        answer.factorials(numbers, workers)
    finally:
        for kind, name, method in originals:
            setattr(kind, name, method)
    return asked
