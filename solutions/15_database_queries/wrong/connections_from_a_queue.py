"""Keeps as many connections as workers in a queue; each query takes one and puts it back.

No two threads use one at once, but one after the other: `check_same_thread=False` switches off the guard against it.

Fails: test_a_connection_stays_in_its_thread
"""

import queue
import sqlite3
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    connections = [sqlite3.connect(database, check_same_thread=False) for _ in range(workers)]
    ready = queue.Queue()
    for connection in connections:
        ready.put(connection)

    def run(query):
        connection = ready.get()
        try:
            return connection.execute(query).fetchall()
        finally:
            ready.put(connection)

    try:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            futures = [pool.submit(run, query) for query in queries]
        return [future.result() for future in futures]
    finally:
        for connection in connections:
            connection.close()
