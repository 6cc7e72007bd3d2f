"""The checks of kata 36. Most try the schedules that differ: who runs when is chosen, and chosen otherwise the next time."""

import pytest

from grader.judge.faults import explaining

CROWD = 40
"""More runners than any pool of threads has by default."""

BUDGET = 500
"""Schedules for each exploration: a pool of threads, or a gate that is built by hand, has far more that differ."""

TINY = 2e-6
"""Seconds by which the clocks of the bubble may differ: they are read to a microsecond."""


def test_each_runner_runs_in_each_phase(learner, rng):
    """Each runner is called once in each phase, each by a thread of its own, and no thread is left."""
    count, phases = rng.randint(2, 5), rng.randint(2, 4)
    run = learner.probe("calls", count, phases)
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
    with explaining(
        f"This was a race of {CROWD} runners. All of them stand at the gate at once, so each needs a thread: a pool has as many as you say, "
        "and else as the machine suggests."
    ):
        learner.probe("crowd", CROWD).returned(
            [CROWD, CROWD],
            f"A race of {CROWD} runners: how many came in, and how many threads called them. Each needs a thread of its own.",
        )
    learner.probe("once").returned(
        ([[0]], [0]), "race([runner]): one phase, which is number 0; these are its result and its calls."
    )


def waited(learner):
    """Whether those who run too early wait for the others after their call, or not at all."""
    left = learner.probe("left_at_the_last_call", 3, 20.0).value
    if left:
        return f"When the last one was called, {left} who had run before still waited: they wait after their call, and should before it."
    return "When the last one was called, the threads of the others had ended already: they waited for nobody, neither before their call nor after it."


@pytest.mark.points(2)
def test_none_starts_before_all_stand_at_the_gate(learner):
    """When the first of three runners is called, all three threads are there."""
    explored = learner.explore("started_at_the_first_call", 3, budget=BUDGET)
    alone = any(started < 2 for started in explored.values)
    explored.always(
        lambda started: started >= 2,
        "This is how many threads had been started when the first of three runners was called. For three runners three are needed, or two "
        "if the caller of race runs as well. A thread that is started runs at once, perhaps before the next one is started: let each wait at a "
        f"threading.Barrier for all the others. {waited(learner) if alone else ''}",
    )
    run = learner.probe("started_at_the_first_call", 3, 20.0)
    assert run.value >= 2, (
        f"Only {run.value} thread had been started when the first of three runners was called. Here the start of a thread took 20 s, as on "
        "a machine that is very busy: a sleep is no gate, however long, since nobody knows when the others will be there. Let each wait at a "
        "threading.Barrier for all the others, before the first phase too."
    )


@pytest.mark.points(2)
def test_phases_do_not_overlap(learner):
    """No call of a phase begins before all of the phase before have ended."""
    why = (
        "These are the calls that began too early, or were never made. All must stand at the gate before each phase, not only before the first; an Event "
        "that is set once stays open, and a sleep is no gate, however long."
    )
    learner.explore("too_early", 2, 2, budget=BUDGET).only([], why)
    learner.probe("too_early", 3, 3, [5.0, 700.0, 5.0]).returned(
        [],
        f"The first of three runners took 5 s in each phase, and 700 s in phase 1. {why} If calls are missing: a gate that gives up after a "
        "while, such as Barrier(n, timeout=60), loses who is slow; no time is long enough for all.",
    )


def test_the_order_of_ending_is_told(learner, rng):
    """The indices come in the order in which the calls ended, and all runners of a phase run at once."""
    count = 4
    delays = [rng.sample([0.5, 1.0, 2.0, 3.5], count) for _ in range(2)]
    run = learner.probe("sleepers", delays)
    run.returned(
        [sorted(range(count), key=row.__getitem__) for row in delays],
        f"Runner i sleeps delays[phase][i] seconds, with delays = {delays}; who sleeps least ends first.",
    )
    ideal = sum(map(max, delays))
    assert abs(run.seconds - ideal) < TINY, (
        f"Each phase takes as long as its slowest runner, together {ideal} s of the bubble's clock; this race took {run.seconds} s. "
        "A little more is a sleep at the gate. Much more means that they ran one after the other: start all, and only then join."
    )


@pytest.mark.points(2)
def test_an_exception_ends_the_race(learner):
    """A runner that raises breaks the gate: BrokenBarrierError with its cause, no further phase, nobody waits for ever."""
    for phases, at in ((2, 0), (1, 0)):
        learner.explore("stumbles", 2, phases, at, budget=BUDGET).only(
            {
                "raised": "BrokenBarrierError",
                "cause": "Stumbled: over a stone",
                "last phase begun": at,
                "threads left": 0,
            },
            f"Two runners, {phases} phase{'s' if phases > 1 else ''}, and the second runner raised Stumbled in phase {at}"
            + (", the last one. " if at == phases - 1 else ". ")
            + "The exception ends its thread only, and the others would wait for it for ever: keep it, abort() the barrier, and when all have "
            "ended `raise BrokenBarrierError(…) from error`. In the last phase nobody stands at the gate any more to notice.",
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
