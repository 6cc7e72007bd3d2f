"""The checks of kata 26: what is chosen, and that it is done: the judge's server sees overlap, the system books CPU time."""

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from grader.judge.faults import LearnerFault, explaining
from grader.judge.run import computing_together
from grader.judge.web import Page

EXAMPLES = [
    # kind, items, waits, computes, what suits
    ("API", 40, 0.3, 0.002, "threads"),
    ("file", 200, 0.02, 0.001, "threads"),
    ("scraping", 100, 0.8, 0.05, "threads"),
    ("query", 12, 0.15, 0.001, "threads"),
    ("maths", 16, 0.0, 1.5, "processes"),
    ("data", 8, 0.2, 2.0, "processes"),
    ("image", 300, 0.01, 0.06, "processes"),
    ("training", 4, 0.5, 30.0, "processes"),
    ("API", 3, 0.02, 0.001, "neither"),
    ("maths", 50, 0.0, 0.0001, "neither"),
]
MOST_ROUNDS = 10**9  # of computing, which take a minute or more on any machine
RULE = "Less than 0.1 s in total (all items): neither. Else processes if one item computes longer than it waits, and threads if not."
LOST = (
    "What another process puts into a list, a dict or a queue.Queue of yours stays there, in a copy. And an error of a task, or of "
    "sending it (a Lock can't be sent), shows only where its result is asked for."
)
POOLS_SAY = ("max_workers must be greater than 0", "Number of processes must be at least 1")
"""What Python's pools say of 0 workers."""
BY_NAME = (
    "What goes to another process is pickled, and a function travels by its name: hand over workload.task itself, no lambda "
    "and no inner function."
)


def assert_chosen(learner, case):
    kind, items, waits, computes, expected = case
    run = learner.probe("choose", kind, items, waits, computes)
    total = f"{items} items × ({waits} + {computes}) s = {items * (waits + computes):.4g} s in total."
    assert run.value == expected, (
        f"choose(a workload of kind {kind!r}, {items} items, waits={waits}, computes={computes}) should return {expected!r}, it returned "
        f"{run.value!r}. {total} {RULE}{what_counted(learner, case, run.value)}"
    )


def what_counted(learner, case, chosen):
    """What else the choice depends on, or doesn't depend on, in a sentence; "" if nothing was found."""
    kind, items, waits, computes, _ = case
    with learner.aside(), contextlib.suppress(LearnerFault):
        for other in sorted({example[0] for example in EXAMPLES} - {kind}):
            value = learner.probe("choose", other, items, waits, computes).value
            if value != chosen:
                return f" With the same numbers and the kind {other!r} it returned {value!r:.100}; the kind should make no difference."
        if chosen == "neither" and items:
            value = learner.probe("choose", kind, 100 * items, waits, computes).value
            if value == chosen:
                return (
                    f" For {100 * items} such items, {100 * items * (waits + computes):.4g} s in total, it returned {value!r} too; "
                    "it should count how many there are."
                )
    return ""


def assert_results(run, expected, lost=LOST):
    """The call returned the results in order; else say what that may mean."""
    error = f"{run.error.type}: {run.error.text}" if run.error else ""
    assert not error, f"{run.asked} raised {error}. " + (BY_NAME if "ickl" in error or "local object" in error else "")
    if run.value == expected:
        return
    same = isinstance(run.value, list) and sorted(map(repr, run.value)) == sorted(map(repr, expected))
    raise AssertionError(
        f"{run.asked} should return {expected}, it returned {run.value!r:.300}. "
        + (
            "These are the right values in another order: the order of the items counts, not which is done first."
            if same
            else lost
        )
    )


