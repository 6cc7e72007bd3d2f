"""The checks of kata 06: the script is run as a whole, on the real clock, under each start method.

Two processes may hand over their lines in any order, so order counts for each of them alone. Waits are 0.5 s where time is
judged: with shorter ones, starting a process on a busy machine may take longer than the work.
"""

import contextlib
import itertools
import re

import pytest

from grader.judge.faults import LearnerFault
from grader.judge.run import overlapping

SQUARES = ["Square : 1", "Square : 4", "Square : 9", "Square : 16", "Square : 25"]
CUBES = ["Cube : 1", "Cube : 8", "Cube : 27", "Cube : 64", "Cube : 125"]
LIMIT = 20.0
"""Seconds after which a script counts as hanging."""
ROUNDED = 0.1
"""Seconds that may be lost where a total has one decimal."""

AT_THE_TOP = (
    "Under spawn and forkserver a function travels to the child by its name, so it must stand at the top level of the file: "
    "no lambda, no function inside a function."
)
BEHIND_THE_GUARD = (
    "A child reads your file from the top before it works. It came to start() there and was refused: what only the parent shall "
    'do belongs behind `if __name__ == "__main__":`.'
)
REASONS = {
    "bootstrapping phase": BEHIND_THE_GUARD,
    "ickl": AT_THE_TOP,
    "local object": AT_THE_TOP,
    "is not defined": "Under spawn and forkserver a child knows the top level of your file and its args. A variable that is "
    "set behind the guard is the parent's alone: hand it on in args.",
    "iterable": "Is `args` a tuple? (delay) is the number itself, (delay,) a tuple of one.",
    "'str' object cannot be interpreted": "What stands in sys.argv are texts: float() makes a number of one. The child ended by that "
    "error, the parent learns of it by `exitcode` alone.",
}


def ending(run):
    """How the script ended, and what stderr and its exit code tell, in a few sentences."""
    error = run.error
    if error:
        told = f"The script ended by {error.type}: {error.text}"
    else:
        errors = re.findall(r"^[\w.]*(?:Error|Exception|Interrupt)\b.*", run.stderr, flags=re.MULTILINE)
        if "bootstrapping phase" in run.stderr:
            errors = ["RuntimeError: a process was started before the current one has finished its bootstrapping phase"]
        on_stderr = f"; on stderr stands {errors[-1].rstrip(' :')[:200]}" if errors else ""
        told = f"The script's exit code is {run.value}{on_stderr}"
    known = next((text for mark, text in REASONS.items() if mark in told), "")
    if not known and not error and "Traceback" in run.stderr:
        known = "An error in a child ends that child alone; the parent learns of it by `exitcode` after join()."
    return f"{told}. {known}".rstrip()


def assert_all_lines(run, how):
    """Each child's five lines are there and in its own order."""
    lines = [line.text for line in run.out]
    for word, expected in (("Square", SQUARES), ("Cube", CUBES)):
        seen = [line for line in lines if line.startswith(word)]
        assert seen == expected, (
            f"{how}: one child should print {expected}, in this order. It printed {seen}; all lines: {lines}. {ending(run)}"
        )
    well = run.error is None and run.value == 0
    assert well, f"{how}: all lines came, and yet the script ended badly. {ending(run)}"


@pytest.mark.points(2)
def test_runs_under_spawn(learner):
    """Under spawn, where a child imports the file, every line is printed."""
    run = learner.script("0.1", start_method="spawn", limit=LIMIT)
    assert_all_lines(run, "squares_and_cubes.py 0.1 under spawn")


def test_runs_under_forkserver(learner):
    """Under forkserver, where a child imports the file too, every line is printed."""
    run = learner.script("0.1", start_method="forkserver", limit=LIMIT)
    assert_all_lines(run, "squares_and_cubes.py 0.1 under forkserver")


def test_runs_under_fork(learner):
    """Under fork, where a child is a copy of the parent, every line is printed."""
    run = learner.script("0.1", start_method="fork", limit=LIMIT)
    assert_all_lines(run, "squares_and_cubes.py 0.1 under fork")


def watched(learner, delay, seconds):
    """A run of the script in which it is noted who prints what and when, and each start() takes `seconds`.

    None if that can't be had: the file is loaded before, and one that looks at its arguments alone may have run then.
    """
    before = len(learner.runs)
    with contextlib.suppress(LearnerFault):
        learner.probe("printed", str(delay), seconds, start_method="fork", limit=LIMIT)
    for run in learner.runs[before:]:
        lines = [line.text for line in run.out]
        whole = all(
            [line for line in lines if line.startswith(word)] == expected
            for word, expected in (("Square", SQUARES), ("Cube", CUBES))
        )
        if run.error is None and isinstance(run.value, dict) and whole:
            return run
    return None


def times(count):
    """How often, in words."""
    return "once" if count == 1 else f"{count} times"


