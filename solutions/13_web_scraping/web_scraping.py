"""The reference for kata 13."""

from __future__ import annotations

import http.client
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Page:
    """What was found at one URL; `error` is not empty if and only if there is no page."""

    title: str = ""
    links: list[str] = field(default_factory=list)
    words: int = 0
    error: str = ""


class _Reader(HTMLParser):
    """Collects the links, all text and the text of the first title."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.texts: list[str] = []
        self.titles: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links += [value for name, value in attrs if name == "href" and value is not None]
        if tag == "title":
            self._in_title = True
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._in_title:
            self.titles[-1] += data


def fetch(url: str, timeout: float = 5.0) -> Page:
    """Get one page by HTTP and return what is in it. What goes wrong is told in `Page.error` and not raised."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            text = answer.read().decode(answer.headers.get_content_charset("utf-8"), errors="replace")
    # OSError: URLError and with it HTTPError, TimeoutError, connections refused or reset. HTTPException: answers
    # that are no HTTP, or end in the middle. ValueError: a Location that is no URL. LookupError: an unknown charset.
    except (OSError, http.client.HTTPException, ValueError, LookupError) as error:
        return Page(error=f"{type(error).__name__}: {error}")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    # Joined by a space, so that what a tag parts stays parted.
    words = len(" ".join(reader.texts).split())
    return Page(title=reader.titles[0].strip() if reader.titles else "", links=reader.links, words=words)


def scrape_all(urls: list[str], workers: int = 8) -> dict[str, Page]:
    """Fetch all `urls`, up to `workers` at the same time, each once.

    Raises:
        ValueError: if `workers` is less than 1 (the pool itself says so).
    """
    distinct = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        # fetch never raises, so one bad page takes nothing from the others.
        return dict(zip(distinct, pool.map(fetch, distinct), strict=True))
