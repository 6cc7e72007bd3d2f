"""Collects the rows as the queries complete.

Nobody knows any more which rows belong to which query.

Fails: test_order_is_that_of_the_queries
"""

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor, as_completed


def query_all(database, queries, workers):
    def run(query):
        with contextlib.closing(sqlite3.connect(database)) as connection:
            return connection.execute(query).fetchall()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(run, query) for query in queries]
        return [future.result() for future in as_completed(futures)]
