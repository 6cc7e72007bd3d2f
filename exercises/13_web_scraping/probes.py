"""What runs beside the answer of kata 13: pages become plain data, which alone can leave the learner's process."""

from __future__ import annotations

from types import ModuleType
from typing import Any


def fetch(answer: ModuleType, url: str, *timeout: float) -> dict[str, Any]:
    """Call `fetch` and return the page's four values."""
    return _plain(answer.fetch(url, *timeout))


def scrape_all(answer: ModuleType, urls: list[str], *workers: int) -> Any:
    """Call `scrape_all` and return, for each key, the page's four values."""
    pages = answer.scrape_all(urls, *workers)
    return {url: _plain(page) for url, page in pages.items()} if isinstance(pages, dict) else pages


def scrape_twice(answer: ModuleType, urls: list[str], *workers: int) -> list[Any]:
    """Call `scrape_all` and then once more, and return the values of both."""
    return [scrape_all(answer, urls, *workers) for _ in range(2)]


def _plain(page: Any) -> dict[str, Any]:
    """Return what a page holds; what is no page holds a note that says so in the place of each value."""
    missing = f"(no such attribute: this is a {type(page).__name__})"
    return {name: getattr(page, name, missing) for name in ("title", "links", "words", "error")}
