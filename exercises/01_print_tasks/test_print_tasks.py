"""The checks of kata 01. All but the last run in the bubble, where waits take virtual time and times are exact."""

import contextlib
import itertools

import pytest

from grader.judge.faults import LearnerFault, explaining
from grader.judge.run import brief

NUMBERS = [f"Number : {number}" for number in range(5)]
LETTERS = [f"Letter : {letter}" for letter in "ABCDE"]
PRINTED = {"print_numbers": NUMBERS, "print_letters": LETTERS}
WAITS = {"print_numbers": 5, "print_letters": 5, "run_sequential": 10, "run_threaded": 5}
"""How many waits a call of each takes, those side by side counted once."""
TINY = 2e-6
"""Seconds by which the clocks of the bubble may differ: they are read to a microsecond."""

LOOK = 0.025
"""Seconds by which who looks from time to time whether a thread has ended may see it late."""
LATE = {"run_sequential": LOOK, "run_threaded": LOOK}
"""By how much a call of each may take longer than its waits, since it may look after threads; any other by no more than `TINY`."""

NEAR = 0.001
"""Seconds within which two times look the same in messages."""

LOOKING = 40.0
"""Real seconds after which a row of calls is ended: who looks a thousand times a second does so some 500,000 times in the longest."""


def some_delay(rng):
    # Not longer: what processes wait in the place of threads is real time, and five such waits shall end and be told.
    return rng.randint(301, 1499) / 1000


def in_time(name, seconds, delay):
    """Whether a call of the function `name` with `delay` may take `seconds`."""
    return -TINY < seconds - WAITS[name] * delay < LATE.get(name, TINY)


def is_true(value, took, due):
    """Whether `value` tells the seconds of a call that took `took`, or those until its last task ended, `due`, a little before."""
    return type(value) is float and (abs(value - took) < TINY or (abs(value - due) < TINY and 0 < took - due < LOOK))


def exact(seconds):
    """A number of seconds with all digits of a microsecond that say something."""
    return f"{round(seconds, 6):.10g}"


def texts(run):
    """The printed lines, of a call that did not raise."""
    run.raise_error()
    return [line.text for line in run.out]


def lines_told(learner, run):
    """What `run` printed, a sentence, and another if the answer prints when it is loaded."""
    told = f"It printed: {texts(run)}."
    with learner.aside(), contextlib.suppress(LearnerFault):
        loaded = texts(learner.probe("nothing"))
        if loaded:
            first = f"The first {len(loaded)} of these" if loaded[1:] else "The first of these"
            return (
                f"{told} {first} came while your file was loaded, before any call: what stands at its top level runs then. Calls that "
                'try it out belong beneath `if __name__ == "__main__":`.'
            )
    return told