def not_run(learner, items, how):
    """Why no process ran the task to its end, as far as what its pool was told to do shows it."""
    told = []
    with learner.aside(), contextlib.suppress(LearnerFault):
        told = learner.probe("pool_told", "compute", items, 2, **how).value
    unsent = (
        "it could not be sent: a Lock among the arguments can't be, nor can a lambda, and the error shows only where you ask for the result, "
        "by get() or result()"
    )
    if "join" in told and "terminate" not in told[: told.index("join")]:
        return f"The pool was not ended too early, as join() waited for it. So {unsent}."
    if "terminate" in told:
        return "The pool was ended before, by terminate() without a join(): that is what the end of a `with Pool(…)` block does, which does not wait."
    return f"It may be that {unsent}."


def lost_of(learner, run, work, items, how):
    """What it tells where the CPU time was spent, if results are missing."""
    booked = f"{run.cpu_here:.2f} s were computed in this process and {run.cpu_children:.2f} s in its children"
    if not run.error and run.cpu_here + run.cpu_children < work.seconds / 2:
        booked += f"; one item takes {work.seconds:.2f} s. So no process has run the task to its end."
        return f"{booked} {not_run(learner, items, how)}"
    if run.cpu_children >= work.seconds / 2:
        return (
            f"{booked}; one item takes {work.seconds:.2f} s. So other processes did run the task, and what came of it did not come here: what "
            "they put into a list, a dict or a queue.Queue of yours stays there, in a copy."
        )
    return f"{booked}, where the results should be at hand."


def run_elsewhere(learner, work, items, workers, how):
    """Have it computed by another process, be there only one item or one worker."""
    run = learner.probe("run", "compute", items, workers, **how)
    assert_results(run, items)
    assert run.cpu_children >= work.seconds / 2, (
        f"{run.asked}: {'one item' if len(items) == 1 else 'one worker'}, and {run.cpu_here:.2f} s were computed in this process, {run.cpu_children:.2f} s in its children, where an item takes "
        f"{work.seconds:.2f} s. `choose` says 'processes' here too, and run should do what it says: another process may crash, or be ended, "
        "and the caller goes on."
    )
    return run


class Work(NamedTuple):
    """Rounds of computing, and the CPU seconds that they cost here."""

    rounds: int
    seconds: float


def work_of(learner, seconds):
    """Find out how many rounds cost at least so many CPU seconds on this machine."""
    rounds = 200_000
    while (cost := learner.probe("work", rounds).cpu_here) < seconds and rounds < MOST_ROUNDS:
        rounds = int(rounds * min(4, 1.3 * seconds / max(cost, 0.01)))
    return Work(rounds, cost)


def run_of_pages(learner, rng, workers, how, patience=2.0):
    """Have pages fetched, the first one slow, by so many workers; the results are right, all are busy, and none waits for the slow one."""
    pages = {f"/{number}": Page(f"page {rng.randint(0, 10**6)}", delay=0.1) for number in range(2 * workers + 1)}
    pages["/0"] = Page("the slow first page", delay=1.0)
    with learner.web(pages, hold=workers, patience=patience) as web, explaining(LOST):
        urls = [web.url(path) for path in pages]
        run = learner.probe("run", "fetch", urls, workers, **how)
    assert_results(run, [page.body for page in pages.values()])
    if web.peak != 1:  # what one at a time means is told by each check
        assert_busy(run, web, workers, lambda: how_many(learner, pages, workers - 1, how, web.peak))
    return run, web


def how_many(learner, pages, workers, how, peak):
    """What the number of requests at once, `peak`, has to do with that of `workers` and with Python's own."""
    peaks = []
    for fewer in (2, workers):
        with learner.aside(), contextlib.suppress(LearnerFault):
            with learner.web(pages, hold=len(pages), patience=0.5) as web:
                urls = [web.url(path) for path in pages]
                learner.probe("run", "fetch", urls, fewer, **how).raise_error()
            peaks.append(web.peak)
    if len(peaks) < 2:
        return ""
    told = f" For the same {len(pages)} items it had {peaks[0]} with 2 workers, and {peaks[1]} with {workers}."
    if peaks != [peak, peak]:
        return told + (f" This machine has {os.cpu_count()} CPUs." if peak < workers else "")
    told += " `workers` made no difference."
    default = ThreadPoolExecutor()._max_workers  # noqa: SLF001 - it differs between Pythons, and has no other name
    if default == peak != len(pages):
        told += f" A ThreadPoolExecutor that is told no number takes {peak} on this machine."
    return told


