"""Gives up after one second if somebody else holds the file locked.

`sqlite3.connect` by itself waits for five, and to wait is all that is needed.

Fails: test_queries_overlap
"""

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    def run(query):
        with contextlib.closing(sqlite3.connect(database, timeout=1.0)) as connection:
            return connection.execute(query).fetchall()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(run, query) for query in queries]
    return [future.result() for future in futures]
