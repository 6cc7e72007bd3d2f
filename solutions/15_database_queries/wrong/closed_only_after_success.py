"""Closes each connection, unless its query fails.

`close` stands behind the query, so an exception passes it by.

Fails: test_every_connection_is_closed
"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    def run(query):
        connection = sqlite3.connect(database)
        rows = connection.execute(query).fetchall()
        connection.close()
        return rows

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(run, query) for query in queries]
    return [future.result() for future in futures]