def who_began(learner):
    """Which lines of the answer begin processes, and of which class, a part of a sentence; "" if that was not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        begun = learner.probe("processes_begun", 0.01).value
        return ", ".join(f"line {line} began one of the class {name}" for name, line in begun[:2])
    return ""


def processes(learner, run):
    """A sentence or two that tell that `run` began processes; "" if it began none."""
    if not run.children:
        return ""
    seen = who_began(learner)
    return (
        f"Processes were begun, not threads{f': {seen}' if seen else ''}. Each is a whole new Python, with threads of its own. Two that "
        "only wait can do so in one process: threading.Thread is used in the same way as multiprocessing.Process."
    )


def waited_together(run, one, other):
    """The seconds for which the threads `one` and `other` of `run` stood in a wait at the same time, each by any means."""
    sleeps, waits = run.spans_by_lane("sleep"), run.spans_by_lane("wait")
    mine, others = (sleeps.get(lane, []) + waits.get(lane, []) for lane in (one, other))
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in itertools.product(mine, others))


def busy(run):
    """A sentence that tells who waited in `run` by asking the clock again and again; "" if nobody did."""
    stood = run.spans_by_lane("sleep").keys() | run.spans_by_lane("wait").keys()
    lanes = sorted({line.thread for line in run.out} - stood)
    if not lanes or run.seconds < TINY:
        return ""
    return (
        f"{' and '.join(lanes)} never stood in a wait, though time went by: asking a clock in a loop until it is late enough is "
        "a busy wait. It keeps a core at work all the while, and takes it from the other threads; time.sleep(delay) leaves it "
        "to them."
    )


def no_line(learner, run):
    """What went wrong in `run`, in which no thread printed a line, a sentence or two."""
    if run.children:
        return f"No thread of this process printed a line. {processes(learner, run)}"
    died = run.stderr.strip().splitlines()
    last = f" The last words on stderr: {died[-1]}" if died else ""
    return f"Not one line was printed. An exception in a thread ends that thread and nobody else hears of it.{last}"


def no_thread(learner, run):
    """What `run` did, in which the calling thread printed all lines and no other was begun, a sentence or two."""
    if any(event.what == "wait" and "event loop" in event.detail for event in run.timeline):
        return (
            "MainThread, which called, stood in an event loop: asyncio lets one thread wait for several tasks at once. That saves the "
            "time as well, yet here there shall be two threads: threading.Thread and start()."
        )
    told = "No thread was begun: all lines came from MainThread, the thread that called."
    made, called = 0, 0
    with learner.aside(), contextlib.suppress(LearnerFault):
        made, called = learner.probe("threads_made", round(run.seconds / 10, 6)).value
    if called:
        return (
            f"{told} {made} Thread objects were made, and run() was called of {called}: that is an ordinary call, only "
            "start() begins a thread."
        )
    if made:
        return f"{told} {made} Thread objects were made, and start() was called of none: only start() begins a thread."
    return f"{told} No Thread object was made either: make one for each task, and start() it."


def reason(learner, run):
    """What went wrong in `run`, a sentence, as far as the run can tell."""
    if run.left:
        return "It returned while its tasks were still at work: join() every thread before you read the clock again."
    if not run.out:
        return no_line(learner, run)
    printers = {line.thread for line in run.out}
    if len(printers) > 1:
        return run.overlap() or busy(run)
    if len(run.threads) == 1:
        return no_thread(learner, run)
    printer = printers.pop()
    if printer != run.threads[0].name:
        waits = len(run.spans_by_lane("sleep").get(printer, [])) + len(run.spans_by_lane("wait").get(printer, []))
        return f"{printer} printed all {len(run.out)} lines and stood in a wait {waits} times."
    return (
        f"Threads were begun, but all lines came from {printer}: target=print_numbers(delay) makes the call "
        "right there and gives the thread the None that it returned; target=print_numbers, args=(delay,) lets the "
        "thread make it."
    )


def what_the_caller_did(run):
    """What the calling thread did in `run`, in which it was to wait for two others, a sentence."""
    caller = run.threads[0].name
    ends = {event.detail for event in run.timeline if event.lane == caller and event.what == "wait"}
    printed = sum(event.what == "print" and event.lane == caller for event in run.timeline)
    slept = sum(end - begin for begin, end in run.spans_by_lane("sleep").get(caller, []))
    did = [
        f"waited {' and '.join(sorted(ends))}" if ends else "waited for nobody",
        f"slept {slept:g} s" if slept else "",
        f"printed {printed} lines" if printed else "",
    ]
    return f"The thread that called {' and '.join(filter(None, did))}."


def looks(run):
    """How often the calling thread of `run` slept though it printed nothing, a sentence or two; "" if it did not."""
    caller = run.threads[0].name
    naps = [end - begin for begin, end in run.spans_by_lane("sleep").get(caller, [])]
    if run.left or not naps or caller in {line.thread for line in run.out}:
        return ""
    times = f"{len(naps)} times" if naps[1:] else "once"
    return (
        f"{caller} slept {times} for {max(naps):.3g} s. Who sleeps until a thread should have ended, or between two looks at it, sees its "
        "end too late; join() returns when it has ended."
    )


def when(at, due):
    """When a line came that was `due`, in words: near that by the difference."""
    if abs(at - due) >= NEAR:
        return f"at {at:.3f} s"
    return f"{abs(at - due) * 1e6:.0f} µs too {'late' if at > due else 'early'}"


def why_not_then(run, turn, delay):
    """Why line number `turn` of `run` may have come when it did, a sentence."""
    at = run.out[turn - 1].at
    waits = len([span for span in run.spans("sleep") + run.spans("wait") if span[1] <= at + TINY])
    if waits > turn:
        return (
            f"It was waited {waits} times by then, so the waits were cut into slices, and each adds a little of its own: wait once, by a "
            "time.sleep(delay)."
        )
    if abs(at - turn * delay) < NEAR:
        return "Is it exactly `delay` that each wait is asked for?"
    if abs(at - (turn - 1) * delay) < TINY:
        return "That is a wait too early: first wait, then print."
    if turn == 1:
        return f"So the wait before it took {at:.3f} s: let each wait be `delay`, the parameter."
    return "First wait, then print, and let each wait be `delay`, the parameter."


def why_other_seconds(learner, name, delay):
    """Which clocks the function `name` read, and when, in a sentence or two."""
    readings = []
    with learner.aside(), contextlib.suppress(LearnerFault):
        readings = learner.probe("clocks_read", name, delay).value
    if not readings:
        return "It was not seen to read a clock of `time`."
    shown = ", ".join(f"time.{clock} in line {line} at {at:.3f} s" for clock, line, at in readings[:4])
    computing = {clock for clock, _, _ in readings if clock.startswith(("process_time", "thread_time"))}
    what = f" time.{min(computing)} stands still in a sleep; time.perf_counter goes on." if computing else ""
    return f"It read {shown}.{what}"


def short(value):
    """A number of seconds without its last digits; anything else as Python writes it."""
    return f"{value:.7g}" if type(value) is float else brief(value, 60)


def after_a_pause(learner, name, delays):
    """What two calls of the function `name` return with a pause between them, a sentence; "" if that was not seen."""
    pause = 100.0
    with learner.aside(), contextlib.suppress(LearnerFault):
        run = learner.probe("calls_in_a_row", name, delays, pause)
        if not run.raised:
            (first, _), (second, took) = run.value
            return f"Once more, with a pause of {pause:g} s between the two: they returned {short(first)} and {short(second)}, and the second took {took:g} s. "
    return ""


def some_delays(rng):
    """Delays of several kinds: none at all, a short one, one without a fraction, a very long one."""
    return [0, rng.randint(11, 89) / 1000, rng.randint(4, 9), 100 + rng.randint(1, 9_999) / 1000]


def fits(name, lines):
    """Whether a call of the function `name` may print these lines in this order."""
    if name == "run_threaded":
        of_numbers = [line for line in lines if line in NUMBERS]
        return of_numbers == NUMBERS and [line for line in lines if line not in NUMBERS] == LETTERS
    return lines == PRINTED.get(name, NUMBERS + LETTERS)


def why_not_in_a_row(learner, name, delay, run, count):
    """Why a call with `delay`, one of those of `run`, which should print `count` lines, may have gone wrong, a sentence."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        alone = learner.call(name, delay)
        if not alone.raised and in_time(name, alone.seconds, delay) and fits(name, texts(alone)):
            return "A first call with that delay does it right: what of an earlier call is left in your globals?"
        if name == "run_threaded" and alone.seconds > WAITS[name] * delay and looks(alone):
            return looks(alone)
    if run.left or len(run.out) < count:
        return "It returned while a task was still at work: join(timeout) gives up when its time is over, join() waits as long as it takes."
    if not delay:
        return "0 is a delay like any other, though `delay or …` takes it for none."
    return (
        "A first call with that delay is wrong, too: each wait is `delay`, long or short, with a fraction or without."
    )


