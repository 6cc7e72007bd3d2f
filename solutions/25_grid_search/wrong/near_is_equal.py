"""Rounds scores to nine places, so that those near each other are equal, and takes the first of them.

Of data in millionths all scores are near zero.

Fails: test_the_best_is_that_of_one_process
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
    with ProcessPoolExecutor(max_workers=workers) as pool:
        scores = list(pool.map(functools.partial(score, data), grid))
    place = max(range(len(grid)), key=lambda place: round(scores[place], 9))
    return Best(grid[place], scores[place])
