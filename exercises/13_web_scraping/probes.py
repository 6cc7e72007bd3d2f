"""What runs beside the answer of kata 13: pages become plain data, which alone can leave the learner's process."""

from __future__ import annotations

from types import ModuleType
from typing import Any


def fetch(answer: ModuleType, url: str, *timeout: float) -> dict[str, Any]:
    """Call `fetch` and return the page's four values."""
    return _plain(answer.fetch(url, *timeout))


def scrape_all(answer: ModuleType, urls: list[str], *workers: int) -> dict[str, Any]:
    """Call `scrape_all` and return, for each key, the page's four values."""
    return {url: _plain(page) for url, page in answer.scrape_all(urls, *workers).items()}


def _plain(page: Any) -> dict[str, Any]:
    return {name: getattr(page, name) for name in ("title", "links", "words", "error")}
