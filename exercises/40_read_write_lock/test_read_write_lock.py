"""The checks of kata 40. Most try the schedules that differ: who runs when is chosen, and chosen otherwise the next time."""

import contextlib

import pytest

from grader.judge.faults import LearnerFault, explaining


def alone(told, count):
    """Whether `count` in all went in and out, and nobody was in beside a writer."""
    inside = set()
    for line in told:
        name, what = line.rsplit(" ", 1)
        if what == "in":
            inside.add(name)
        if len(inside) > 1 and any(other.startswith("writer") for other in inside):
            return False
        if what == "out":
            inside.discard(name)
    return len(told) == 2 * count


def test_readers_read_together(learner):
    """Readers get in while others are in."""
    why = (
        "The lock was held for reading, {} more readers came, and this is how many of them got in when nobody could go on. Readers do "
        "not disturb each other; only a writer has to be alone."
    )
    learner.explore("readers_together", 2).only(2, why.format("two"))
    learner.probe("readers_together", 60).returned(60, f"{why.format('60')} There may be any number of them.")


NAPS = 100
"""Schedules more for an answer that waits for a time, in which such waits end at any moment."""
LOOK = "A writer may go in only while nobody is in: to look at that and to go in must be one step, under one lock."
WAKE = "When the last one goes out, all who may go in then must be woken: one notify() may reach the wrong one."
SCRIPT = "Readers and writers came (r, w) and went out (R, W) in the order {!r}, each when all others stood, and this is who was in after each. "
GATHER = "rrwrrrRRWRRR"
"""Two readers are in, and behind a writer three more gather."""


def unlocked(learner):
    """Who read something of the lock's without holding what guards it, under the schedule of the last run, in a sentence."""
    with contextlib.suppress(TypeError, LookupError, AttributeError):
        story = learner.runs[-1].story
        held = {}
        for step in story["steps"] if not story["dropped"] else ():
            having = held.setdefault(step["lane"], set())
            if step["what"] == "acquire":
                having.add(step["name"])
            elif step["what"] == "release":
                having.discard(step["name"])
            elif step["what"] == "read" and not having and step["file"] != "probes.py":
                return f"Under this schedule {step['lane']} read {step['name']} at {step['file']}:{step['line']} without any lock."
    return "After each wake-up it has to be looked at again (while, not if)."


def how_it_ended(learner, fault, readers, writers):
    """Why a meeting came to no end, or to a bad one, in sentences."""
    if "Nobody can go on" in fault.message:
        return WAKE
    with (
        learner.aside(),
        contextlib.suppress(LearnerFault, TypeError, ValueError, LookupError, ArithmeticError, AttributeError),
    ):
        for told in learner.explore("meet", readers, writers, naps=NAPS, forgiving=True).values:
            if not alone(told, 3):
                return (
                    f"Where the threads go on in spite of a RuntimeError, under one schedule this is who went in and out: {told}. {LOOK} "
                    "After each wake-up look again (while, not if), also if it was a timeout that ended the wait."
                )
    return LOOK


@pytest.mark.points(2)
def test_a_writer_is_alone(learner):
    """Whoever comes when, a writer is never in with anybody else, and all get in at last."""
    for readers, writers in ((2, 1), (1, 2)):
        explored = learner.explore("meet", readers, writers, naps=NAPS)
        crew = f"{readers} reader(s) and {writers} writer(s) used the lock once each"
        try:
            explored.always(lambda told: alone(told, 3), f"{crew}, and this is who went in and out. {LOOK}")
        except LearnerFault as fault:
            if explored.fault is None:
                raise fault.explained(unlocked(learner)) from None
            raise explored.fault.explained(
                f"{crew}. {how_it_ended(learner, explored.fault, readers, writers)}"
            ) from None
    all_get_in(learner)


def all_get_in(learner):
    """Who waits is woken, also where those who may not go in yet wait beside it."""
    with explaining(
        f"Two readers were in, a writer waited, and readers behind it; then all went out, one after the other. {WAKE}"
    ):
        learner.probe("play", GATHER).raise_error()
    explored = learner.explore("comes_back", "w", "wr", "r")
    came = "A writer gave the lock back while a writer and a reader waited, and the same thread came at once to read"
    if explored.fault is not None:
        raise explored.fault.explained(f"{came}. {WAKE}")
    explored.always(lambda told: alone(told, 3), f"{came}; this is who went in and out. {LOOK}")


