"""Joins each thread right after its start, so one query runs at a time (MISTAKES.md, 3).

Fails: test_queries_overlap
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

    for place, query in enumerate(queries):
        thread = threading.Thread(target=run, args=(place, query))
        thread.start()
        thread.join()
    if errors:
        raise errors[0]
    return results
