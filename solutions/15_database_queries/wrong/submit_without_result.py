"""Submits, and never asks a future for its result (MISTAKES.md, 20).

The rows come by way of a list, so the results are right; an error stays in its future, and the rows of that query are
an empty list.

Fails: test_an_error_is_raised_when_all_have_ended
"""

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    results = [[] for _ in queries]

    def run(place, query):
        with contextlib.closing(sqlite3.connect(database)) as connection:
            results[place] = connection.execute(query).fetchall()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        for place, query in enumerate(queries):
            pool.submit(run, place, query)
    return results
