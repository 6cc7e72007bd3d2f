"""The checks of kata 13: a real HTTP server of the judge's counts the requests that are under way."""

import contextlib
import itertools
import re

import pytest

from grader.judge.faults import LearnerFault, explaining
from grader.judge.web import Page

LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéñ"
HTML = {"Content-Type": "text/html; charset=utf-8"}
NO_PAGE = {"title": "", "links": [], "words": 0}
REDIRECTS = (301, 302, 303, 307, 308)
ODD_STATUSES = (402, 405, 406, 409, 411, 418, 422, 451, 502, 504, 511)


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
    if name == "words" and html and seen == len(re.sub(r"<[^>]*>", "", html).split()):
        return " So many there are if tags are taken out with nothing in their place, which glues the words before and after a tag together."
    if name == "links" and isinstance(seen, list):
        others = [tag for tag, href in re.findall(r'<(\w\w+)[^>]* href="([^"]*)"', html) if href in seen]
        return f" Among these is the href of <{'> and of <'.join(others)}>." if others else ""
    if name == "title" and len(titles) > 1 and seen == titles[-1]:
        return " This is the last one."
    return ""


def assert_error(seen, what, body="", more=lambda: ""):
    """There is no page, and `error` says why; if it doesn't, `more` is called for a sentence more."""
    error = seen["error"]
    rest = {name: seen[name] for name in NO_PAGE}
    held = f"Its other values are {rest}"
    if body and rest == NO_PAGE:
        held += f", though the server sent {body!r}: so the failure was noticed (urlopen raises it as an HTTPError) and an empty Page made of it"
    elif body:
        held += f", read from what the server sent, {body!r}, which is no page but what the server says to its status"
    assert isinstance(error, str) and error, (
        f"{what}: there is no page, so Page.error should say why. It is {error!r}: who reads the result takes this for "
        f"{'an empty page' if rest == NO_PAGE else 'a page'}. {held}.{more()}"
    )
    assert rest == NO_PAGE, f"{what}: there is no page, so its other values should be {NO_PAGE}; they are {rest}."


def test_pages_are_read(learner, rng):
    """Title, links and number of words are found, and an empty page is a page."""
    pages, found = some_site(rng, 2)
    pages["/plain"] = Page("no title <i>here</i>", headers=HTML)
    found["/plain"] = {"title": "", "links": [], "words": 3, "error": ""}
    pages["/map"] = Page('<map><area alt="" href="/north"></map><a href="/list">as a list</a>', headers=HTML)
    found["/map"] = {"title": "", "links": ["/list"], "words": 3, "error": ""}
    pages["/empty"], found["/empty"] = Page(b"", headers=HTML), {**NO_PAGE, "error": ""}
    with learner.web(pages) as web:
        for path in pages:
            run = learner.probe("fetch", web.url(path))
            assert_page(run.value, found[path], f"fetch of a page, {path}", html=text_of(pages[path]))