def test_a_hold_belongs_to_the_lock(learner):
    """What one thread has acquired another one may release, and each lock is held by itself."""
    learner.explore("released_by_another").only(
        ["writer in", "writer out", "reader in", "reader out"],
        "One thread acquired the lock, for reading and then for writing, and another released it; afterwards a writer and a reader used "
        "it. An RLock, or a note of who holds it, ties a hold to its thread.",
    )
    learner.explore("two_locks").only(
        ["writer in", "writer out"],
        "A lock was held for writing while a writer used another lock; this is what the writer told until all stood. Each lock has its own numbers "
        "and its own condition: make them in __init__, as attributes of self, and not in the class or the module.",
    )


@pytest.mark.points(2)
def test_no_writer_starves(learner):
    """A reader that comes while a writer waits is behind it."""
    why = (
        "then a writer came and waited, and then a reader came: nobody should get in before the hold is given back, and then the "
        "writer. If readers go in whenever readers are in, a few of them that take turns keep a writer out for ever. Nor may a "
        "timeout let one in."
    )
    for after, held in (
        (False, "The lock was held for reading, "),
        (
            True,
            "A reader waited for a writer to go out, and has the lock now. The readers' turn is for those who waited then, and ends with them: ",
        ),
    ):
        learner.explore("writer_waits", naps=NAPS, after_a_writer=after).only(
            [[], ["writer in", "writer out", "reader in", "reader out"]], held + why
        )
    at_once = "and the same thread came at once to read: the writer waited before it came, so it goes first. "
    learner.explore("comes_back", "w", "w", "r").only(
        ["writer in", "writer out", "reader again in", "reader again out"],
        f"The lock was held for writing and a second writer waited. The first one gave the lock back, {at_once}"
        "The readers' turn is for those who wait when a writer goes out, and nobody did.",
    )
    explored = learner.explore("comes_back", "w", "wr", "r")
    explored.only(
        ["reader in", "reader out", "writer in", "writer out", "reader again in", "reader again out"],
        f"The lock was held for writing, and a writer and a reader waited. The first one gave the lock back, {at_once}"
        "The readers' turn is for those who waited when the writer went out, also while they have not woken up yet: who comes then must not take it "
        f"from them, be it a flag or a permit. {WAKE if explored.fault else ''}",
    )
    learner.explore("comes_back", "r", "w", "r").only(
        ["writer in", "writer out", "reader again in", "reader again out"],
        f"The lock was held for reading and a writer waited. The reader gave the lock back, {at_once}",
    )
    learner.probe("play", GATHER).returned(
        ["r", "rr", "rr", "rr", "rr", "rr", "r", "w", "rrr", "rr", "r", ""],
        f"{SCRIPT.format(GATHER)}A reader that comes while a writer waits is behind it, however many readers are in or wait.",
    )
    two = "rwwRrWrRWR"
    learner.probe("play", two).returned(
        ["r", "r", "r", "w", "w", "r", "r", "w", "r", ""],
        f"{SCRIPT.format(two)}Two writers waited: when one of them has had its turn, the other still waits, and a reader that comes is behind it. "
        "Writers that wait have to be counted; one flag for all of them is cleared by the first that goes in.",
    )


@pytest.mark.points(2)
def test_no_reader_starves(learner):
    """After a writer, the readers that wait go before the next writer, whoever came first."""
    why = (
        "The lock was held for writing while these came, one after the other (w: a writer, r: a reader); then it was released. What they "
        "told before and after: the readers that wait at that moment go first. If waiting writers always go first, a few of them that "
        "take turns keep the readers out for ever."
    )
    for order in ("rw", "wr"):
        learner.explore("readers_wait", order).only(
            [[], ["reader in", "reader out", "writer in", "writer out"]], f"Here {order!r}. {why}"
        )
    learner.explore("comes_back", "w", "r", "w").only(
        ["reader in", "reader out", "writer again in", "writer again out"],
        "The lock was held for writing and a reader waited. The writer gave the lock back, and the same thread came at once to write: it is the next "
        "writer, and the reader goes first, also if it has not woken up yet.",
    )
    explored = learner.explore("let_in", "wrr")
    explored.only(
        ["reader", "reader"],
        "The lock was held for writing while a writer came and then two readers; then it was released. These are the ones that are in "
        "when nobody can go on: all readers that waited, together, and not only one of them. A reader that waits for the next writer as "
        f"well waits longer than one turn. {woken(learner) if ['reader'] in explored.values else ''}",
    )
    gathered = "wrrrrrrwrrrrrrW"
    learner.probe("play", gathered).returned(
        [*["w"] * 14, "r" * 12],
        f"{SCRIPT.format(gathered)}When a writer goes out, all readers that wait go in, however many they are, and also those that came behind another writer.",
    )