def assert_at_any_delay(learner, rng, name):
    """The function `name` keeps delays of several kinds, in calls one after the other."""
    delays, waits = some_delays(rng), WAITS[name]
    size = len(PRINTED.get(name, NUMBERS + LETTERS))
    with explaining(f"That calls {name} with each of these delays, one call after the other."):
        run = learner.probe("calls_in_a_row", name, delays, limit=LOOKING)
        run.raise_error()
    for place, (delay, (_, took)) in enumerate(zip(delays, run.value, strict=True)):
        what = f"{name}({delay}), call number {place + 1} in one program,"
        assert in_time(name, took, delay), (
            f"{what} took {exact(took)} s; {waits} waits of {delay} s are {exact(waits * delay)} s. "
            f"{why_not_in_a_row(learner, name, delay, run, size * len(delays))}"
        )
        lines = texts(run)[place * size : (place + 1) * size]
        assert fits(name, lines), f"{what} printed: {lines}. {why_not_in_a_row(learner, name, delay, run, 0)}"


@pytest.mark.points(2)
def test_each_line_follows_a_wait(learner, rng):
    """Each task prints its five lines, one after each wait."""
    delay = some_delay(rng)
    for (name, expected), (arguments, wait) in itertools.product(PRINTED.items(), (((delay,), delay), ((), 2.0))):
        run = learner.call(name, *arguments)
        shown = f"{name}({', '.join(map(str, arguments))})"
        assert texts(run) == expected, (
            f"{shown} should print exactly these lines: {expected}. {lines_told(learner, run)}"
        )
        for turn, line in enumerate(run.out, start=1):
            assert abs(line.at - turn * wait) < TINY, (
                f"{shown}: the line {line.text!r} should come when {turn} × {wait} s have been waited, at "
                f"{turn * wait:.3f} s; it came {when(line.at, turn * wait)}. {busy(run) or why_not_then(run, turn, wait)}"
            )
    for name in PRINTED:
        assert_at_any_delay(learner, rng, name)


