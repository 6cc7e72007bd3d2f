"""Gives each thread of the pool a connection, and never closes one.

Threads of a pool have no end of their own at which somebody would tidy up.

Fails: test_every_connection_is_closed
"""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

local = threading.local()


def query_all(database, queries, workers):
    def connect():
        local.connection = sqlite3.connect(database)

    def run(query):
        return local.connection.execute(query).fetchall()

    with ThreadPoolExecutor(max_workers=workers, initializer=connect) as pool:
        futures = [pool.submit(run, query) for query in queries]
    return [future.result() for future in futures]
