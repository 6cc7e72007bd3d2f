"""Takes one process more than it may, as if the calling one were among the workers.

Fails: test_two_processes_compute_at_the_same_time
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
    if len(grid) == 0:
        raise ValueError("the grid is empty")
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    with ProcessPoolExecutor(max_workers=workers + 1) as pool:
        scores = list(pool.map(functools.partial(score, data), grid))
    value = max(scores)
    return Best(grid[scores.index(value)], value)
