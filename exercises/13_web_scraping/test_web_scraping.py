"""The checks of kata 13: a real HTTP server of the judge's counts the requests that are under way."""

import contextlib
import re

import pytest

from grader.judge.faults import LearnerFault, explaining
from grader.judge.web import Page

LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéñ"
HTML = {"Content-Type": "text/html; charset=utf-8"}
NO_PAGE = {"title": "", "links": [], "words": 0}


def some_words(rng, least, most):
    return ["".join(rng.choices(LETTERS, k=rng.randint(1, 9))) for _ in range(rng.randint(least, most))]


def some_page(rng):
    """A page as its server sends it, and what there is to find in it."""
    title, heading, text, bold, more, drawing = (some_words(rng, 1, 6) for _ in range(6))
    links = [f"/{word}?page={rng.randint(1, 99)}#{word}" for word in some_words(rng, 1, 5)]
    names = [some_words(rng, 1, 3) for _ in links]
    items = "".join(
        f'<li><a class="{name[0]}" href="{link}">{" ".join(name)}</a></li>'
        for link, name in zip(links, names, strict=True)
    )
    html = (
        f'<!DOCTYPE html><html><head><title>\n  {" ".join(title)} </title><link rel="stylesheet" href="/style.css">'
        f"</head><body><h1>{' '.join(heading)}</h1><p>{' '.join(text)} <b>{' '.join(bold)}</b>\n{'  '.join(more)}</p>"
        f"<svg><title>{' '.join(drawing)}</title></svg><ul>{items}</ul></body></html>"
    )
    words = sum(map(len, (title, heading, text, bold, more, drawing, *names)))
    return Page(html, headers=HTML), {"title": " ".join(title), "links": links, "words": words, "error": ""}


def text_of(page):
    """The text that a page's server sends."""
    return page.body if isinstance(page.body, str) else page.body.decode()


def some_site(rng, count):
    """`count` pages by path, and what there is to find in each."""
    paths = [f"/{number}-{rng.randint(0, 9999)}" for number in range(count)]
    made = {path: some_page(rng) for path in paths}
    return {path: page for path, (page, _) in made.items()}, {path: found for path, (_, found) in made.items()}


def pages_of(run):
    """What `scrape_all` returned, by URL."""
    assert isinstance(run.value, dict), f"{run.asked} should return a dict, URL → Page; it returned {run.value!r}."
    return run.value


def page_at(run, url):
    """What `scrape_all` returned for `url`."""
    assert url in pages_of(run), (
        f"scrape_all should have a key for each URL in the list; {url} is missing. Its keys: {sorted(map(str, run.value))}."
    )
    return run.value[url]


def assert_page(seen, expected, what, html=""):
    """The four values of a page are as expected, told one by one."""
    reasons = {
        "title": "It is the text of the first <title>, without the white space at its ends.",
        "links": "They are the href of each <a> and of no other tag, as written and in order.",
        "words": "Each tag counts as a space, and white space parts words; the title's count too.",
        "error": 'It is "" where there is a page.',
    }
    wrong = [
        f"Page.{name} should be {value!r}, it is {seen[name]!r}. {reasons[name]}{comes_of(name, seen[name], html)}"
        for name, value in expected.items()
        if type(seen[name]) is not type(value) or seen[name] != value
    ]
    assert not wrong, (
        f"{what}: {' '.join(wrong)}"
        + (f"\nThe page is: {html!r}" if html else "")
        + (f"\nPage.error is {seen['error']!r}." if seen["error"] else "")
    )


def comes_of(name, seen, html):
    """What gives such a value, where that can be told."""
    titles = [title.strip() for title in re.findall(r"<title>(.*?)</title>", html, re.DOTALL)]
    if name == "words" and seen == len(re.sub(r"<[^>]*>", "", html).split()):
        return " So many there are if tags are taken out with nothing in their place, which glues the words before and after a tag together."
    if name == "links" and isinstance(seen, list) and set(seen) & set(re.findall(r'<link [^>]*href="([^"]*)"', html)):
        return " One of these is the href of a <link>."
    if name == "title" and len(titles) > 1 and seen == titles[-1]:
        return " This is the last one."
    return ""


def assert_error(seen, what, body=""):
    """There is no page, and `error` says why."""
    error = seen["error"]
    rest = {name: seen[name] for name in NO_PAGE}
    held = f"Its other values are {rest}"
    if body and rest == NO_PAGE:
        held += f", though the server sent {body!r}: so the failure was noticed (urlopen raises it as an HTTPError) and an empty Page made of it"
    elif body:
        held += f", read from what the server sent, {body!r}: its status was not looked at"
    assert isinstance(error, str) and error, (
        f"{what}: there is no page, so Page.error should say why. It is {error!r}: who reads the result takes this for "
        f"{'an empty page' if rest == NO_PAGE else 'a page'}. {held}."
    )
    assert rest == NO_PAGE, f"{what}: there is no page, so its other values should be {NO_PAGE}; they are {rest}."