def came_of_three(learner, pages):
    """How many requests come together by three workers, a sentence."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        with learner.web(pages, hold=len(pages), patience=1.0) as web:
            learner.probe("scrape_all", [web.url(path) for path in pages], 3).raise_error()
        return f" Asked again with 3 workers, at most {web.peak} came."
    return ""


@pytest.mark.points(2)
def test_requests_overlap(learner, rng):
    """As many requests are under way as there are workers, and while one takes long the others go on."""
    workers = rng.randint(10, 12)
    pages, found = some_site(rng, workers)
    with learner.web(pages, hold=workers) as web:
        run = learner.probe("scrape_all", [web.url(path) for path in pages], workers)
        for path in pages:
            assert_page(page_at(run, web.url(path)), found[path], f"The page {path}")
    held = f"scrape_all of {workers} URLs by {workers} workers: the server held its answers back until {workers} requests would be there together, and at most {web.peak} came."
    assert web.peak in (1, workers), (
        f"{held}{came_of_three(learner, pages)} `workers` says how many there should be, whether many or few."
    )
    assert web.peak == workers, (
        f"{held} While one waits, the others could be on their way: hand all URLs to the pool before you ask "
        "for the first result."
    )
    pages, found = some_site(rng, 9)
    with learner.web(pages, first=1.0) as web:
        run = learner.probe("scrape_all", [web.url(path) for path in pages], 3)
        for path in pages:
            assert_page(page_at(run, web.url(path)), found[path], f"The page {path}")
    slow = web.requests[0]
    begun = sum(slow.until is None or request.at < slow.until for request in web.requests)
    assert begun > 3, (
        f"scrape_all of 9 URLs by 3 workers. The page that was asked for first, {slow.path}, came after 1 s; the others come at once. "
        f"Until then the server saw {begun} requests, that one included: the other two workers stood still, with {9 - begun} URLs left. "
        "Who works in batches waits for the slowest of each. Hand all URLs to one pool: whoever is done takes the next."
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
        learner.probe("scrape_all", [], 0).raises(
            "ValueError", "No URLs, and `workers` is still wrong: ask about it before you look at the URLs."
        )


def test_redirects_are_followed(learner, rng):
    """A page that has moved, even several times, is found, under the URL that was asked for."""
    codes = rng.sample(REDIRECTS, len(REDIRECTS))
    ways = [["/old", "/newer", "/newer/still", "/newest/page"], ["/moved", "/here", "/now/here"]]
    steps = [(here, there) for way in ways for here, there in itertools.pairwise(way)]
    pages, found = {}, {}
    for way in ways:
        pages[way[-1]], found[way[0]] = some_page(rng)
    with learner.web(pages) as web:
        for code, (here, there) in zip(codes, steps, strict=True):
            place = web.url(there) if there == "/here" else there
            pages[here] = Page(f"<title>{here} has moved</title>", code, {"Location": place})
        run = learner.probe("scrape_all", [web.url(way[0]) for way in ways], 2)
        assert pages_of(run).keys() == {web.url(way[0]) for way in ways}, (
            f"The keys should be the URLs that were asked for, {[web.url(way[0]) for way in ways]}; they are {list(run.value)}."
        )
        for way in ways:
            seen = run.value[web.url(way[0])]
            for here, there in itertools.pairwise(way):
                assert web.times(there), not_followed(here, pages[here], there, seen)
            moves = " → ".join(f"{here} ({pages[here].status})" for here in way[:-1])
            assert_page(seen, found[way[0]], f"{moves} → {way[-1]}")


def came_of(run):
    """What fetch did."""
    return f"raises {run.error.type}" if run.error else f"returns a Page with error={run.value['error']!r}"


def not_followed(here, page, there, seen):
    """What came of a redirect that was not followed."""
    told = f"{here} answers {page.status} with Location: {page.headers['Location']}, and {there} was never asked for. "
    if seen["title"] == f"{here} has moved":
        return f"{told}The redirect was not followed: what came with it, {page.body!r}, was taken for the page. 301, 302, 303, 307 and 308 are to be followed."
    return f"{told}Page.error is {seen['error']!r}. Follow it: a Location may be a whole URL, or a path on the same server."


BAD = {
    "/missing": "of status 404",
    "/broken": "of status 500",
    "/dropped": "whose connection is dropped",
    "/half": "that ends in the middle",
    "/astray": "that redirects to http://[bad/",
}


def each_alone(learner, web):
    """What fetch does with each of the pages that are none."""
    did, raised = [], False
    with learner.aside(), contextlib.suppress(LearnerFault):
        for path, what in BAD.items():
            run = learner.probe("fetch", web.url(path))
            raised = raised or run.raised
            did.append(f"{what} {came_of(run)}")
    if not did:
        return ""
    told = f"Each fetched alone: a page {', one '.join(did)}."
    if raised:
        return f"{told} fetch should catch all of them and tell them in Page.error: what comes may be any OSError (a URLError is one of many) or http.client.HTTPException, and a ValueError if a Location is no URL."
    return f"{told} So fetch tells it, and scrape_all leaves out such a Page: keep it."


def whether_incomplete(learner, url):
    """Whether http.client raised IncompleteRead for half a page, a sentence."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        made = learner.probe("fetch_noting", url).value
        if made:
            return f" Fetched once more, {made[0]} was raised within fetch, which did not tell of it."
        return " Fetched once more, no IncompleteRead was raised within fetch: read() raises it, read(n) and others may not."
    return ""


