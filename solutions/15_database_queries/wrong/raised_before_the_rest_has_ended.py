"""Does not wait for the others when a query fails.

The caller catches the error, deletes the file, and queries still run on it.

Fails: test_an_error_is_raised_when_all_have_ended
"""

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    def run(query):
        with contextlib.closing(sqlite3.connect(database)) as connection:
            return connection.execute(query).fetchall()

    pool = ThreadPoolExecutor(max_workers=workers)
    futures = [pool.submit(run, query) for query in queries]
    try:
        return [future.result() for future in futures]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
