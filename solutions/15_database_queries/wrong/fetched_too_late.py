"""Returns the cursor from the thread, and fetches the rows when the connection is closed.

A cursor is no list of rows: it asks its connection for each of them.

Fails: test_rows_of_each_query
"""

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    def run(query):
        with contextlib.closing(sqlite3.connect(database, check_same_thread=False)) as connection:
            return connection.execute(query)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        cursors = list(pool.map(run, queries))
    return [cursor.fetchall() for cursor in cursors]
