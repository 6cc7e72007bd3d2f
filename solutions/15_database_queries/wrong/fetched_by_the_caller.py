"""Executes in the workers, and fetches the rows in the calling thread, while the connections are still open.

Nothing is lost by it but the guard (`check_same_thread=False`), and what `fetchall` does: to fetch is half of the query.

Fails: test_a_connection_stays_in_its_thread
"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor


def query_all(database, queries, workers):
    connections = []

    def run(query):
        connection = sqlite3.connect(database, check_same_thread=False)
        connections.append(connection)
        return connection.execute(query)

    try:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            futures = [pool.submit(run, query) for query in queries]
        return [future.result().fetchall() for future in futures]
    finally:
        for connection in connections:
            connection.close()