def assert_busy(run, web, workers, more):
    """As many pages as workers were asked for at once, and others while the slow one took its time."""
    seen = f"{run.asked}: the server had {web.peak} requests at once, with {workers} workers it should be {workers}."
    assert web.peak <= workers, f"{seen} More than that is more than the caller allowed.{more()}"
    assert web.peak == workers, f"{seen}{more()}"
    until = max(request.until or 0.0 for request in web.requests if request.path == "/0")
    begun = sum(request.at < until for request in web.requests)
    assert begun > workers, (
        f"{run.asked}: the first page came after 1 s, each other one after 0.1 s. Until the first was there, the server saw {begun} requests, that one included, and "
        f"{len(web.requests) - begun} more only then: all other workers stood still. Who works in batches waits for the slowest of each; hand all items "
        "to one pool, and whoever is done takes the next."
    )


@pytest.mark.points(2)
def test_usual_kinds_of_work_get_what_suits_them(learner, rng):
    """API, file, scraping and query take threads; maths, data, image and training processes; tiny ones neither."""
    for example in rng.sample(EXAMPLES, len(EXAMPLES)):
        assert_chosen(learner, example)


@pytest.mark.points(2)
def test_the_numbers_decide_and_not_the_kind(learner, rng):
    """The rule holds at its edges and for kinds of work that have another name."""
    items = rng.randint(20, 50)
    assert_chosen(learner, ("API", items, 0.01, 0.5, "processes"))  # answers that take long to take apart
    assert_chosen(learner, ("training", items, 2.0, 0.1, "threads"))  # done by a rented machine elsewhere
    assert_chosen(learner, (rng.choice("abc"), items, 0.25, 0.25, "threads"))
    assert_chosen(learner, ("image", 1, 0.0, 0.1, "processes"))
    assert_chosen(learner, ("file", 1, 0.1, 0.0, "threads"))
    assert_chosen(learner, ("query", 1, 0.09, 0.0, "neither"))
    assert_chosen(learner, ("query", 1000, 0.0005, 0.0001, "threads"))
    assert_chosen(learner, ("maths", 1000, 0.0001, 0.0005, "processes"))
    assert_chosen(learner, ("training", 0, 1.0, 100.0, "neither"))


@pytest.mark.points(2)
def test_waiting_is_done_by_threads(learner, rng):
    """What waits is done by threads: requests overlap, as many as workers, and no process is started."""
    workers = rng.randint(9, 12)
    run, web = run_of_pages(learner, rng, workers, {"kind": "scraping", "waits": 0.4, "computes": 0.001})
    assert not run.children, (
        f"{run.asked}: {len(run.children)} child processes were started. This workload waits, and `choose` should say 'threads': they "
        "cost less, and nothing has to be pickled."
    )
    assert web.peak == workers, (
        f"{run.asked}: the server had {web.peak} requests at once, with {workers} workers it should be {workers}. "
        "While one thread waits, the others should ask already."
    )


