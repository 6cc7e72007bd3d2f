"""Catches errors outside the loop of a worker, so a query that fails ends its worker too.

One worker fewer goes on; and if all have met an error, the rest of the queries is never run.

Fails: test_an_error_is_raised_when_all_have_ended
"""

import contextlib
import queue
import sqlite3
import threading


def query_all(database, queries, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    jobs = queue.SimpleQueue()
    for job in enumerate(queries):
        jobs.put(job)
    results = [None] * len(queries)
    errors = []

    def work():
        try:
            with contextlib.closing(sqlite3.connect(database)) as connection:
                while True:
                    place, query = jobs.get_nowait()
                    results[place] = connection.execute(query).fetchall()
        except queue.Empty:
            pass
        except sqlite3.Error as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(min(workers, len(queries)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results
