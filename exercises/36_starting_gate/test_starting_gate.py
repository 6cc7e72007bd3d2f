"""The checks of kata 36. Most try the schedules that differ: who runs when is chosen, and chosen otherwise the next time."""

import contextlib

import pytest

from grader.judge.faults import LearnerFault, explaining

CROWD = 40
"""More runners than any pool of threads has by default."""

BUDGET = 500
"""Schedules for each exploration: a pool of threads, or a gate that is built by hand, has far more that differ."""

TINY = 2e-6
"""Seconds by which the clocks of the bubble may differ: they are read to a microsecond."""


def aside(learner, probe, *args):  # noqa: ANN002 - of any probe
    """The value of a probe that only explains a failure; None if it gave none."""
    with learner.aside(), contextlib.suppress(LearnerFault):
        return learner.probe(probe, *args).value
    return None


def at_the_hang(learner, *args):  # noqa: ANN002 - of the probe
    """What had been done in a race when it hung; {} if that was not seen."""
    seen = aside(learner, "where_it_hangs", *args)
    return seen if isinstance(seen, dict) and "started" in seen else {}


def who_waited(learner, count, phases):
    """How many waits there were at the gate of a race that hangs, in a sentence."""
    seen = at_the_hang(learner, count, phases)
    if not seen or not seen["waits"]:
        return ""
    here = f", {seen['here']} of them by the caller of race" if seen["here"] else ""
    parties = seen["parties"]
    return f"By then wait() had been called {seen['waits']} times{here}, at a Barrier of {parties}: it lets {parties} through at a time."


def how_many_started(learner, count):
    """How many threads were started in a race that hangs, in a sentence."""
    seen = at_the_hang(learner, count, 1)
    if not seen:
        return ""
    told = f" Only {seen['started']} threads had been started by then"
    later = seen["started in all"] - seen["started"]
    return f"{told}, and {later or 'none'} more after the gate was broken."


def test_each_runner_runs_in_each_phase(learner, rng):
    """Each runner is called once in each phase, each by a thread of its own, and no thread is left."""
    count, phases = rng.randint(2, 5), rng.randint(2, 4)
    try:
        run = learner.probe("calls", count, phases)
    except LearnerFault:
        with explaining(who_waited(learner, count, phases)):
            raise
    run.returned(
        {
            "calls": [(phase, index) for phase in range(phases) for index in range(count)],
            "threads": [count] * phases,
            "order": [list(range(count))] * phases,
            "left": 0,
        },
        f"{count} runners in {phases} phases: which were called as (phase, index), by how many threads in each phase, the indices that "
        "race returned for each phase (sorted here), and how many threads were left.",
    )
    try:
        run = learner.probe("crowd", CROWD)
    except LearnerFault:
        told = how_many_started(learner, CROWD) or " A pool has as many as you say, and else as the machine suggests."
        with explaining(
            f"This was a race of {CROWD} runners. All of them stand at the gate at once, so each needs a thread.{told}"
        ):
            raise
    run.returned(
        [CROWD, CROWD],
        f"A race of {CROWD} runners: how many came in, and how many threads called them. Each needs a thread of its own.",
    )
    learner.probe("once").returned(
        ([[0]], [0]), "race([runner]): one phase, which is number 0; these are its result and its calls."
    )


def waited(learner):
    """Whether those who run too early wait for the others after their call, or not at all."""
    left = aside(learner, "left_at_the_last_call", 3, 20.0)
    if left is None:
        return ""
    if left:
        return f"When the last one was called, {left} who had run before still waited: they wait after their call, and should before it."
    serial = aside(learner, "left_at_the_last_call", 3, 0.0, 10.0) == 0
    return (
        "When the last one was called, the threads of the others had ended already: they waited for nobody, neither before their call nor after it."
        + (" It was so too where each call took 10 s: they ran one after the other." if serial else "")
    )


