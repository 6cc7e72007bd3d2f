"""What runs beside the answer of kata 25: data are made here from a seed, and what is best goes out as plain data."""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
import os
import time
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np


class Late(float):
    """A λ whose score takes a while, so that those of others are there before it."""

    def __mul__(self, other: Any) -> Any:
        time.sleep(0.3)
        return float(self) * other

    __rmul__ = __mul__

    def __reduce__(self) -> Any:
        return Late, (float(self),)


class Told(float):
    """A λ that prints a line each time that it is used, which is three times a score."""

    pause = 0.0

    def __mul__(self, other: Any) -> Any:
        print(f"a third of the score of {float(self)!r}", flush=True)
        time.sleep(self.pause)
        return float(self) * other

    __rmul__ = __mul__

    def __reduce__(self) -> Any:
        return type(self), (float(self),)


class Slow(Told):
    """One with which a score takes a while, so that others begin before it ends."""

    pause = 0.05


def grid_search(answer: ModuleType, data: tuple[Any, ...], grid: Sequence[float], workers: int) -> Any:
    """Search the grid for data of this seed and so many rows and columns; return what `_told` tells."""
    return _told(answer, data, grid, workers)


def without_fork(answer: ModuleType, data: tuple[Any, ...], grid: list[float], workers: int) -> Any:
    """The same on a system that has no fork, as Windows; each λ prints when it is used."""
    contexts = vars(multiprocessing.context)["_concrete_contexts"]
    for method in ("fork", "forkserver"):
        contexts.pop(method, None)
    multiprocessing.get_all_start_methods = lambda: ["spawn"]
    if hasattr(os, "fork"):
        del os.fork
    print("the parent", flush=True)
    return _told(answer, data, [Told(lam) for lam in grid], workers)


def searches(answer: ModuleType, asked: list[Any]) -> list[Any]:
    """Do one search after the other, of which each is data, grid and workers; each λ prints when it is used."""
    found = []
    for number, (data, grid, workers) in enumerate(asked):
        print(f"search {number}", flush=True)
        found.append(_told(answer, data, [Slow(lam) for lam in grid], workers))
    return found


def of_equals(answer: ModuleType, grid: list[float], workers: int) -> Any:
    """Search the grid where all scores are equal, and that of the first comes late; return params."""
    first, *rest = grid
    params = answer.grid_search(_data(0, 40, 4), [Late(first), *rest], workers).params
    return float(params) if isinstance(params, float) else repr(params)


def _told(answer: ModuleType, data: tuple[Any, ...], grid: Sequence[float], workers: int) -> list[Any]:
    """Search the grid; return params and score, of which type the result is, if not a Best, and what was changed."""
    x, y = _data(*data)
    as_it_was, places = (x.copy(), y.copy()), list(grid)
    best = answer.grid_search((x, y), grid, workers)
    values = [getattr(best, name, None) for name in ("params", "score")]
    values = [value.item() if isinstance(value, np.generic) else value for value in values]
    values = [float(value) if isinstance(value, Told) else value for value in values]
    changed = ["x"] * (not np.array_equal(x, as_it_was[0])) + ["y"] * (not np.array_equal(y, as_it_was[1]))
    changed += ["grid"] * (list(grid) != places)
    return [*values, "" if isinstance(best, answer.Best) else type(best).__name__, changed]


def _data(seed: int, rows: int, columns: int, scale: float = 1.0) -> tuple[Any, Any]:
    """Make samples that a line describes, with noise; seed 0 gives features that tell nothing at all."""
    source = np.random.default_rng(seed)
    x = source.normal(size=(rows, columns)) * (seed != 0)
    y = x @ source.normal(size=columns) + source.normal(size=rows) * columns
    return x, y * scale
