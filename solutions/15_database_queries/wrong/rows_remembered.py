"""Remembers the rows of each query, so that none is run twice.

What the database holds may be something else a moment later, and the query is there twice because it should be run twice.

Fails: test_rows_of_each_query
"""

import contextlib
import functools
import sqlite3
from concurrent.futures import ThreadPoolExecutor


@functools.cache
def rows(database, query):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def query_all(database, queries, workers):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(rows, database, query) for query in dict.fromkeys(queries)]
    by_query = dict(zip(dict.fromkeys(queries), futures))
    return [by_query[query].result() for query in queries]
