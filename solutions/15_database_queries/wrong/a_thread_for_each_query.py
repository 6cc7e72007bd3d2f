"""Begins a thread, and opens a connection, for each query; `workers` is only looked at for the error.

Fails: test_never_more_than_workers_at_once
"""

import contextlib
import sqlite3
import threading


def query_all(database, queries, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    results = [None] * len(queries)
    errors = []

    def run(place, query):
        try:
            with contextlib.closing(sqlite3.connect(database)) as connection:
                results[place] = connection.execute(query).fetchall()
        except sqlite3.Error as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=item) for item in enumerate(queries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results
