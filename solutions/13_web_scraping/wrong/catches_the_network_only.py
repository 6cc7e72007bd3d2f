"""Catches what the network can raise, and not what a server may say.

A charset that Python doesn't know is a LookupError, and a Location that is no URL a ValueError. Both leave `fetch`.

Fails: test_errors_are_told, test_charset_of_the_header
"""

import http.client
import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field


@dataclass
class Page:
    title: str = ""
    links: list[str] = field(default_factory=list)
    words: int = 0
    error: str = ""


def parse(text):
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.DOTALL)
    links = re.findall(r'<a\s[^>]*?href="([^"]*)"', text)
    words = re.sub(r"<[^>]*>", " ", text).split()
    return Page(title.group(1).strip() if title else "", links, len(words))


def fetch(url, timeout=5.0):
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            charset = answer.headers.get_content_charset() or "utf-8"
            text = answer.read().decode(charset, errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return Page(error=repr(error))
    return parse(text)


def scrape_all(urls, workers=8):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    urls = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return dict(zip(urls, pool.map(fetch, urls)))
