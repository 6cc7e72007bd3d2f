"""The checks of kata 03: workers are counted (threads by their starts, processes by the kernel), and slowed to see who waits."""

import contextlib
import itertools

import pytest

from grader.judge.faults import LearnerFault

ROUNDS = 12
"""How often a thread may be tried to be cheaper than a process: on a busy machine a single run may be unlucky."""


NOTHING = 0.0005
"""Seconds that are too long for a worker that does nothing, even if the least of several is taken."""


def some_pauses(rng):
    return [rng.randint(100, 150) / 1000 for _ in range(rng.randint(3, 6))]


def assert_all(kind, count, seen):
    """Exactly `count` workers were started."""
    why = "None for a rehearsal: whoever is begun to warm up is one too many."
    if not seen:
        why = "`run()` starts nobody, only start() does."
    elif seen < count:
        why = "None is used twice: a pool gives the next task to a worker that is free."
    assert seen == count, (
        f"creation_cost({kind!r}, {count}): {seen} {kind}{'es' if kind == 'process' else 's'} were started, {count} should be. "
        f"{why}"
    )


def of_classes(learner, workers):
    """Of which classes the threads are that are begun where processes are asked for; "" if there are none."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        found = learner.probe("classes_begun", "process", workers).value
        return f", of the class {' and '.join(found)}" if found else ""
    return ""


def what_began_them(learner, workers):
    """By which calls processes are begun that no Process.start() begins, a sentence; "" if that was not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        found = [tuple(one) for one in learner.probe("begun_by", "process", workers).value]
        if found:
            call, line = found[0]
            count = found.count(found[0])
            where = f" in line {line}" if line else ""
            return f"Once more: {call} was called {'once' if count == 1 else f'{count} times'}{where}. "
    return ""


