"""Shares one connection and silences the check that warns of it.

`check_same_thread=False` is what a search for the error message finds. SQLite then lets one thread wait for the other,
and where a query calls Python the two wait for each other: one for the GIL, one for the connection.

Fails: test_a_connection_stays_in_its_thread
"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    connection = sqlite3.connect(database, check_same_thread=False)
    try:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            return list(pool.map(lambda query: connection.execute(query).fetchall(), queries))
    finally:
        connection.close()
