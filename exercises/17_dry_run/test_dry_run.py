"""The checks of kata 17. Pictures are compared cell by cell with those of `cells_of`, which reckons with exact fractions."""

import contextlib
from fractions import Fraction

import pytest

from grader.judge.faults import LearnerFault

MARKS = "The first of these that is true, for however little of the cell: `*` a print begins in it; `.` a wait has more than a point in common with it; `#` a run has; a space"
BEGUN = {"start": "run", "wait": "wait", "print": "print"}
APART = [("a", 2, 3, "run"), ("a", 1, 2, "wait"), ("b", 0, 5, "wait"), ("b", 5, 5, "print")]
"""Spans whose pictures tell apart what the scale is taken from: the first span, the first thread, or all of them."""
NAMES = ["main", "numbers", "letters", "worker-1", "a", "the longest of all"]


# --- what should come, found in another way than an answer would


def mark_of(spans, low, high, last):
    """The mark of the cell from `low` to before `high`; the last one has its end, too."""
    if any(what == "print" and (low <= start < high or (last and start == high)) for start, _, what in spans):
        return "*"
    for kind, mark in (("wait", "."), ("run", "#")):
        if any(what == kind and min(end, high) - max(start, low) > 0 for start, end, what in spans):
            return mark
    return " "


def scale_of(spans):
    """t0 and T."""
    zero = min(start for _, start, _, _ in spans)
    return zero, max(end for _, _, end, _ in spans) - zero or 1


def cells_of(spans, width, scale=None):
    """For each thread its cells, cell by cell, as the task says it, or on another scale (t0 and T)."""
    zero, length = scale or scale_of(spans)
    borders = [zero + Fraction(cell * length, width) for cell in range(width + 1)]
    rows = {}
    for thread, start, end, what in spans:
        rows.setdefault(thread, []).append((start, end, what))
    return {
        thread: "".join(mark_of(row, borders[cell], borders[cell + 1], cell == width - 1) for cell in range(width))
        for thread, row in rows.items()
    }


def picture_of(spans, width, scale=None):
    return in_lines(cells_of(spans, width, scale) if spans else {})


def in_lines(rows):
    """The picture of these cells."""
    longest = max(map(len, rows), default=0)
    return "\n".join(thread + " " * (longest - len(thread)) + " |" + cells + "|" for thread, cells in rows.items())


def spans_of(events):
    """The spans of `events`: each event and the first later one of its thread."""
    threads = sorted({thread for _, thread, _ in events}, key=[thread for _, thread, _ in events].index)
    found = []
    for name in threads:
        own = [(at, what) for at, thread, what in events if thread == name]
        found += [
            (name, at, own[place + 1][0], BEGUN[what]) for place, (at, what) in enumerate(own[:-1]) if what != "end"
        ]
    return found


# --- inputs


def some_events(rng, threads, most=6):
    """Events of so many threads, by time; many come at the same time."""
    rows = {}
    for name in rng.sample(NAMES, threads):
        at, row = rng.randint(-3, 3), []
        for what in ["start", *rng.choices(["wait", "print"], k=rng.randint(2, most)), "end"]:
            row.append((at, name, what))
            at += rng.choice([0, 1, 2, 5])
        rows[name] = row
    events = [event for row in rows.values() for event in row]
    return sorted(events, key=lambda event: event[0])


def some_spans(rng, threads, most=12):
    """Spans of so many threads, which overlap, touch, and have no length."""
    spans = []
    for name in rng.sample(NAMES, threads):
        for _ in range(rng.randint(1, 5)):
            start = rng.randint(0, most)
            spans.append((name, start, start + rng.choice([0, 0, 1, 2, 4, most]), rng.choice(["run", "wait", "print"])))
    return spans


# --- how a difference is told


def difference(learner, spans, width, drawn, expected):
    """The first difference of two pictures, in words."""
    if not isinstance(drawn, str):
        return f"draw should return a str, it returned {drawn!r}."
    lines, wanted = drawn.split("\n"), expected.split("\n")
    if drawn.rstrip("\n") == expected:
        return "There is a newline at its end; newlines stand only between lines."
    if len(lines) != len(wanted):
        return f"It has {len(lines)} lines, {len(wanted)} are asked for: one for each thread, also for one whose spans have no length."
    return next(
        f"In line {number}, {in_line(spans, width, line, want, lambda: why_other_cells(learner, spans, width, drawn, expected))}"
        for number, (line, want) in enumerate(zip(lines, wanted, strict=True), start=1)
        if line != want
    )


