"""Puts the numbers into a global variable and sends the workers only their places.

A forked child has a copy of it. A child under spawn imports the file, where the variable is still empty (MISTAKES.md 25).

Fails: test_runs_under_spawn
"""

import math
from concurrent.futures import ProcessPoolExecutor

todo = []


def compute(place):
    return math.factorial(todo[place])


def factorials(numbers, workers):
    global todo
    if workers < 1 or any(n < 0 for n in numbers):
        raise ValueError("bad input")
    todo = list(dict.fromkeys(numbers))
    with ProcessPoolExecutor(max_workers=workers) as pool:
        values = list(pool.map(compute, range(len(todo))))
    return dict(zip(todo, values))
