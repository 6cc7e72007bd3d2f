"""Asks for fork, so that the children have a copy of the data in a global variable.

Windows has no fork, and on macOS it is not the default since it is not safe there.

Fails: test_runs_under_spawn
"""

import dataclasses
import multiprocessing
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


samples = None


def score_here(lam):
    return score(samples, lam)


def grid_search(data, grid, workers):
    if len(grid) == 0:
        raise ValueError("the grid is empty")
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    global samples
    samples = data
    with ProcessPoolExecutor(max_workers=workers, mp_context=multiprocessing.get_context("fork")) as pool:
        scores = list(pool.map(score_here, grid))
    value = max(scores)
    return Best(grid[scores.index(value)], value)