def what_came(learner, delay):
    """By which calls the parent received something, and how its children were begun, a sentence; "" if that was not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        run = learner.probe("received", delay, limit=LIMIT)
        if run.raised:
            return ""
        methods = run.value["methods"]
        told = []
        if methods:
            many = "es" if methods[1:] else ""
            told.append(f"began {len(methods)} process{many} by {' and '.join(sorted(set(methods)))}")
        if run.value["programs"]:
            told.append(f"called subprocess.Popen() {times(run.value['programs'])}")
        told += [f"called {call} {times(count)} in line {line}" for call, line, count in sorted(run.value["calls"])]
        return f"Once more: the parent {' and '.join(told)}. " if told else ""
    return ""


def assert_two_printers(learner, run, how):
    """Each task's lines were printed by a child process of its own, and the total by neither, as the system tells it."""
    by = {
        word: {line.pid for line in run.out if line.text.startswith(word) and line.pid}
        for word in ("Square", "Cube", "Total")
    }
    own = [word for word in ("Square", "Cube") if by[word] - {child.pid for child in run.children}]
    assert not own, (
        f"{how}: the lines of {' and '.join(own)} were printed by the parent. {what_came(learner, '0.1')}Each child should print its lines itself: what it hands to the parent by a queue, or "
        "returns, somebody else prints."
    )
    assert not by["Square"] & by["Cube"], (
        f"{how}: one and the same child printed lines of both tasks, squares and cubes. That it has threads for them does not make two processes of it: one child is to "
        "print the squares, another the cubes."
    )
    for word in ("Square", "Cube"):
        pids = by[word]
        assert len(pids) <= 1, f"{how}: {len(pids)} processes printed lines of {word}. One child prints all five."
    assert not by["Total"] & (by["Square"] | by["Cube"]), (
        f"{how}: the total was printed by a child that prints lines too. Only the parent knows when both have ended: it prints the total, after join()."
    )


def why_fewer(run):
    """Who did the tasks in `run`, which had less than two children, a sentence or two."""
    if run.children:
        lived = run.children[0].last - run.children[0].first
        told = f"It lived for {lived:.1f} s, and the five waits of one task are 2.5 s"
        if lived > 1.5 * 2.5:
            return f"{told}: it did both tasks, one after the other. Begin a process for each."
        return f"{told}: there was no time for both in a row. What the parent does itself is not done by a child."
    if run.peak_process_threads > 1:
        return f"The script's own process had {run.peak_process_threads} threads at once, the main one with them. Threads are no processes."
    return "Threads are no processes, and what the script does itself is not done by a child."


def how_it_slept(learner, delay, word):
    """For how long who printed the lines of `word` slept each time; nothing if that was not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        run = learner.probe("sleeps", str(delay), start_method="fork", limit=LIMIT)
        slept = [] if run.raised else next((slept for first, slept in run.value if first == word), [])
        if slept:
            return slept
    return []


def slept_told(slept):
    """For how long somebody slept each time, a sentence; "" if that was not seen."""
    shown = ", ".join(f"{each:g}" for each in slept[:10])
    return f" Once more: who printed them called time.sleep {times(len(slept))}, for {shown} s." if slept else ""


def why_too_soon(learner, delay, word, number):
    """Why the line of that `number` may have come too soon, some sentences."""
    slept = how_it_slept(learner, delay, word)
    if slept and max(slept) < delay * 0.98:
        return f"{slept_told(slept)} Each wait is to take the delay that was given, {delay} s."
    if number == 1:
        return f"{slept_told(slept)} The wait comes first, then the line, five times."
    return f"{slept_told(slept)} A wait of {delay} s comes before each line, five times."


@pytest.mark.points(2)
def test_two_children_work_side_by_side(learner):
    """Two child processes are at work at once, so that it takes the time of one task."""
    run = learner.script("0.5", limit=LIMIT)
    assert_all_lines(run, "squares_and_cubes.py 0.5")
    count = len(run.children)
    assert count >= 2, (
        f"squares_and_cubes.py 0.5: each task should run in a child process of its own; the system saw {count} child "
        f"process{'es' if count != 1 else ''}. {why_fewer(run)}"
    )
    if overlapping(run.children):
        guess = "Is the delay that is waited the one on the command line, 0.5 s?"
    else:
        guess = "The second child was only begun when the first had ended: start both, and only then join them."
    assert run.seconds < learner.bound(2.5, 2.4), (  # in a row they take 5 s at least
        f"squares_and_cubes.py 0.5 took {run.seconds:.1f} s. Five waits of 0.5 s are 2.5 s; in a row the two tasks take 5. "
        f"{guess}"
    )
    assert run.seconds >= 2.4, (
        f"squares_and_cubes.py 0.5 was done after {run.seconds:.2f} s. Each child has five waits of 0.5 s to do, one before "
        "each of its lines."
    )
    assert_two_printers(learner, run, "squares_and_cubes.py 0.5")


def test_each_line_comes_after_a_wait(learner):
    """Each child waits before each of its lines, the first one too."""
    delay = 0.24  # two digits: a delay is not to be rounded
    run = watched(learner, delay, 0.0)
    noted, starts = (run.value["lines"], run.value["starts"]) if run is not None else ([], [])
    if run is None:
        run = learner.script(str(delay), start_method="fork", limit=LIMIT)
        assert_all_lines(run, f"squares_and_cubes.py {delay}")
    for word in ("Square", "Cube"):
        came = [at for _, at, text in noted if text.startswith(word)]
        prompt = len(came) == 5 or starts  # another program's lines may come when it ends, all at once
        if len(came) != 5:
            came = [line.at for line in run.out if line.text.startswith(word)]
        times = ", ".join(f"{at:.2f}" for at in came)
        what = f"squares_and_cubes.py {delay}: the five lines of {word} were printed {times} s after the script began"
        early = [number for number, at in enumerate(came, 1) if at < number * delay * 0.98]
        assert not early, (
            f"{what}. Line {early[0]} came too soon: {early[0]} wait{'s' if early[0] > 1 else ''} of {delay} s should lie before it.{why_too_soon(learner, delay, word, early[0])}"
        )
        gaps = [later - at for at, later in itertools.pairwise(came)]
        assert not prompt or sum(gap >= delay / 2 for gap in gaps) >= 2, (
            f"{what}, (nearly) all of them at once.{slept_told(how_it_slept(learner, delay, word))} One wait for all, or lines that are kept until the end, are not what is asked for: one wait of {delay} s lies "
            "before each line."
        )


def why_no_total(last, run):
    """What is wrong where the line `last` is not the total as it should be, a sentence."""
    if re.fullmatch(r"Total : \d+", last):
        return "At least one decimal is asked for: f'Total : {seconds:.2f}' has two."
    if "total" in last.lower():
        return (
            "The word, a space, a colon, a space, and the seconds with at least one decimal; nothing else in that line."
        )
    if not any("total" in line.text.lower() for line in run.out):
        return "The parent prints it, behind the guard, when both children have ended."
    return "The parent prints it when both children have ended: join() waits for that."


def what_was_read(learner, delay):
    """Which clocks the script read, and when, a sentence; "" if that can't be told."""
    run = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        run = learner.probe("steps", str(delay), limit=LIMIT)
    if run is None or run.raised:
        return ""
    if not any(told.startswith("time.") for told, _ in run.value):
        return "No line of the script was seen to read a clock of `time`. "
    steps = [f"{told if told.startswith('time.') else f'{told}()'} in line {line}" for told, line in run.value]
    return f"What it did, in this order: {', '.join(steps[:12])}. "