def test_pages_are_read(learner, rng):
    """Title, links and number of words are found, and an empty page is a page."""
    pages, found = some_site(rng, 2)
    pages["/plain"] = Page("no title <i>here</i>", headers=HTML)
    found["/plain"] = {"title": "", "links": [], "words": 3, "error": ""}
    pages["/empty"], found["/empty"] = Page(b"", headers=HTML), {**NO_PAGE, "error": ""}
    with learner.web(pages) as web:
        for path in pages:
            run = learner.probe("fetch", web.url(path))
            assert_page(run.value, found[path], f"fetch of a page, {path}", html=text_of(pages[path]))


@pytest.mark.points(2)
def test_requests_overlap(learner, rng):
    """Four workers have four requests under way at the same time."""
    pages, found = some_site(rng, 4)
    with learner.web(pages, hold=4) as web:
        run = learner.probe("scrape_all", [web.url(path) for path in pages], 4)
        for path in pages:
            assert_page(page_at(run, web.url(path)), found[path], f"The page {path}")
    assert web.peak == 4, (
        f"scrape_all of 4 URLs by 4 workers: the server held its answers back until 4 requests would be there together, and at "
        f"most {web.peak} came. While one waits, the others could be on their way: hand all URLs to the pool before you ask "
        "for the first result."
    )


def what_was_made(learner, pages):
    """The pools or threads that scrape_all makes, a sentence; done once more to be seen."""
    seen = None
    with learner.aside(), contextlib.suppress(LearnerFault), learner.web(pages) as web:
        seen = learner.probe("made", [web.url(path) for path in pages], 3).value
    if not isinstance(seen, dict):
        return ""
    if not seen["pools"]:
        return f"Asked once more, it made {seen['threads']} Thread objects and no ThreadPoolExecutor. "
    sizes = " and ".join(map(str, seen["pools"]))
    return f"Asked once more, it made a ThreadPoolExecutor of {sizes} threads; without max_workers it would have {seen['usual']} on this machine. "


def test_never_more_than_workers_at_once(learner, rng):
    """For twelve URLs and three workers never more than three requests are under way; no worker at all is an error."""
    pages, found = some_site(rng, 12)
    # The server waits for twelve requests, which shall not come, for a while; then it answers.
    with learner.web(pages, hold=12, patience=1.5) as web:
        run = learner.probe("scrape_all", [web.url(path) for path in pages], 3)
        for path in pages:
            assert_page(page_at(run, web.url(path)), found[path], f"The page {path}")
    assert web.peak <= 3, (
        f"scrape_all of 12 URLs by 3 workers: {web.peak} requests were under way at once. {what_was_made(learner, pages)}`workers` protects the server: "
        "a pool of that many threads, and none beside it, keeps to it."
    )
    assert web.peak == 3, (
        f"scrape_all of 12 URLs by 3 workers: at most {web.peak} request{'s were' if web.peak != 1 else ' was'} under way "
        "at once, three should be: hand all URLs to the pool before you ask for the first result."
    )
    with learner.web({}) as web:  # after all that is said of the run above: messages show the last run
        learner.probe("scrape_all", [web.url("/x")], 0).raises("ValueError", "Nobody could do the work.")


def test_redirects_are_followed(learner, rng):
    """A page that has moved, even twice, is found, under the URL that was asked for."""
    page, found = some_page(rng)
    first, second = rng.sample((301, 302, 303, 307, 308), 2)
    pages = {
        "/old": Page("moved", first, {"Location": "/newer"}),
        "/newer": Page("<title>moved</title>", second, {"Location": "/newest/page"}),
        "/newest/page": page,
    }
    with learner.web(pages) as web:
        run = learner.probe("scrape_all", [web.url("/old")], 2)
        assert list(pages_of(run)) == [web.url("/old")], (
            f"The key should be the URL that was asked for, {web.url('/old')}; the keys are {list(run.value)}."
        )
        what = f"/old answers {first} with a Location, and that one {second}"
        assert_page(run.value[web.url("/old")], found, what)


def came_of(run):
    """What fetch did."""
    return f"raises {run.error.type}" if run.error else f"returns a Page with error={run.value['error']!r}"


def each_alone(learner, web, bad):
    """What fetch does with each of the pages that are none."""
    did, raised = [], False
    with learner.aside(), contextlib.suppress(LearnerFault):
        for path, what in zip(bad, ("of status 404", "of status 500", "whose connection is dropped"), strict=True):
            run = learner.probe("fetch", web.url(path))
            raised = raised or run.raised
            did.append(f"{what} {came_of(run)}")
    if not did:
        return ""
    told = f"Each fetched alone: a page {', one '.join(did)}."
    if raised:
        return f"{told} fetch should catch all of them and tell them in Page.error: what comes may be any OSError (a URLError is one of many) or http.client.HTTPException."
    return f"{told} So fetch tells it, and scrape_all leaves out such a Page: keep it."


