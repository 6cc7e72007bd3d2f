"""Makes an array of the grid, which has one type for all: of an int beside a float it makes a float.

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
    grid = np.array(grid)
    with ProcessPoolExecutor(max_workers=workers) as pool:
        scores = list(pool.map(functools.partial(score, data), grid))
    place = int(np.argmax(scores))
    return Best(grid[place].item(), scores[place])