def assert_total_is_measured(learner):
    """The total grows with what it costs to start processes."""
    delay, seconds = 0.2, 0.2
    run = watched(learner, delay, seconds)
    if run is None:
        return
    lines = [line for line in run.value["lines"] if line[2].startswith(("Square", "Cube"))]
    starts = [at for pid, at in run.value["starts"] if any(pid == line[0] for line in lines)]
    if not starts:
        return
    began, ended = min(starts), max(at for _, at, _ in lines)
    total = re.fullmatch(r"Total : (\d+\.\d+)", next((line.text for line in run.out if "Total" in line.text), ""))
    if total is None or float(total[1]) >= ended - began - ROUNDED:
        return
    read = what_was_read(learner, delay)
    raise AssertionError(
        f"squares_and_cubes.py {delay}, where each start() takes {seconds} s: the script tells {total[0]!r}, but from the first start() to the last line of a child "
        f"{ended - began:.2f} s went by. {read}The waits are {5 * delay:.1f} s of that; what starting costs is in the total too, so it can't be reckoned from the delay: "
        "read the clock before the first start() and after the last join()."
    )


@pytest.mark.points(2)
def test_total_is_true_and_last(learner, rng):
    """The total is the last line, and true."""
    delay = rng.randint(40, 60) / 100
    how = f"squares_and_cubes.py {delay}"
    run = learner.script(str(delay), limit=LIMIT)
    assert_all_lines(run, how)
    last = [line for line in run.out if line.text.strip()][-1]
    total = re.fullmatch(r"Total : (\d+\.\d+)", last.text)
    assert total, (
        f"{how}: the last line should be the total, in the form 'Total : 2.51'. The last line is {last.text!r}; all lines: "
        f"{[line.text for line in run.out]}. {why_no_total(last.text, run)}"
    )
    first = min((process.first for process in run.children), default=0.0)
    seen = last.at - first
    assert abs(float(total[1]) - seen) <= learner.bound(0, 1.5), (
        f"{how}: the script tells {last.text!r}, but from its first child to that line {seen:.2f} s went by. "
        f"{what_was_read(learner, delay)}Read the clock before the first start() and after the last join(). time.process_time counts only "
        "computing, and a parent that waits computes nothing."
    )
    assert_total_is_measured(learner)


@pytest.mark.real_time
def test_one_second_without_an_argument(learner):
    """Without an argument each wait is one second."""
    run = learner.script(limit=LIMIT)
    assert_all_lines(run, "squares_and_cubes.py")
    assert 4.9 <= run.seconds < learner.bound(5, 3), (
        f"squares_and_cubes.py without an argument took {run.seconds:.1f} s. The wait is then 1.0 s, so two tasks side by "
        "side take 5 s."
    )