def woken(learner):
    """How it came that of two readers that waited only one got in."""
    count = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        count = learner.probe("woken_at_the_turn", "wrr").value
    if not isinstance(count, int) or not count:
        return ""
    if count > 1:
        return (
            f"Of the three that came, {count} had been woken from a Condition: so the other reader looked too, and went back to wait, as it was no longer "
            "the readers' turn. The first reader that goes in must not end it for those who waited with it."
        )
    return f"Of the three that came, {count} had been woken from a Condition: notify() wakes one, notify_all() all who wait."


def test_a_release_without_a_hold_is_an_error(learner):
    """To release what nobody holds raises RuntimeError, and changes nothing."""
    for count, last in enumerate(("release_read() of a new lock", "release_write() after that"), start=1):
        run = learner.probe("released_by_nobody", count)
        nor = ""
        if count == 1 and run.value == ["nothing"]:
            with learner.aside(), contextlib.suppress(LearnerFault):
                if learner.probe("released_by_nobody", 2).value == ["nothing", "nothing"]:
                    nor = " Nor did release_write() after that."
        run.returned(
            ["RuntimeError"] * count,
            f"This is what came of {last}; 'nothing': it raised nothing.{nor} Look before you subtract whether anybody holds it: a count of readers "
            "below zero is not zero when the lock is free, and then a writer waits for ever.",
        )
    learner.probe("released_by_nobody", 4).returned(
        ["RuntimeError"] * 4 + ["writer in", "writer out", "reader in", "reader out"],
        "release_read() and release_write() of a new lock, release_read() after a hold for reading was given back, release_write() after "
        "one for writing was; then a writer and a reader used the lock.",
    )
    for held, told in (
        ("w", "release_read() of a lock that was held for writing"),
        ("r", "release_write() of a lock that was held for reading"),
    ):
        learner.probe("released_the_other_way", held).returned(
            "RuntimeError",
            f"This is what came of {told}; 'nothing': it raised nothing. Each looks for a hold of its own kind, else a writer is soon in beside others.",
        )


@pytest.mark.real_time
def test_many_readers_and_writers_for_real(learner):
    """On plain threads, three readers are in together, and with three writers that change two numbers nobody else ever is."""
    run = learner.probe("many", 3, 300, clock="real", limit=15.0)
    run.returned(
        [900, 900, 0],
        "Three writers added 1 to both of two numbers, 300 times each, under the lock; these are the numbers, and how often one of "
        "three readers saw them differ.",
    )
    with learner.register(delay=0.001) as register:
        learner.probe("tells_the_judge", register, 3, 8, clock="real", limit=10.0).raise_error()
    register.together(
        "inside", 3, "These were three readers, and no writer was there: all three can hold the lock at once."
    )
    register.together("start", 6)
    spans = register.spans("in", "out", str, int)
    assert len(spans) == 48, (
        f"Three readers and three writers were to hold the lock 8 times each; the judge saw {len(spans)} of 48 holds."
    )
    writers = [span for span in spans if span.words[0] == "writer"]
    both = next(((one, other) for one in writers for other in spans if one is not other and one.overlaps(other)), None)
    assert both is None, (
        f"Three readers and three writers told the judge when they had the lock, and when they were about to give it back. These two had it "
        f"at the same time: {' and '.join(f'{name} {number}' for name, number in (span.words for span in both))}. A writer is alone."
    )
    assert register.value == 24, (
        f"Three writers read a number of the judge's and wrote one more, 8 times each, under the lock. It was 0 and should be 24, it is {register.value}."
    )
