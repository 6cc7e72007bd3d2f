"""Shares one connection, behind a lock.

Nothing freezes any more, and nothing overlaps either: it is a loop with threads around it.

Fails: test_a_connection_stays_in_its_thread
"""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    lock = threading.Lock()
    connection = sqlite3.connect(database, check_same_thread=False)

    def run(query):
        with lock:
            return connection.execute(query).fetchall()

    try:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            return list(pool.map(run, queries))
    finally:
        connection.close()
