"""Lets each child note the best in a global variable, where the parent finds nothing (MISTAKES.md 25).

Nobody asks a future for its result either (MISTAKES.md 20).

Fails: test_the_best_is_that_of_one_process
"""

import dataclasses
from concurrent.futures import ProcessPoolExecutor

import numpy as np


@dataclasses.dataclass(frozen=True)
class Best:
    params: float
    score: float


def score(data, lam):
    x, y = data
    order = np.random.default_rng(0).permutation(len(y))
    errors = []
    for fold in np.array_split(order, 3):
        rest = np.setdiff1d(order, fold)
        gram = x[rest].T @ x[rest] + lam * np.eye(x.shape[1])
        weights = np.linalg.solve(gram, x[rest].T @ y[rest])
        errors.append(np.mean((x[fold] @ weights - y[fold]) ** 2))
    return -float(np.mean(errors))


best = Best(None, float("-inf"))


def note(data, lam):
    global best
    value = score(data, lam)
    if value > best.score:
        best = Best(lam, value)


def grid_search(data, grid, workers):
    if len(grid) == 0:
        raise ValueError("the grid is empty")
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for lam in grid:
            pool.submit(note, data, lam)
    return best
