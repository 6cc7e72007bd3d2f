"""Takes `with sqlite3.connect(…)` for what `with open(…)` is.

It ends a transaction and leaves the connection open.

Fails: test_every_connection_is_closed
"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    def run(query):
        with sqlite3.connect(database) as connection:
            return connection.execute(query).fetchall()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(run, query) for query in queries]
    return [future.result() for future in futures]