def why_not_ten_waits(run, wait):
    """What may have made `run` of other length than ten waits, a sentence."""
    if run.seconds < TINY:
        return "Nothing was waited for: each task waits `delay` seconds before each of its lines."
    if abs(run.seconds - 5 * wait) < TINY and len(run.threads) > 1:
        return "Do the tasks run at the same time here? That is for run_threaded."
    return busy(run) or "Is each wait `delay`, the parameter, and is it handed on to both tasks?"


def test_sequential_takes_ten_waits(learner, rng):
    """One after the other, the two tasks take ten waits, and all numbers come first."""
    delay = some_delay(rng)
    for arguments, wait in (((delay,), delay), ((), 2.0)):
        run = learner.call("run_sequential", *arguments)
        shown = f"run_sequential({', '.join(map(str, arguments))})"
        assert texts(run) == NUMBERS + LETTERS, (
            f"{shown} should print the five numbers and then the five letters. {lines_told(learner, run)}"
        )
        assert in_time("run_sequential", run.seconds, wait), (
            f"{shown} has ten waits of {wait} s to do, one after the other: {exact(10 * wait)} s. It took {exact(run.seconds)} s. "
            f"{why_not_ten_waits(run, wait)}"
        )
    assert_at_any_delay(learner, rng, "run_sequential")


@pytest.mark.points(2)
def test_threads_wait_together(learner, rng):
    """Two threads that each wait five times are done after five waits, not ten."""
    delay = some_delay(rng)
    for arguments, wait in (((delay,), delay), ((), 2.0)):
        run = learner.call("run_threaded", *arguments)
        lines = texts(run)
        shown = f"run_threaded({', '.join(map(str, arguments))})"
        assert in_time("run_threaded", run.seconds, wait), (
            f"{shown} took {exact(run.seconds)} s of the bubble's clock; two threads that each wait 5 × {wait} s beside "
            f"each other take {exact(5 * wait)} s. {reason(learner, run) or looks(run)}"
        )
        assert sorted(lines) == sorted(NUMBERS + LETTERS), (
            f"{shown} should print the ten lines of both tasks before it returns. {lines_told(learner, run)} {reason(learner, run)}"
        )
    assert_at_any_delay(learner, rng, "run_threaded")
    for word in ("Number", "Letter"):
        run = learner.probe("written_when_it_returns", delay, rng.randint(10, 200) / 1000, word[0])
        run.raise_error()
        begun, written = run.value
        # None has been begun where the answer writes past sys.stdout.
        assert written == 5 or not begun, (
            f"run_threaded({delay}) where each line that begins with {word!r} takes a moment longer to be printed: when it "
            f"returned, {written} of those 5 were printed. {what_the_caller_did(run)} Which task ends last nobody can know beforehand, so the caller has "
            "to wait for both: join() every thread that was begun, and let no sleep stand for a join."
        )


def test_lines_interleave(learner, rng):
    """Together, each round of waits gives one number and one letter."""
    delay = some_delay(rng)
    run = learner.call("run_threaded", delay)
    lines = texts(run)
    rounds = [set(lines[start : start + 2]) for start in range(0, len(lines), 2)]
    expected = [{number, letter} for number, letter in zip(NUMBERS, LETTERS, strict=True)]
    assert rounds == expected, (
        f"run_threaded({delay}): after each wait both tasks print, so lines 1 and 2 are the first number and the first "
        f"letter, in either order, and so on. It printed: {lines}. {reason(learner, run)}"
    )