def who_was_joined(learner, kind, workers):
    """Of which workers join() was called in a run like the failed one, and whether they were daemons, a sentence or two."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        seen = learner.probe("joins_called", kind, workers).value
        started, joined, daemons, timeouts = seen["started"], seen["joined"], seen["daemons"], seen["timeouts"]
        called = f"{len(joined) or 'none'} of {started}"
        last = ", the one that was started last, which is not always the last to end" * (joined == [started - 1] != [0])
        cut = f" {daemons} of them were daemons, which are cut off at the end of the program." * (daemons > 0)
        return f" Once more: join() was called for {called}{f', {timeouts} times with a timeout' if timeouts else ''}{last}.{cut}"
    return ""


def after_a_timeout(run):
    """What a join with a timeout did, a sentence; "" if there was none."""
    timeout = run.value["timeout"]
    if timeout is None:
        return ""
    return (
        f" join(timeout={timeout:g}) was called: it comes back when that time is over, and whoever it waited for may go on (here the time of a timeout "
        "passes 100 times as fast, and workers take longer than that). join() without a timeout waits for the end."
    )


@pytest.mark.points(2)
def test_every_thread_is_started_and_joined(learner, rng):
    """As many threads are started as are asked for, and all have ended at the end."""
    pauses = some_pauses(rng)
    run = learner.probe("slow_cost", "thread", pauses)
    run.raise_error()
    assert not run.children, (
        f"creation_cost('thread', {len(pauses)}): a process was started. 'thread' stands for threading.Thread."
    )
    assert_all("thread", len(pauses), sum(event.what == "start" and event.detail != "" for event in run.timeline))
    assert not run.left, (
        f"creation_cost('thread', {len(pauses)}) returned while {', '.join(run.left)} had not ended. Each thread should be joined."
        f"{after_a_timeout(run) or who_was_joined(learner, 'thread', len(pauses))}"
    )


@pytest.mark.points(2)
def test_every_process_is_started_and_joined(learner, rng):
    """As many processes are started as are asked for, and all have ended at the end."""
    pauses = [max(some_pauses(rng)) + 0.5, *some_pauses(rng)]
    run = learner.probe("slow_cost", "process", pauses)
    run.raise_error()
    assert run.children, (
        f"creation_cost('process', {len(pauses)}): the system saw no other process, and {len(run.threads) - 1} threads were begun here"
        f"{of_classes(learner, len(pauses))}. 'process' stands for multiprocessing.Process, whose start() begins one; run() begins none, and "
        "multiprocessing.dummy has threads."
    )
    assert_all("process", len(pauses), len(run.children))
    starts = len(run.value["begun"])
    assert starts == len(pauses), (
        f"creation_cost('process', {len(pauses)}): the system saw {len(pauses)} processes, and the start() of a multiprocessing.Process was called {starts} "
        f"times. {what_began_them(learner, len(pauses))}What os.fork or subprocess begins costs something else, and does not run everywhere: 'process' stands for multiprocessing.Process."
    )
    assert not run.leftovers, (
        f"creation_cost('process', {len(pauses)}) returned while {len(run.leftovers)} of {len(pauses)} processes still ran: "
        f"{', '.join(run.leftovers)}. Each process should be joined."
        f"{after_a_timeout(run) or who_was_joined(learner, 'process', len(pauses))}"
    )


def why_unseen(learner, kind):
    """Why the clock of the answer may not have seen that workers took a while: it is tried with starts that take one."""
    workers, seconds = 3, 0.2
    cost = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        cost = learner.probe("slow_starts", kind, workers, seconds).value
    if type(cost) is not float:
        return ""
    waited = f"Once more, for {workers} workers where each start() waits {seconds} s, it returned {cost:.4f} s for each"
    if cost >= seconds * 0.9:
        return f"{waited}. That wait it saw, so its clock is a right one; it is read too early, before the last join()."
    return (
        f"{waited}. That wait it did not see either: time.process_time counts only what this process computes, and stands still while "
        "it waits; time.perf_counter counts what goes by."
    )


def one_after_the_other(begun):
    """Whether each worker was only begun when the one before had ended."""
    return len(begun) > 1 and all(later[0] >= at + pause for (at, pause), later in itertools.pairwise(begun))


def of_one(cost, pauses):
    """What was returned, if it is what one of the workers took."""
    near = min(pauses, key=lambda pause: abs(pause - cost))
    if near * 0.98 <= cost <= near + 0.03:
        place = {pauses[0]: "the shortest", pauses[-1]: "the longest"}.get(near, "one in the middle")
        return f"what {place} of them took, {near:.2f} s"
    if pauses[-1] * 0.98 <= cost * len(pauses) <= pauses[-1] + 0.05:
        return "what the longest of them took, divided by their number"
    return ""


def why_too_little(learner, kind, run, pauses):
    """What makes less of the time than went by, a sentence."""
    cost = run.value["told"]
    if not run.children and (kind == "process" or len(run.threads) == 1):
        return f"No {kind} was begun, so nobody took that long."
    if run.seconds < max(pauses) * 0.98:
        told = "The call did not last that long either: it did not wait for the end of all. start() does not wait, join() does."
        return f"{told}{after_a_timeout(run) or who_was_joined(learner, kind, len(pauses))}"
    if one_after_the_other(run.value["begun"]) and of_one(cost, pauses):
        return (
            f"They were begun one after the other, each when the one before had ended, so their times add up. What was returned is {of_one(cost, pauses)}; "
            "what is asked for is the whole time divided by the number of workers."
        )
    if cost * len(pauses) >= max(pauses) * 0.98:
        assert_starts_are_seen(learner, kind)
    if max(pauses) * 0.98 <= cost * len(pauses) ** 2 <= run.seconds + 0.02:
        return "It was divided by the number of workers twice."
    return f"The call lasted {run.seconds:.2f} s, as it should, but its clock did not see that. {why_unseen(learner, kind)}"


def why_too_much(run, pauses):
    """What makes more of the time than went by, a sentence."""
    cost, begun = run.value["told"], run.value["begun"]
    if one_after_the_other(begun) and of_one(cost, pauses):
        return (
            f"No two of them ran beside each other, and what was returned is {of_one(cost, pauses)}. Take the time from before the first start() to after "
            "the last join(), and divide it by their number."
        )
    if cost >= max(pauses) * 0.98:
        return "What was returned is the time for all together; divide it by the number of workers."
    return (
        "The lives of workers that run beside each other are not to be added up: take the time from before the first start() to after "
        "the last join(), once."
    )


def assert_starts_are_seen(learner, kind):
    """The clock is read before the first start()."""
    workers, seconds = 3, 0.1
    cost = learner.probe("slow_starts", kind, workers, seconds).value
    told, whole = cost * workers, workers * seconds
    seen = max(0, int(told / seconds + 0.1))
    assert told >= whole * 0.98, (
        f"creation_cost({kind!r}, {workers}), where each start() takes {seconds} s: it returned {cost:.4f} s for each, so {told:.3f} s for all, but the "
        f"starts alone took {whole:.1f} s. {f'Only {seen}' if seen else 'None'} of them {'were' if seen > 1 else 'was'} seen: the clock was read when "
        f"{'all workers' if not seen else 'one worker' if seen == workers - 1 else 'some'} had been started. It is to be read before the first start()."
    )


@pytest.mark.points(2)
def test_the_cost_is_the_whole_time_for_each_worker(learner, rng):
    """What is returned, times the number of workers, is the time that went by."""
    pauses = [seconds + rng.random() / 20 for seconds in (0.2, 0.27, 0.34, 0.85)]
    for kind in ("thread", "process"):
        run = learner.probe("slow_cost", kind, pauses)
        cost, begun = run.value["told"], run.value["begun"]
        assert type(cost) is float, f"creation_cost should return a float, seconds; it returned {cost!r}."
        told = cost * len(pauses)
        least = max(at + pause for at, pause in begun) if len(begun) == len(pauses) else max(pauses)
        what = (
            f"creation_cost({kind!r}, {len(pauses)}), where a {kind} takes from {pauses[0]:.2f} to {pauses[-1]:.2f} s: it returned "
            f"{cost:.4f} s for each, so {told:.3f} s for all"
        )
        alone = "one alone" if least == max(pauses) else "from the first start() to the end of the last"
        assert told >= least * 0.98, (
            f"{what}, but {alone} took {least:.2f} s. {why_too_little(learner, kind, run, pauses)}"
        )
        assert told <= run.seconds + 0.02, (
            f"{what}, but the whole call took only {run.seconds:.3f} s. {why_too_much(run, pauses)}"
        )
        if begun:
            assert_starts_are_seen(learner, kind)


def test_the_workers_do_nothing(learner):
    """A worker has nothing to do: what is measured is its begin and its end."""
    workers = 10
    for kind in ("thread", "process"):
        lives = learner.probe("lives", kind, workers).value
        least = min(lives, default=0.0)
        assert least < NOTHING, (
            f"creation_cost({kind!r}, {workers}): each {kind} was at work for at least {least * 1000:.2f} ms before it ended. Then it is its work that is "
            "measured; a worker that does nothing is at it for a few µs. Without a target (or with a function whose body is `pass`) there is nothing to do."
        )


def test_a_thread_is_cheaper_than_a_process(learner):
    """The best of several measurements is less for a thread than for a process."""
    best = {"thread": float("inf"), "process": float("inf")}
    for _ in range(ROUNDS):
        for kind, least in best.items():
            run = learner.call("creation_cost", kind, 20)
            assert isinstance(run.value, float), (
                f"{run.asked} should return a float, seconds; it returned {run.value!r}."
            )
            best[kind] = min(least, run.value)
        if best["thread"] < best["process"]:
            return
    raise AssertionError(
        f"The least of {ROUNDS} measurements is {best['thread'] * 1e6:.0f} µs for a thread and {best['process'] * 1e6:.0f} µs for a "
        "process. A process is dearer: it needs a memory of its own. Is each kind measured from start to join, and nothing else?"
    )


@pytest.mark.points(2)
def test_what_cannot_be_measured_is_an_error(learner):
    """Any other kind, and less than one worker, raise ValueError."""
    for kind in ("threads", "Process", ""):
        learner.call("creation_cost", kind, 2).raises("ValueError", "There are two kinds, 'thread' and 'process'.")
    for kind in ("thread", "process"):
        for workers in (0, -2):
            learner.call("creation_cost", kind, workers).raises("ValueError", "There is no mean of no workers.")
