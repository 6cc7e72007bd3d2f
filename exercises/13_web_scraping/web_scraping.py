"""Kata 13: fetch many web pages, several at a time, and lose none to an error."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Page:
    """What was found at one URL (given: leave it as it is).

    Attributes:
        title: the text of the first ``<title>``, without white space at its ends; ``""`` if there is none.
        links: the ``href`` of each ``<a>``, as written and in order; those that come twice are twice in it.
        words: how many words the page has. Each tag counts as a space, and words are what white space parts; the words
            of the title count too.
        error: what went wrong if there is no page (then `title`, `links` and `words` are as below), else ``""``.
    """

    title: str = ""
    links: list[str] = field(default_factory=list)
    words: int = 0
    error: str = ""


def fetch(url: str, timeout: float = 5.0) -> Page:
    """Get one page by HTTP and return what is in it. What goes wrong is told in `Page.error` and not raised.

    One GET request, and those that redirects ask for: 301, 302, 303, 307 and 308 are followed, and their Location
    may be a path alone. A status of 400 or more, a connection that is refused or dropped, be it in the middle of a
    page, a Location that is no URL, and a server that sends nothing for `timeout` seconds are errors. An empty page is
    a page.

    The text is decoded by the charset in the header Content-Type, UTF-8 if there is none; wrong bytes become U+FFFD.
    A charset that Python does not know is an error, or UTF-8 is taken for it.

    Pages are simple: tags and attributes in lower case, values of attributes in double quotes, no scripts, no comments,
    no entities such as ``&amp;``. They may have other tags with an ``href``, and more than one ``<title>``.

    Args:
        url: an ``http://`` URL.
        timeout: seconds that a server may keep silent; all its silences together may take longer.
    """
    raise NotImplementedError


def scrape_all(urls: list[str], workers: int = 8) -> dict[str, Page]:
    """Fetch all `urls`, up to `workers` at the same time, each URL once even if it is in the list twice.

    As long as there are enough URLs left, `workers` requests are under way at once, and never more. Each call fetches
    anew.

    Args:
        urls: any number of URLs, also none.
        workers: how many requests may be under way, at least 1.

    Returns:
        URL → its page, for each URL in the list: those that failed too.

    Raises:
        ValueError: if `workers` is less than 1, whatever `urls` are.
    """
    raise NotImplementedError
