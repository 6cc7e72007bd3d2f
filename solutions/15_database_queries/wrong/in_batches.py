"""Hands over as many queries as there are workers, and waits for all of them before it hands over the next ones.

One long query keeps all other workers idle.

Fails: test_queries_overlap
"""

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor, wait


def query_all(database, queries, workers):
    def run(query):
        with contextlib.closing(sqlite3.connect(database)) as connection:
            return connection.execute(query).fetchall()

    futures = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for first in range(0, len(queries), workers):
            batch = [pool.submit(run, query) for query in queries[first : first + workers]]
            wait(batch)
            futures += batch
    return [future.result() for future in futures]