def in_line(spans, width, line, want, why):
    """The first difference of two lines, in words."""
    name, _, cells = want.partition("|")
    begin = len(name) + 1
    if not line.startswith(f"{name}|"):
        return f"the beginning should be {name + '|'!r}: threads in the order in which they first come, names filled up to the longest one."
    if len(line) != len(want):
        return f"there are {len(line)} characters, and there should be {len(want)}: the name, a space, `|`, {width} cells, `|`."
    cell = next((cell for cell, wish in enumerate(cells) if line[begin + cell] != wish), 0)
    zero, length = scale_of(spans)
    low, high = (zero + Fraction(place * length, width) for place in (cell, cell + 1))
    covers = f"from {low} to {'and with' if cell == width - 1 else 'before'} {high}"
    held = ", ".join(held_by(spans, name.rstrip(), low, high)) or "nothing of this thread"
    return (
        f"cell {cell} is {line[begin + cell]!r} and should be {cells[cell]!r}. It covers the times {covers}: t0 is {zero}, the earliest start, and T is {length}, for all threads. "
        f"In it or at its borders: {held}. "
        f"{as_by_share(spans, name.rstrip(), low, high, line[begin + cell])}{why()}{MARKS}."
    )


def other_scales(spans, width):
    """Pictures on other scales than that of all spans, and in words what each of these is taken from."""
    first = spans[0][0]
    alone = {name: [span for span in spans if span[0] == name] for name, *_ in spans}
    latest = max(end for _, _, end, _ in spans)
    start = spans[0][1]
    yield (
        picture_of(spans, width, (start, latest - start or 1)),
        f"with t0 = {start}, where the first span of the list begins, and T up to the latest end",
    )
    yield (
        picture_of(spans, width, scale_of(alone[first])),
        "with t0 and T of the thread that comes first in the list",
    )
    yield (
        in_lines({name: cells_of(own, width)[name] for name, own in alone.items()}),
        "with t0 and T of each thread for itself",
    )


def as_on_another_scale(learner, spans, width, drawn):
    """A sentence, where the picture is right for another t0 and T, and so is that of other spans."""
    found = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        found = learner.probe("picture", APART, 10).value
    expected = picture_of(spans, width)
    for (picture, words), (other, _) in zip(other_scales(spans, width), other_scales(APART, 10), strict=True):
        if drawn == picture != expected and found == other:
            return f"Exactly this picture comes {words}. "
    return ""


def as_in_another_order(learner, spans, width):
    """A sentence, where the same spans, those of each thread in the opposite order, are drawn as they should be."""
    names = dict.fromkeys(name for name, *_ in spans)
    turned = [span for name in names for span in reversed(spans) if span[0] == name]
    found = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        found = learner.probe("picture", turned, width).value
    if found != picture_of(turned, width):
        return ""
    return "The same spans are drawn right if those of each thread stand in the opposite order: their order in the list should not matter. "


def as_by_share(spans, name, low, high, seen):
    """A sentence, where the mark is that of what takes most of the cell, and of nothing at its beginning, middle or end."""
    own = [span[1:] for span in spans if span[0] == name]
    shares = {
        kind: sum(max(0, min(end, high) - max(start, low)) for start, end, what in own if what == kind)
        for kind in ("wait", "run")
    }
    most = max(shares, key=lambda kind: shares[kind])
    there = {what for at in (low, (low + high) / 2, high) for start, end, what in own if start <= at <= end}
    if seen != {"wait": ".", "run": "#"}[most] or most in there:
        return ""
    return f"{seen!r} stands for the {most}, which takes {shares[most]} of the cell; at the cell's beginning, middle and end there is none. "


def held_by(spans, name, low, high):
    """What `name` does from `low` to `high`, both included, and for how long of that, in words; at most six of them."""
    found = []
    for thread, start, end, what in spans:
        if thread == name and what == "print" and low <= start <= high:
            found.append(f"a print at {start}")
        elif thread == name and what != "print" and start <= high and end >= low:
            length = min(end, high) - max(start, low)
            found.append(f"a {what} for {length} of {high - low}{'' if length else ' (it only touches)'}")
    return found[:6]


def why_other_cells(learner, spans, width, drawn, expected):
    """What is known of a picture whose cells differ."""
    if [len(line) for line in drawn.split("\n")] != [len(line) for line in expected.split("\n")]:
        return ""
    return as_on_another_scale(learner, spans, width, drawn) or as_in_another_order(learner, spans, width)