def test_two_threads_do_the_waiting(learner, rng):
    """Two threads stand in their waits at the same time, one for the numbers, one for the letters."""
    delay = some_delay(rng)
    run = learner.call("run_threaded", delay)
    lines = texts(run)
    of_numbers = {line.thread for line in run.out if line.text in NUMBERS}
    of_letters = {line.thread for line in run.out if line.text in LETTERS}
    assert of_numbers, f"run_threaded({delay}) printed no number, but: {lines}. {reason(learner, run)}"
    assert of_letters, f"run_threaded({delay}) printed no letter, but: {lines}. {reason(learner, run)}"
    assert not of_numbers & of_letters, (
        f"run_threaded({delay}): numbers and letters were both printed by {', '.join(sorted(of_numbers & of_letters))}. "
        f"Each task should have a thread of its own. {reason(learner, run)}"
    )
    for what, lanes in (("numbers", of_numbers), ("letters", of_letters)):
        assert len(lanes) == 1, (
            f"run_threaded({delay}): the {what} were printed by {len(lanes)} threads: {', '.join(sorted(lanes))}. One thread should do "
            f"a whole task, all its waits and all its lines: Thread(target=print_{what}, args=(delay,))."
        )
    together = waited_together(run, *of_numbers, *of_letters)
    assert together > 4 * delay, (
        f"run_threaded({delay}): {' and '.join(sorted(of_numbers | of_letters))} stood in waits at the same time for {together:.3g} s. They "
        f"should for {5 * delay:.3g} s, since only waits that go on at once save time. {reason(learner, run)}"
    )


def test_the_returned_seconds_are_true(learner, rng):
    """Both runs return the seconds that they really took."""
    delay = round(some_delay(rng) + rng.choice((31, 33, 37, 39)) / 1e6, 6)  # so that rounding shows
    for name in ("run_sequential", "run_threaded"):
        run = learner.call(name, delay)
        assert type(run.value) is float, (
            f"{name}({delay}) should return its seconds as a float, and returned {run.value!r}."
        )
        assert is_true(run.value, run.seconds, WAITS[name] * delay), (
            f"{name}({delay}) returned {run.value!r}, and it took {run.seconds!r} s. {why_other_seconds(learner, name, delay)} "
            "Read the same clock before and after and return the difference, not rounded."
        )
        row = learner.probe("calls_in_a_row", name, [delay, 2 * delay])
        for turn, (value, took) in enumerate(row.value, start=1):
            assert is_true(value, took, WAITS[name] * turn * delay), (
                f"{name} was called twice in one program. Call number {turn} returned {value!r}, and it took {took!r} s. "
                f"{after_a_pause(learner, name, [delay, 2 * delay])}Each call should measure anew: keep no start and no result in a global."
            )
        for word in ("Number", "Letter"):
            pauses = [rng.randint(10, 300) / 1000 for _ in range(5)]
            run = learner.probe("on_a_slow_terminal", name, delay, pauses, word[0])
            value = run.value
            assert is_true(value, run.seconds, WAITS[name] * delay + sum(pauses)), (
                f"{name}({delay}) where a line that begins with {word!r} takes its time to be printed, between {min(pauses)} and {max(pauses)} "
                f"s, returned {value!r}; it took {run.seconds!r} s. The seconds are to be measured, by a clock that is read before the "
                "first task begins and after the last has ended: what the waits should add up to is no measurement."
            )


@pytest.mark.points(2)
@pytest.mark.real_time
def test_ends_in_under_11_seconds(learner):
    """For real, at the full 2 s a wait, the threaded version ends in under 11 s and not before 9.9."""
    run = learner.call("run_threaded", 2.0, clock="real")
    lines = texts(run)
    printed_here = any(event.what == "print" for event in run.timeline)
    assert printed_here or not run.children, (
        f"run_threaded(2.0): each task should run in a thread, and no thread of this process printed a line. {processes(learner, run)}"
    )
    assert [line for line in lines if line in NUMBERS] == NUMBERS, (
        f"run_threaded(2.0) should print the numbers in their order: {NUMBERS}. It printed: {lines}."
    )
    assert [line for line in lines if line in LETTERS] == LETTERS, (
        f"run_threaded(2.0) should print the letters in their order: {LETTERS}. It printed: {lines}."
    )
    assert 9.9 <= run.seconds < learner.bound(10, 1), (
        f"run_threaded(2.0) took {run.seconds:.2f} s by the clock on the wall. Five waits of 2 s side by side take 10 s: "
        "20 s means that the waits stood in a row, less than 9.9 s that not all of them were done."
    )
    assert type(run.value) is float and abs(run.value - run.seconds) <= learner.bound(0, 0.5), (
        f"run_threaded(2.0) returned {run.value!r}, the clock outside saw {run.seconds:.2f} s. The two should agree "
        "to half a second."
    )
