"""Catches nothing.

The first page that is missing raises out of `pool.map`, and all the pages that were there are lost.

Fails: test_errors_are_told
"""

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
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        body = answer.read()
        charset = answer.headers.get_content_charset() or "utf-8"
    return parse(body.decode(charset, errors="replace"))


def scrape_all(urls, workers=8):
    urls = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return dict(zip(urls, pool.map(fetch, urls)))
