"""What runs beside the answer of kata 13: pages become plain data, which alone can leave the learner's process."""

from __future__ import annotations

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any


def fetch(answer: ModuleType, url: str, *timeout: float) -> dict[str, Any]:
    """Call `fetch` and return the page's four values."""
    return _plain(answer.fetch(url, *timeout))


def scrape_all(answer: ModuleType, urls: list[str], *workers: int) -> Any:
    """Call `scrape_all` and return, for each key, the page's four values."""
    pages = answer.scrape_all(urls, *workers)
    return {url: _plain(page) for url, page in pages.items()} if isinstance(pages, dict) else pages


def made(answer: ModuleType, urls: list[str], workers: int) -> dict[str, Any]:
    """Return what `scrape_all` makes: the sizes of its pools, and how many Thread objects.

    With them goes the size that a pool has in this Python on this machine where none is given.
    """
    pools: list[int] = []
    threads: list[threading.Thread] = []
    usual = ThreadPoolExecutor()._max_workers  # noqa: SLF001 - nothing else tells it
    make_pool, make_thread = ThreadPoolExecutor.__init__, threading.Thread.__init__

    def pool(self: Any, *args: Any, **named: Any) -> None:
        make_pool(self, *args, **named)
        pools.append(self._max_workers)

    def thread(self: Any, *args: Any, **named: Any) -> None:
        threads.append(self)
        make_thread(self, *args, **named)

    ThreadPoolExecutor.__init__, threading.Thread.__init__ = pool, thread  # type: ignore[method-assign]
    try:
        answer.scrape_all(urls, workers)
    finally:
        ThreadPoolExecutor.__init__, threading.Thread.__init__ = make_pool, make_thread  # type: ignore[method-assign]
    return {"pools": pools, "threads": len(threads), "usual": usual}


def fetch_noting(answer: ModuleType, url: str) -> list[str]:
    """Call `fetch` and return each IncompleteRead that is made meanwhile, as text."""
    made: list[str] = []
    make = http.client.IncompleteRead.__init__

    def noted(self: Any, *args: Any, **named: Any) -> None:
        make(self, *args, **named)
        made.append(str(self))

    http.client.IncompleteRead.__init__ = noted  # type: ignore[method-assign]
    try:
        answer.fetch(url)
    finally:
        http.client.IncompleteRead.__init__ = make  # type: ignore[method-assign]
    return made


def scrape_twice(answer: ModuleType, urls: list[str], *workers: int) -> list[Any]:
    """Call `scrape_all` and then once more, and return the values of both."""
    return [scrape_all(answer, urls, *workers) for _ in range(2)]


def _plain(page: Any) -> dict[str, Any]:
    """Return what a page holds; what is no page holds a note that says so in the place of each value."""
    missing = f"(no such attribute: this is a {type(page).__name__})"
    return {name: getattr(page, name, missing) for name in ("title", "links", "words", "error")}