@pytest.mark.points(2)
def test_errors_are_told(learner, rng):
    """A page that is missing, a broken server and a dropped connection are told in Page.error, and the others are there."""
    pages, found = some_site(rng, 3)
    bad = {
        "/missing": Page("<title>Not found</title> try another", 404, HTML),
        "/broken": Page("<title>Sorry</title>", 500, HTML),
        "/dropped": Page(drop=True),
    }
    paths = [*pages, *bad]
    rng.shuffle(paths)
    with learner.web(pages | bad) as web:
        run = learner.probe("scrape_all", [web.url(path) for path in paths], 3)
        with explaining(each_alone(learner, web, bad) if run.raised else ""):
            run.raise_error()
        assert pages_of(run).keys() == {web.url(path) for path in paths}, (
            f"scrape_all should have a key for each URL, for those that failed too. It was asked for {paths}; the keys are "
            f"{sorted(run.value)}. {each_alone(learner, web, bad)}"
        )
        assert_error(run.value[web.url("/missing")], "A page with status 404", text_of(bad["/missing"]))
        assert_error(run.value[web.url("/broken")], "A page with status 500", text_of(bad["/broken"]))
        assert_error(run.value[web.url("/dropped")], "A connection that the server closed without an answer")
        for path in pages:
            assert_page(run.value[web.url(path)], found[path], f"The page {path}, beside others that failed")


def of_a_url_error(learner):
    """What fetch does where urlopen raises a plain URLError, a sentence."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        return f" For unheard-of://page, which urlopen refuses by a URLError, fetch {came_of(learner.probe('fetch', 'unheard-of://page', 0.5))}."
    return ""


def test_a_silent_server_is_given_up(learner):
    """A server that sends nothing is given up after the timeout, and that is told."""
    why = (
        "The server sends nothing, and the timeout is 0.5 s. What waits for its answer has to be told of it (urlopen(url, timeout=timeout)). When that time is over it raises a "
        "TimeoutError, which is an OSError and no URLError."
    )
    with learner.web({"/silent": Page(silent=True)}) as web:
        with explaining(why):
            run = learner.probe("fetch", web.url("/silent"), 0.5, limit=15)
        with explaining(f"{why}{of_a_url_error(learner) if run.raised else ''}"):
            seen = run.value
    assert_error(seen, "A server that sent nothing for the timeout of 0.5 s")
    assert 0.4 <= run.seconds < learner.bound(0.5, 2.5), (
        f"fetch with a timeout of 0.5 s gave a silent server up after {run.seconds:.2f} s. Is the timeout that was asked for "
        "handed on to what reads from the network?"
    )


def test_charset_of_the_header(learner, rng):
    """Bytes are decoded by the charset of the header, else as UTF-8, and wrong ones are replaced."""
    word = "".join(rng.choices("äöüéñ", k=4))
    cases = {
        "/latin": (f"<title>{word}</title>".encode("latin-1"), "text/html; charset=iso-8859-1", word),
        "/utf8": (f"<title>{word}</title>".encode(), "text/html", word),
        "/wrong": (f"<title>{word} ".encode() + b"\xff!</title>", "text/html", f"{word} �!"),
    }
    pages = {path: Page(body, headers={"Content-Type": kind}) for path, (body, kind, _) in cases.items()}
    with learner.web(pages) as web:
        for path, (body, kind, title) in cases.items():
            with explaining(
                f'Its Content-Type is {kind!r}. The header names the charset; without one it is UTF-8, and a wrong byte becomes one U+FFFD (errors="replace").'
            ):
                seen = learner.probe("fetch", web.url(path)).value
            told = f" Page.error is {seen['error']!r}." if seen["error"] else ""
            assert seen["title"] == title, (
                f"The bytes {body!r} with Content-Type {kind!r}: the title should be {title!r}, it is {seen['title']!r}.{told} "
                "The header names the charset; without one it is UTF-8, and a wrong byte becomes one U+FFFD."
            )


def test_each_url_is_fetched_once(learner, rng):
    """A URL that comes twice is fetched once, and no URLs give an empty dict."""
    pages, found = some_site(rng, 5)
    paths = [*pages, *rng.choices(list(pages), k=7)]
    rng.shuffle(paths)
    with learner.web(pages) as web:
        run = learner.probe("scrape_all", [web.url(path) for path in paths], 4)
        assert pages_of(run).keys() == {web.url(path) for path in pages}, (
            f"scrape_all should have one key for each distinct URL of {paths}; its keys are {sorted(run.value)}."
        )
        for path in pages:
            assert_page(run.value[web.url(path)], found[path], f"The page {path}")
            assert web.times(path) == 1, (
                f"{path} was asked for {web.times(path)} times, and stood in the list {paths.count(path)} times. Each URL "
                "should be fetched once: take the duplicates out before the work begins."
            )
    learner.probe("scrape_all", []).returned({})