@pytest.mark.points(2)
def test_errors_are_told(learner, rng):
    """A page that is missing or cut, a broken server and a dropped connection are told in Page.error, and the others are there."""
    pages, found = some_site(rng, 3)
    statuses = {"/missing": 404, "/gone": 410, "/bad": 400, "/broken": 500, "/odd": rng.choice(ODD_STATUSES)}
    bad = {path: Page(f"<title>Sorry</title> {path[1:]}", status, HTML) for path, status in statuses.items()}
    bad["/dropped"] = Page(drop=True)
    half = b"<title>One</title> and a half"
    bad["/half"] = Page(half, headers=HTML, missing=len(half))
    bad["/astray"] = Page("<title>moved</title>", rng.choice(REDIRECTS), HTML | {"Location": "http://[bad/"})
    paths = [*pages, *bad]
    rng.shuffle(paths)
    with learner.web(pages | bad) as web:
        run = learner.probe("scrape_all", [web.url(path) for path in paths], 3)
        asked = [request.path for request in web.requests if request.method == "GET"]
        with explaining(each_alone(learner, web) if run.raised else ""):
            run.raise_error()
        assert pages_of(run).keys() == {web.url(path) for path in paths}, (
            f"scrape_all should have a key for each URL, for those that failed too. It was asked for {paths}; the keys are "
            f"{sorted(run.value)}. {each_alone(learner, web)}"
        )
        told = [status for path, status in statuses.items() if run.value[web.url(path)]["error"]]
        for path, status in statuses.items():
            beside = f" (400 or more is an error, whichever it is; of {sorted(statuses.values())} only {sorted(told)} were told)"
            what = f"A page with status {status}{beside if told else ''}"
            assert_error(run.value[web.url(path)], what, text_of(bad[path]))
        assert_error(run.value[web.url("/dropped")], "A connection that the server closed without an answer")
        assert_error(
            run.value[web.url("/half")],
            f"A page of which the header says Content-Length: {2 * len(half)}, and after the {len(half)} bytes {half!r} the server "
            "closed the connection: half a page is none",
            more=lambda: whether_incomplete(learner, web.url("/half")),
        )
        assert_error(run.value[web.url("/astray")], "A redirect to http://[bad/, which is no URL")
        for path in pages:
            assert_page(run.value[web.url(path)], found[path], f"The page {path}, beside others that failed")
        for path in bad:
            assert asked.count(path) <= 1, (
                f"{path} is an error, and was asked for {asked.count(path)} times. fetch makes one GET request: to ask again is the caller's "
                "business, and a server in trouble is not helped by twice as many requests."
            )