def assert_picture(learner, spans, width, drawn, asked=""):
    """The picture is as the task says."""
    expected = picture_of(spans, width)
    shown = ", ".join(f"{thread} {start}–{end} {what}" for thread, start, end, what in spans[:30])
    assert drawn == expected, (
        f"{asked or 'Spans'} ({shown}{' …' if len(spans) > 30 else ''}), width {width}. {difference(learner, spans, width, drawn, expected)}\nIt should be\n{expected}\nand it is\n{drawn}"
    )


def order_of(seen):
    """How the threads stand in `seen`, in words, where that can be told."""
    threads = [thread for place, (thread, *_) in enumerate(seen) if place == 0 or seen[place - 1][0] != thread]
    if len(threads) > len(set(threads)):
        return ", the threads' spans mixed with each other's"
    return ", the threads sorted by name" if threads == sorted(threads) else ""


def assert_spans(learner, events):
    """The timeline is as the task says."""
    expected = spans_of(events)
    seen = learner.probe("spans_of", events).value
    if seen == expected:
        return
    missing = [span for span in expected if span not in seen]
    extra = [span for span in seen if span not in expected]
    if not missing and not extra and len(seen) == len(expected):
        guess = f"They are the right ones in a wrong order{order_of(seen)}: all of the thread that comes first among the events, by time, then all of the next."
    elif missing and all(span[1] == span[2] for span in missing) and not extra:
        guess = "Spans without length are kept: at one moment a thread may print and begin to wait."
    elif extra and not missing:
        guess = "An end begins no span, and neither does the last event of a thread: nothing says until when."
    else:
        guess = "A span lasts until the next event of the *same* thread, whatever others do meanwhile. start begins a run, wait a wait, print a print."
    assert seen == expected, (
        f"timeline of the events (time, thread, what) {events} should be the spans (thread, start, end, what) {expected}; it is {seen}. "
        f"Missing: {missing}; not asked for: {extra}. {guess}"
    )


# --- the checks


def test_spans_of_one_thread(learner, rng):
    """Each start, wait and print lasts until the next event, also if that comes at the same time."""
    name = rng.choice(NAMES)
    assert_spans(
        learner, [(0, name, "start"), (1, name, "wait"), (5, name, "print"), (5, name, "wait"), (9, name, "end")]
    )
    assert_spans(learner, some_events(rng, 1, most=9))
    assert_spans(learner, [(3, name, "start"), (4, name, "wait")])
    learner.probe("spans_of", []).returned([], "No events have no spans.")


@pytest.mark.points(2)
def test_spans_of_several_threads(learner, rng):
    """Each thread's spans stand together, the threads in the order of their first events."""
    assert_spans(
        learner,
        [
            (0, "z", "start"),
            (0, "b", "start"),
            (1, "z", "wait"),
            (2, "b", "wait"),
            (4, "b", "print"),
            (4, "z", "end"),
            (6, "b", "end"),
        ],
    )
    for threads in (2, 3, 5):
        assert_spans(learner, some_events(rng, threads))


def test_a_line_for_each_thread(learner, rng):
    """Names are filled up, lines are joined, a width of 1 is one cell, and no spans are an empty text."""
    learner.probe("picture", [], rng.randint(1, 9)).returned("", "No spans: no lines.")
    spans = [("numbers", 0, 4, "wait"), ("a", 2, 2, "run"), ("letters-2", 4, 8, "run"), ("a", 6, 8, "wait")]
    for width in (4, 1):
        assert_picture(learner, spans, width, learner.probe("picture", spans, width).value)


def test_marks_cell_by_cell(learner):
    """Print before wait before run, and no mark for what only touches a cell."""
    # At the beginning, in the middle and at the end of the one cell there is a wait, and a run in most of it.
    spans = [("a", 0, 1, "wait"), ("a", 1, 5, "run"), ("a", 5, 7, "wait"), ("a", 7, 11, "run"), ("a", 11, 12, "wait")]
    assert_picture(learner, spans, 1, learner.probe("picture", spans, 1).value)
    cases = [
        [("a", 0, 4, "run"), ("a", 1, 2, "wait"), ("a", 3, 4, "print")],
        [("a", 0, 2, "wait"), ("b", 2, 4, "run"), ("b", 4, 4, "print")],
        [("a", 2, 4, "run"), ("b", 0, 1, "wait"), ("b", 1, 2, "print"), ("b", 3, 3, "wait")],
        [("a", 0, 1, "wait"), ("a", 0, 4, "run"), ("b", 0, 1, "print"), ("b", 0, 4, "wait")],
    ]
    for spans in cases:
        for width in (4, 8, 2, 1, 3):
            assert_picture(learner, spans, width, learner.probe("picture", spans, width).value)