@pytest.mark.points(2)
def test_none_starts_before_all_stand_at_the_gate(learner):
    """When the first of three runners is called, all three threads are there."""
    explored = learner.explore("started_at_the_first_call", 3, budget=BUDGET)
    alone = any(started < 2 for started in explored.values)
    came = "This is how many threads had been started when the first of three runners was called. "
    explored.always(
        lambda started: started >= 2,
        f"{came if explored.fault is None else ''}For three runners three are needed, or two "
        "if the caller of race runs as well. A thread that is started runs at once, perhaps before the next one is started: let each wait at a "
        f"threading.Barrier for all the others. {waited(learner) if alone else ''}",
    )
    run = learner.probe("started_at_the_first_call", 3, 20.0)
    busy = "Here the start of a thread took 20 s, as on a machine that is very busy: "
    assert run.value != 0, (
        f"A race of three runners ended, and not all of them had been called. {busy}if the gate has a timeout, it gave up before all were there. "
        "No time is long enough for all; let them wait without one."
    )
    assert run.value >= 2, (
        f"Only {run.value} thread had been started when the first of three runners was called. {busy}a sleep is no gate, however long, since "
        "nobody knows when the others will be there. Let each wait at a threading.Barrier for all the others, before the first phase too."
    )


NO_GATES = "An Event that is set once stays open, and a sleep is no gate, however long."


def at_the_gate(learner):
    """What a runner's thread waited for before its calls, where the first one is slow, in a sentence."""
    told = aside(learner, "before_the_calls", 3, 3, [5.0, 700.0, 5.0]) or []
    with contextlib.suppress(TypeError, ValueError, LookupError):
        *before, after = told
        for kind, _, seconds, broken in after if len(before) < 3 else ():
            if kind == "Barrier" and broken:
                return (
                    f"The last one's wait at the Barrier was broken after {seconds:g} s. A gate that gives up after a while loses who is "
                    "slow; no time is long enough for all."
                )
        for phase, waits in enumerate(before[1:], 1):
            if any(kind == "Event" and opened for kind, opened, _, _ in waits):
                return f"Before phase {phase} a runner waited for an Event that was set already: an Event that is set once stays open."
        if all(waits and all(kind == "sleep" for kind, *_ in waits) for waits in before) and before:
            return (
                f"Before each of its calls a runner slept ({before[0][0][2]:g} s), before phase 0 too, and waited at no Barrier and for no Event. "
                "A sleep is no gate, however long."
            )
    return NO_GATES


@pytest.mark.points(2)
def test_phases_do_not_overlap(learner):
    """No call of a phase begins before all of the phase before have ended."""
    why = "All must stand at the gate before each phase, not only before the first. "
    came = f"These are the calls that began too early, or were never made. {why}"
    explored = learner.explore("too_early", 2, 2, budget=BUDGET)
    wrong = explored.fault is None and explored.values != [[]]
    explored.only([], came + at_the_gate(learner) if wrong else why)
    run = learner.probe("too_early", 3, 3, [5.0, 700.0, 5.0])
    if run.value != []:
        run.returned(
            [], f"The first of three runners took 5 s in each phase, and 700 s in phase 1. {came}{at_the_gate(learner)}"
        )
    run.returned([])


def what_order(learner, delays):
    """Which order it is that race returned, in a sentence; "" if it is neither that of beginning nor that of ending."""
    with contextlib.suppress(TypeError, ValueError):
        told, began, ended, most = aside(learner, "order_seen", delays) or []
        if told == ended:
            return " In the returned order they did end" + (", one after the other." if most == 1 else ".")
        if told == began:
            return " In the returned order they began."
    return ""


def test_the_order_of_ending_is_told(learner, rng):
    """The indices come in the order in which the calls ended, and all runners of a phase run at once."""
    count = 4
    delays = [rng.sample([0.5, 1.0, 2.0, 3.5], count) for _ in range(2)]
    run = learner.probe("sleepers", delays)
    right = [sorted(range(count), key=row.__getitem__) for row in delays]
    why = f"Runner i sleeps delays[phase][i] seconds, with delays = {delays}; who sleeps least ends first."
    if run.value != right:
        why += what_order(learner, delays)
    run.returned(right, why)
    ideal = sum(map(max, delays))
    assert abs(run.seconds - ideal) < TINY, (
        f"Each phase takes as long as its slowest runner, together {ideal} s of the bubble's clock; this race took {run.seconds} s. "
        "A little more is a sleep at the gate. Much more means that they ran one after the other: start all, and only then join."
    )


