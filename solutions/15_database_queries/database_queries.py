"""Kata 15, an answer: a pool, and a connection for each query."""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def _rows(database: str, query: str) -> list[tuple[Any, ...]]:
    """Run one query on a connection of its own, which is opened, used and closed in one thread."""
    # `with sqlite3.connect(…)` alone would end a transaction and leave the connection open.
    with contextlib.closing(sqlite3.connect(database)) as connection:
        # All rows are fetched here, while the connection is open.
        return connection.execute(query).fetchall()


def query_all(database: str, queries: list[str], workers: int) -> list[list[tuple[Any, ...]]]:
    """Run each of `queries` on an SQLite file and return the rows of each, in the order of `queries`.

    Raises:
        ValueError: if `workers` is less than 1 (the pool itself says so).
        sqlite3.Error: if a query fails, when all have ended.
    """
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(_rows, database, query) for query in queries]
    # The `with` has waited for all of them: only now results are asked for, and with them the first error.
    return [future.result() for future in futures]
