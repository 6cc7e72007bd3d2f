"""Returns a best that is none for an empty grid.

The caller goes on with λ None, and fails far from here.

Fails: test_nothing_to_search_is_refused
"""

import dataclasses
import functools
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


def grid_search(data, grid, workers):
    best = Best(None, float("-inf"))
    with ProcessPoolExecutor(max_workers=workers) as pool:
        scores = list(pool.map(functools.partial(score, data), grid))
    for lam, value in zip(grid, scores):
        if value > best.score:
            best = Best(lam, value)
    return best
