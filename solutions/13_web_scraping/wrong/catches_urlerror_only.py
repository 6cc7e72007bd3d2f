"""Catches `URLError` and takes that for all that can go wrong.

A dropped connection is a RemoteDisconnected and a silent server a TimeoutError; neither is a URLError. They leave
`fetch`, and with it everything that the other pages brought.

Fails: test_a_silent_server_is_given_up
"""

import re
import urllib.error
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
            body = answer.read()
            charset = answer.headers.get_content_charset() or "utf-8"
    except urllib.error.URLError as error:
        return Page(error=repr(error))
    return parse(body.decode(charset, errors="replace"))


def scrape_all(urls, workers=8):
    urls = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return dict(zip(urls, pool.map(fetch, urls)))