def of_a_url_error(learner):
    """What fetch does where urlopen raises a plain URLError, a sentence."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        return f" For unheard-of://page, which urlopen refuses by a URLError, fetch {came_of(learner.probe('fetch', 'unheard-of://page', 0.5))}."
    return ""


def assert_given_up(learner, url, what, before):
    """A server that `what` is given up after the timeout, and that is told; return a sentence. `before` holds others."""
    hint = "" if before else " (urlopen(url, timeout=timeout))"
    why = (
        f"The server {what}, and the timeout is 0.5 s. {before}What waits for its answer has to be told of it{hint}, for each request and to the end of the page. "
        "When that time is over it raises a TimeoutError, which is an OSError and no URLError."
    )
    with explaining(why):
        run = learner.probe("fetch", url, 0.5, limit=15)
    with explaining(f"{why}{of_a_url_error(learner) if run.raised else ''}"):
        seen = run.value
    assert_error(seen, f"A server that {what} for the timeout of 0.5 s")
    assert 0.4 <= run.seconds < learner.bound(0.5, 2.5), (
        f"fetch with a timeout of 0.5 s gave up a server that {what} after {run.seconds:.2f} s. Is the timeout that was asked for "
        "handed on to what reads from the network?"
    )
    return f"One that {what}, was given up after {run.seconds:.2f} s. "


def test_a_silent_server_is_given_up(learner):
    """A server that sends nothing is given up after the timeout, and that is told; one that is only slow is not."""
    silent = {
        "/silent": ("sent nothing", Page(silent=True)),
        "/moved": (
            "sent a redirect, and to the request for its Location nothing",
            Page("", 302, {"Location": "/silent"}),
        ),
        "/begun": ("sent the header of a page, and then nothing", Page("<title>One</title>", headers=HTML, pause=60.0)),
    }
    with learner.web({path: page for path, (_, page) in silent.items()}) as web:
        before = ""
        for path, (what, _) in silent.items():
            before += assert_given_up(learner, web.url(path), what, before)
    # Each part of these comes well before the timeout; all together they do not.
    pause, patience = learner.bound(0, 0.4), learner.bound(0, 1.0)
    way = ["/a", "/b", "/c", "/moved"]
    pages = {here: Page("", 302, {"Location": there}, pause) for here, there in itertools.pairwise(way)}
    pages["/moved"] = Page("slow, and here", delay=pause)
    pages["/page"] = Page("slow, and here", delay=pause, pause=pause)
    for path, came in (
        ("/a", f"A page behind three redirects, each answer {pause:.1f} s after its request"),
        ("/page", f"A page whose header comes after {pause:.1f} s, and each half of it {pause:.1f} s later"),
    ):
        with learner.web(pages) as web:
            seen = learner.probe("fetch", web.url(path), patience, limit=15).value
        what = f"{came}, and a timeout of {patience:.1f} s"
        assert seen["error"] == "", (
            f"{what}: the server was never silent for as long as the timeout, and Page.error is {seen['error']!r}. The timeout is for each wait on the network, "
            "not for all of them together: hand it to what waits there, and have no other clock beside it."
        )
        assert_page(seen, NO_PAGE | {"words": 3}, what)


def of_a_bad_location(learner, url):
    """What fetch does at a redirect to what is no URL, a sentence."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        return f" At a redirect to http://[bad/, which is no URL, it {came_of(learner.probe('fetch', url))}."
    return ""


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
    unknown = Page("<title>nuqneH</title>", headers={"Content-Type": "text/html; charset=klingon"})
    astray = Page("<title>moved</title>", 302, HTML | {"Location": "http://[bad/"})
    with learner.web({"/unknown": unknown, "/astray": astray}) as web:
        run = learner.probe("fetch", web.url("/unknown"))
        what = "A page whose Content-Type is 'text/html; charset=klingon', which Python does not know"
        raised = f"{run.error.type}: {run.error.text}" if run.error else ""
        assert not raised, (
            f"{what}: fetch raises {raised}. What goes wrong is told in Page.error and not raised; decode can raise a LookupError, which is neither an OSError nor an "
            f"HTTPException.{of_a_bad_location(learner, web.url('/astray'))}"
        )
        if run.value["title"] != "nuqneH":  # who takes UTF-8 has a page
            assert_error(run.value, what)


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
            methods = [request.method for request in web.requests if request.path == path]
            assert set(methods) <= {"GET"}, (
                f"{path} was asked for by {' and '.join(methods)}. Each page should be fetched by one GET request, which brings its header too."
            )
            assert web.times(path) == 1, (
                f"{path} was asked for {web.times(path)} times, and stood in the list {paths.count(path)} times. Each URL "
                "should be fetched once: take the duplicates out before the work begins."
            )
    learner.probe("scrape_all", []).returned({})
    page, found = some_page(rng)
    with learner.web({"/news": page}) as web:
        url = web.url("/news")
        run = learner.probe("scrape_twice", [url], 2)
        for pages in run.value:
            assert pages == {url: found}, (
                f"scrape_all([{url!r}], 2), called twice, should return the page both times; it returned {run.value}."
            )
        assert web.times("/news") == 2, (
            f"scrape_all([{url!r}], 2) was called twice, and the server saw {web.times('/news')} of 2 requests. Each call fetches anew: a page may "
            "have changed since the last one. Does something outside of scrape_all remember pages?"
        )
