"""Gives each query a connection of its own, and puts a lock around the query all the same.

Four connections are open, and three of them wait for Python: nothing overlaps that SQLite would not have let overlap.

Fails: test_queries_overlap
"""

import contextlib
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

lock = threading.Lock()


def query_all(database, queries, workers):
    def run(query):
        with contextlib.closing(sqlite3.connect(database)) as connection, lock:
            return connection.execute(query).fetchall()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(run, query) for query in queries]
    return [future.result() for future in futures]