@pytest.mark.points(2)
def test_any_spans(learner, rng):
    """Spans of any length and width: overlapping, touching, empty."""
    for threads in (1, 2, 3, 4):
        spans = some_spans(rng, threads)
        width = rng.randint(1, 40)
        assert_picture(learner, spans, width, learner.probe("picture", spans, width).value)


def test_borders_are_exact(learner, rng):
    """A print at cell 29 of 100 stands there, and neither do large times move a mark."""
    exact = "A float is no exact border (29 / 100 * 100 is less than 29), and moves marks to the cell beside; whole numbers and fractions are exact. Spans"
    hundred = [("a", 0, 100, "wait"), *[("a", at, at, "print") for at in (7, 14, 28, 29, 55, 57, 58)]]
    assert_picture(learner, hundred, 100, learner.probe("picture", hundred, 100).value, exact)
    fifths = [
        (name, at, at + 1, what)
        for at in range(10)
        for name, what in (("a", "print"), ("b", "wait" if at % 2 else "run"))
    ]
    cell_is_float = "The length of a cell is no float either (1 // (10 / 50) is 4.0, as that float is a little more than a fifth). Spans"
    assert_picture(learner, fifths, 50, learner.probe("picture", fifths, 50).value, cell_is_float)
    base = 10**18 + rng.randint(0, 10**6)
    huge = [("a", base, base + 30, "run"), ("a", base + 10, base + 11, "wait"), ("a", base + 29, base + 29, "print")]
    assert_picture(learner, huge, 30, learner.probe("picture", huge, 30).value, exact)
    cell = 10**17 + 128 * rng.randint(0, 10**4)
    long = [("a", 0, 30 * cell, "run"), ("b", 3 * cell - 1, 5 * cell + 1, "wait"), ("b", 10 * cell, 11 * cell, "run")]
    long += [("a", at, at, "print") for at in (7 * cell - 1, 12 * cell, 16 * cell + 1, 29 * cell - 1)]
    digits = f"A float has 16 digits, and these times up to 19: float({7 * cell - 1}) == float({7 * cell}), and `/` makes floats even of products of whole numbers. Spans"
    assert_picture(learner, long, 30, learner.probe("picture", long, 30).value, digits)
    moment = [("numbers", 5, 5, "run"), ("numbers", 5, 5, "print"), ("b", 5, 5, "wait")]
    for width in (1, 6):
        assert_picture(
            learner, moment, width, learner.probe("picture", moment, width).value, "Here T is 0, and counts as 1. Spans"
        )


def events_of_bubble(run):
    """What the bubble saw of a run, in microseconds, as events of this kata."""
    known = {"start": "start", "sleep": "wait", "wait": "wait", "print": "print", "end": "end"}
    return [(round(event.at * 1e6), event.lane, known[event.what]) for event in run.timeline if event.what in known]


def events_of_lines(run):
    """What was seen from outside: the times at which lines came out, in milliseconds; between them the tasks wait."""
    events = []
    for thread, word in (("numbers", "Number"), ("letters", "Letter")):
        events += [(0, thread, "start"), (0, thread, "wait")]
        times = [round(line.at * 1000) for line in run.out if line.text.startswith(word)]
        for place, at in enumerate(times):
            events += [(at, thread, "print"), (at, thread, "wait" if place + 1 < len(times) else "end")]
    return sorted(events, key=lambda event: event[0])


def test_kata_01_as_the_bubble_saw_it(learner, rng):
    """The dry run of two tasks that print and wait is drawn as it was."""
    for delay, width in ((2.0, 40), (rng.randint(301, 1499) / 1000, rng.randint(11, 70))):
        events = events_of_bubble(learner.probe("print_tasks", delay))
        drawn = learner.probe("dry_run", events, width).value
        assert_picture(
            learner, spans_of(events), width, drawn, f"Kata 01 with a delay of {delay} s, times in microseconds: spans"
        )


@pytest.mark.real_time
def test_kata_01_seen_from_outside(learner):
    """On plain threads and a real clock: the picture shows when each line came out."""
    run = learner.probe("print_tasks", 0.2, clock="real", limit=20.0)
    events = events_of_lines(run)
    drawn = learner.probe("dry_run", events, 60, clock="real", limit=10.0).value
    assert_picture(
        learner,
        spans_of(events),
        60,
        drawn,
        "Kata 01 with a delay of 0.2 s, each print at the millisecond in which its line came out: spans",
    )
