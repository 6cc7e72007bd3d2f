"""Raises the errors of all queries in an `ExceptionGroup`.

That is no `sqlite3.Error`: who catches one, as the docstring says, lets it by.

Fails: test_an_error_is_raised_when_all_have_ended
"""

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    def run(query):
        with contextlib.closing(sqlite3.connect(database)) as connection:
            return connection.execute(query).fetchall()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(run, query) for query in queries]
    errors = [future.exception() for future in futures if future.exception()]
    if errors:
        raise ExceptionGroup("queries failed", errors)
    return [future.result() for future in futures]