def what_broke(learner, phases, at):
    """What became of the exception in a race that hangs, in a sentence; "" if that was not seen."""
    seen = at_the_hang(learner, 2, phases, at)
    if not seen:
        return ""
    end = "ended its thread" if "Stumbled" in seen["left"] else "was caught"
    return f"Here the exception {end}, and abort() was called {seen['aborts']} times. "


@pytest.mark.points(2)
def test_an_exception_ends_the_race(learner):
    """A runner that raises breaks the gate: BrokenBarrierError with its cause, no further phase, nobody waits for ever."""
    for phases, at in ((2, 0), (1, 0)):
        explored = learner.explore("stumbles", 2, phases, at, budget=BUDGET)
        right = {
            "raised": "BrokenBarrierError",
            "cause": "Stumbled: over a stone",
            "last phase begun": at,
            "threads left": 0,
        }
        wrong = [seen for seen in explored.values if seen != right]
        explored.only(
            right,
            f"Two runners, {phases} phase{'s' if phases > 1 else ''}, and the second runner raised Stumbled in phase {at}"
            + (", the last one. " if at == phases - 1 else ". ")
            + (what_broke(learner, phases, at) if explored.fault is not None else "")
            + (
                "The cause told here is that of one who waited at the gate, for whom it broke: no runner raised it. Keep only what a runner "
                "raised, where it is called; or the first exception, which is kept before abort()."
                if wrong and wrong[0]["cause"].startswith("BrokenBarrierError")
                else "Who waits for that runner would wait for ever: keep the exception, abort() the barrier, and when all have "
                "ended `raise BrokenBarrierError(…) from error`. In the last phase nobody stands at the gate any more to notice."
            ),
        )
    learner.explore("stumbles", 2, 1, 0, at_a_gate=True, budget=BUDGET).only(
        {
            "raised": "BrokenBarrierError",
            "cause": "BrokenBarrierError: over a stone",
            "last phase begun": 0,
            "threads left": 0,
        },
        "Two runners, 1 phase, and the second runner itself raised a BrokenBarrierError (it may use a gate of its own). That is a failure of a "
        "runner like any other, and the cause of yours. Catch those of *your* gate around its wait() alone, and not around the runner's call.",
    )


def test_no_runners_and_no_phases_are_errors(learner):
    """A race without runners or without phases is refused with ValueError."""
    learner.probe("refused").returned(
        ["ValueError"] * 3, "race([], 1), race([runner], 0) and race([runner], -1) are mistakes of the caller."
    )


@pytest.mark.real_time
def test_a_race_for_real(learner, rng):
    """On plain threads, three runners meet in each of two phases, no phase begins before its time, and the order is right."""
    places = [rng.sample(range(3), 3) for _ in range(2)]
    with learner.register(places[0] + places[1]) as register:
        run = learner.probe("tells_the_judge", register, 3, 2, clock="real", limit=10.0)
    run.raise_error()
    for phase in range(2):
        register.together(
            f"gate of phase {phase}", 3, "All runners run a phase at the same time, each in a thread of its own."
        )
    runs = register.spans("begins", "ends", int, int)
    assert sorted(one.words for one in runs) == [(index, phase) for index in range(3) for phase in range(2)], (
        f"Three runners were to be called in two phases each. The judge was told of these calls (index, phase): {[one.words for one in runs]}."
    )
    early = [
        (one, other) for one in runs for other in runs if one.words[1] < other.words[1] and one.ends > other.begins
    ]
    assert not early, (
        f"A runner began phase 1 before another had ended phase 0: these two, as (index, phase), {[(a.words, b.words) for a, b in early][:1]}. "
        "Before each phase all wait for each other at the gate."
    )
    took = {entry.words: entry.answer for entry in register.of("take", int, int) if entry.answer is not None}
    order = [sorted(range(3), key=lambda index, phase=phase: took.get((index, phase), 0)) for phase in range(2)]
    run.returned(
        order,
        "The judge told each of three runners in each of two phases how long to sleep: 0.1, 0.3 or 0.5 s. In this order they ended.",
    )
    assert run.seconds >= 0.99, (
        f"Two phases of 0.5 s each took {run.seconds:.2f} s: the second began before the first had ended."
    )