@pytest.mark.points(2)
def test_computing_is_done_by_processes(learner, rng):
    """What computes is done by other processes at the same time, as many as workers, and the results are in order."""
    work = work_of(learner, 0.3)
    items = [work.rounds + 3 * rng.randint(0, 100) + extra for extra in (1, 0)]
    how = {"kind": "maths", "waits": 0.0, "computes": 0.3}
    for _ in range(3):  # on a crowded machine the second may begin when the first is nearly done: then once more
        with explaining(LOST):
            run = learner.probe("run", "compute", items, 2, **how)
        assert_results(run, items, lost_of(learner, run, work, items, how))
        busy = [process for process in run.children if process.cpu >= work.seconds / 2]
        if computing_together(busy):
            break
    booked = f"{run.cpu_here:.2f} s were computed in this process and {run.cpu_children:.2f} s in its children"
    elsewhere = run.cpu_children >= work.seconds and run.cpu_here < work.seconds
    assert elsewhere, (
        f"{run.asked}: {booked}. Each of the two items takes {work.seconds:.2f} s, and other processes should compute both. "
        + (
            "Threads share this process and its GIL, so computing gains nothing by them."
            if not run.children
            else "The parent should only wait for the results."
        )
    )
    assert len(busy) >= 2 and computing_together(busy), (
        f"{run.asked}: the two items were computed one after the other. With two workers both should be computed at the same time: "
        "hand in all items before you wait for the first result."
    )
    # The server counts better than the clock: here the task asks it for a page, though it is said to compute.
    workers = rng.randint(5, 6)
    run, web = run_of_pages(learner, rng, workers, how, patience=8.0)  # processes may take long to begin
    assert web.peak == workers, (
        f"{run.asked}: the server had {web.peak} requests at once, with {workers} workers it should be {workers}: one from each process."
    )
    run_elsewhere(learner, Work(work.rounds // 4, work.seconds / 4), [work.rounds // 4], 2, how)
    run = run_elsewhere(learner, work, items, 1, how)
    busy = [process for process in run.children if process.cpu >= work.seconds / 2]
    assert not computing_together(busy), (
        f"{run.asked}: two processes computed at the same time, and `workers` is 1. It says how many there may be."
    )


@pytest.mark.points(1)
def test_tiny_work_is_done_by_the_caller(learner):
    """What is tiny starts neither a thread nor a process."""
    pages = {f"/{number}": Page(f"page {number}", delay=0.1) for number in range(4)}
    with learner.web(pages) as web:
        urls = [web.url(path) for path in pages]
        run = learner.probe("run", "fetch", urls, 4, kind="API", waits=0.01, computes=0.001)
    assert_results(run, [page.body for page in pages.values()])
    assert not run.children and web.peak == 1 and run.peak_process_threads == 1, (
        f"{run.asked}: {len(run.children)} child processes, {run.peak_process_threads - 1} more threads, and {web.peak} requests at once. "
        "`choose` should say 'neither' for this workload, 4 × 0.011 s: then the calling thread does it alone, one item after the other. A pool "
        "of one worker is still a pool."
    )


@pytest.mark.points(1)
def test_errors_come_to_the_caller(learner):
    """What a task raises, and a wrong number of workers, come to the caller in all three cases."""
    refused = ""
    for waits, computes, way in ((0.2, 0.0, "threads"), (0.0, 0.2, "processes"), (0.001, 0.0, "neither")):
        how = {"kind": "data", "waits": waits, "computes": computes}
        with explaining(LOST):
            run = learner.probe("run", "divide", [1, 0, 2], 2, **how)
        printed = f" It printed {run.out[0].text!r:.200}, which the caller of `run` can't catch." if run.out else ""
        run.raises(
            "ZeroDivisionError",
            f"The task divides by each item, and one is 0; here `choose` says {way!r}.{printed} An error that nobody is told of is the worst kind.",
        )
        run = learner.probe("run", "divide", [1, 2], 0, **how)
        run.raises(
            "ValueError",
            f"Here `workers` is 0, and `choose` says {way!r}.{refused} It is wrong whatever the workload is.",
        )
        if run.error.text in POOLS_SAY:
            refused = f" Where it says {way!r}, the ValueError was {run.error.text!r}: so says a pool itself, and here there is none."
    run = learner.probe("run", "divide", [], 0, kind="data", waits=0.2, computes=0.0)
    run.raises("ValueError", "There are no items, and `workers` is 0, which is wrong whatever the workload is.")
