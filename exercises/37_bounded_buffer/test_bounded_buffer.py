"""The checks of kata 37. Most try the schedules that differ: who runs when is chosen, and chosen otherwise the next time."""

import contextlib

import pytest

from grader.judge.faults import LearnerFault, explaining

NAMES = "an error is shown by its name"
NEAR = 0.001
"""Seconds by which a call may end beside its timeout, where others run in between."""


def got_of(explored, text):
    """These words about what came, where a value came."""
    return text if explored.fault is None else ""


def why_in_turn(learner, message):
    """What it tells that one thread alone could not put items and get them, in a sentence."""
    if "un-acquired" in message:
        return "The lock is given back at the end of its `with` block, and only who has it may notify: notify() belongs inside."
    came = []
    with learner.aside(), contextlib.suppress(LearnerFault, TypeError, ValueError):
        came = [(str(item), str(told), back is True) for item, told, back in learner.probe("alone").value]
    lost = [f"{item} ({told})" for item, told, back in came if not back]
    kept = [item for item, _, back in came if back]
    if not lost or not kept:
        return ""
    return (
        f"Each put alone into a buffer of 1, {', '.join(kept)} came back by get(timeout=0), and not {', '.join(lost)}."
    )


def test_first_in_first_out(learner, rng):
    """What is put first is got first, whatever it is: None is an item like any other."""
    items = [None, *[rng.randint(-99, 99) for _ in range(4)], False, "", None]
    try:
        run = learner.probe("in_turn", items)
        run.raise_error()
    except LearnerFault as fault:
        with explaining(why_in_turn(learner, fault.message)):
            raise
    run.returned(items, f"These {len(items)} items were put into a buffer of that size, and then got.")
    learner.explore("exchange", 1, [["a", "b"]], [2]).only(
        [["a", "b"]], "One thread put a and then b into a buffer of 1, another got two items: a comes first."
    )


def test_a_size_below_one_is_an_error(learner):
    """A buffer in which nothing has room is refused with ValueError."""
    run = learner.probe("made", [1, 0, -3])
    run.returned(["made", "ValueError", "ValueError"], f"BoundedBuffer(1), (0) and (-3) were made; {NAMES}.")


def test_it_waits_when_full_and_when_empty(learner):
    """A put waits while the buffer is full, a get while it is empty; never more items are in it than have room."""
    explored = learner.explore("fills_up")
    came = got_of(
        explored,
        " These are the numbers that it had put when it stood, when all stood after one was taken out, and in the end. 2, 2, 3: it was not "
        "woken by the get, but went on later by itself. Who sleeps and looks again does so; wait() on a Condition is ended by notify().",
    )
    explored.only(
        [2, 3, 3],
        f"One thread put three items into a buffer of 2: it should stand after two, and go on when one is taken out.{came}",
    )
    explored = learner.explore("crowd")
    came = got_of(explored, " These are the numbers put before and after.")
    explored.only(
        [1, 2],
        f"Two threads each put one item into a buffer of 1: one of them should stand, until an item is taken out.{came} To look whether there "
        "is room and to put must be one step, under one lock.",
    )
    learner.explore("waits_for_an_item").only(
        [[], ["item"]],
        "A thread called get() on an empty buffer: it should stand with nothing, and have the item once it was put.",
    )


@pytest.mark.points(2)
def test_no_wake_up_is_lost(learner):
    """However they meet, each item goes to one thread, and nobody who could go on waits for ever."""
    why = (
        "Who is woken must look again whether it is his turn: while, not if, since another may have been quicker. And who wakes must "
        "wake somebody who can use it: one notify() on a Condition at which both putters and getters wait may reach the wrong kind; "
        "use a Condition for each kind, or notify_all()."
    )
    explored = learner.explore("exchange", 1, [["a", "b"]], [1, 1])
    if explored.fault is not None and "acquires" not in explored.fault.message:
        why = (
            "No thread took any lock on the way, as the picture shows. To look whether there is an item and to take it are two steps, and another "
            "thread came between them: hold one lock over both, and wait on a Condition of that lock."
        )
    explored.always(
        lambda got: sorted(item for items in got for item in items) == ["a", "b"],
        f"One thread put a and b into a buffer of 1, two others got one item each{got_of(explored, '; this is what they got')}. {why}",
    )
    explored = learner.explore("exchange", 1, [["a"], ["b"]], [1, 1])
    explored.always(
        lambda got: sorted(item for items in got for item in items) == ["a", "b"],
        f"Two threads put a and b into a buffer of 1, two others got one item each{got_of(explored, '; this is what they got')}. {why}",
    )
    each = (
        "Notify at each put and at each get. Who notifies only when the buffer was empty (or full) before wakes one; the next item (or "
        "place) may come before that one has run, and nobody is told of it."
    )
    explored = learner.explore("exchange", 2, [["a", "b"]], [1, 1])
    explored.always(
        lambda got: sorted(item for items in got for item in items) == ["a", "b"],
        f"One thread put a and b into a buffer of 2, two others got one item each{got_of(explored, '; this is what they got')}. {each}",
    )
    learner.explore("gets_twice").only(
        ["item", "item"],
        f"Two threads waited in get() of an empty buffer of 2, and two items were put, one right after the other: both go on. {each}",
    )
    learner.explore("puts_twice").only(
        ["new", "new"],
        f"Two threads waited in put() at a full buffer of 2, and both items were got, one right after the other: both go on. {each}",
    )


def test_timeouts_are_exact(learner, rng):
    """A timeout is the time that the whole call may wait: not less, not more, and 0 never waits."""
    wait = rng.randint(301, 3999) / 1000
    late = "TimeoutError"
    expected = [
        *[(late, wait), (late, 0.0)],
        *[(None, 0.0), (late, wait), (late, 0.0), ("first", 0.0)],
        *[(None, 0.0), (None, 0.0)],
    ]
    calls = [
        *[f"get(timeout={wait})", "get(timeout=0)"],
        *[
            "put('first', timeout=0)",
            f"put('second', timeout={wait})",
            "put('second', timeout=0)",
            f"get(timeout={wait})",
        ],
        *["put(None)", "get(timeout=0)"],
    ]
    zero = "0 is not None: `if timeout:` takes both for the same."
    for count, hangs in (
        (1, "It is the only call, on an empty buffer: its time is over, and it waits on."),
        (2, f"The first came back in time, so the second, get(timeout=0), hangs: it should not wait at all. {zero}"),
        (len(calls), f"The first two came back in time. {zero}"),
    ):
        asked = f"A buffer of 1, and one thread alone: {', '.join(calls[:count])}."
        with explaining(f"{asked} {hangs}"):
            run = learner.probe("timed", wait, count)
        run.returned(
            expected[:count],
            f"{asked} These are what came of each ({NAMES}) and the seconds that it took. {zero}",
        )
    wait = (300 + rng.randint(1, 99)) / 100
    run = learner.probe("one_for_two", 1.0, wait)
    run.returned(
        [[("item", 1.0), (late, wait)], [(None, 1.0), (late, wait)]],
        f"Two threads waited at most {wait} s for an item, and one came after 1 s; then two for room, and one place got free after 1 s. "
        "The other one should give up when its time is over: who is woken in vain has waited already, so reckon a deadline once, and "
        "wait for what is left of it. Condition.wait_for does that.",
    )
    for probe, told in (
        (
            "get_woken_in_vain",
            "for an item. After 1 s one was put, and the thread that had put it took it out again at once",
        ),
        (
            "put_woken_in_vain",
            "for room. After 1 s an item was got, and the thread that had got it filled the place at once",
        ),
    ):
        explored = learner.explore(probe, 1.0, wait)
        came = got_of(explored, f" This is what came of its call ({NAMES}), and the seconds that it took.")
        explored.always(
            lambda gave: any(told != late or abs(took - wait) < NEAR for told, took in gave),
            f"One thread waited at most {wait} s {told}.{came} A thread that is woken may find nothing. Then it should wait for what is "
            "left of its time, neither give up nor wait all of `timeout` once more: wait(timeout) in a loop begins anew each time. "
            "Reckon a deadline before the first wait; Condition.wait_for does that.",
        )


def test_who_gives_up_takes_no_wake_up_along(learner):
    """If a timeout and a put (or a get) come at the same moment, the item (or the place) goes to one of those who wait."""
    look = "A thread whose time is over may have been woken all the same: let it look once more before it raises."
    learner.explore("get_timed_out").always(
        lambda got: got in (["item", "item"], ["TimeoutError", "item"]),
        "One thread waited with a timeout, one without, and an item was put, at the very moment at which the first gave up. Either "
        f"takes it. {look}",
    )
    learner.explore("put_timed_out").always(
        lambda told: told in (["put", "put"], ["TimeoutError", "put"]),
        "Two threads waited for room in put(), one with a timeout and one without, and an item was got, at the very moment at which the "
        f"first gave up. Either has the place. {look}",
    )


def lost_by_closing(learner, explored):
    """Where the item is that get() did not return after close(), in words; "" if it did."""
    if explored.fault is not None or all(value["later"][0] == "left" for value in explored.values):
        return ""
    kept = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        kept = learner.probe("kept_after_closing").value
    if kept is None:
        return ""
    if kept:
        return "The item is still there after close(), but get() raises all the same: look for an item first, and only then whether it is closed."
    return "The item is gone when close() has returned: close() should not empty the buffer."


@pytest.mark.points(2)
def test_closing_wakes_all(learner):
    """After close, all who wait are woken; what is left can be got, nothing can be put."""
    explored = learner.explore("closes_on_getters")
    names = got_of(explored, f" {NAMES.capitalize()}.")
    explored.only(
        {"waiting": ["ValueError"] * 2, "later": ["ValueError"] * 3},
        f"Two threads waited in get() of an empty buffer, it was closed, twice; later came put(1), get() and get(timeout=0).{names} "
        "Both must be woken: notify() wakes one.",
    )
    explored = learner.explore("closes_on_putters")
    names = got_of(explored, f" {NAMES.capitalize()}.")
    explored.only(
        {"waiting": ["ValueError"] * 2, "later": ["left", "ValueError", "ValueError"]},
        f"Two threads waited in put() at a full buffer, it was closed; later came get(), get() and put().{names} Who waits to put is "
        f"refused, and what was in the buffer before can still be got. {lost_by_closing(learner, explored)}",
    )
    learner.explore("closes_at_any_time").only(
        ["left"],
        "One thread called get(), while another put 'left' and then closed the buffer. Whoever is first, the item was put before it was "
        "closed, so get() returns it: look for an item first, and only then whether the buffer is closed.",
    )
    for inside, told in (
        ([], "One thread called put('new') on an empty buffer of 1, while another closed it and then called get()"),
        (
            ["old"],
            "One thread waited in put('new') at a full buffer of 1; another took the item out, closed the buffer, and called get()",
        ),
    ):
        explored = learner.explore("put_meets_close", inside)
        came = got_of(explored, f" These are what that get(), the put and a get() after all gave ({NAMES}).")
        explored.always(
            lambda gave: gave in (["new", "put", "ValueError"], ["ValueError"] * 3),
            f"{told}.{came} Either the put was first, and that get() gives its item. Or the closing was: put raises ValueError, and its "
            "item is never in the buffer, also if there is room by then. Look whether it is closed while you hold the lock, "
            "and again after each wait: what was seen before may no longer be so.",
        )


@pytest.mark.real_time
def test_many_items_for_real(learner, rng):
    """On plain threads, items from three threads to three others all arrive once, each sender's in order, never more than fit."""
    run = learner.probe("many", 2, 3, 200, clock="real", limit=10.0)
    run.returned(
        [True, True],
        "Three threads put 200 items each into a buffer of 2, three others got 200 each: did all arrive, and did each "
        "thread get those of one sender in their order?",
    )
    items = rng.sample(range(1, 10**6), 90)
    with learner.register(items) as register:
        learner.probe("tells_the_judge", register, 2, 3, 30, clock="real", limit=10.0).raise_error()
    register.together("start", 6)
    got = [(entry.connection, entry.words[1]) for entry in register.of("say", "got", int)]
    lost = sorted(set(items) - {item for _, item in got})
    assert sorted(item for _, item in got) == sorted(items), (
        f"Three threads put 30 items of the judge's each into a buffer of 2, three others got 30 each. Of 90 items {len(got)} were got, and "
        f"these never: {lost}. Each item should come out once."
    )
    assert most_inside(register) <= 2, (
        f"Into a buffer of 2, {most_inside(register)} more items had been put than anybody had asked for. While it is full, put waits."
    )
    wrong = out_of_order(register.taken(), got)
    assert not wrong, (
        f"One thread put {wrong[:1]} before {wrong[1:]} into a buffer of 2, and one thread got them the other way round. What is put first is got first."
    )


def most_inside(register):
    """Return by how many the puts that had ended were ever ahead of the gets that had begun."""
    inside = most = 0
    for entry in register.log:
        inside += (entry.what, entry.words[:1]) == ("say", ("put",))
        inside -= (entry.what, entry.words[:1]) == ("say", ("asks",))
        most = max(most, inside)
    return most


def out_of_order(taken, got):
    """Return two items of one sender, as they were put, that one thread got the other way round; [] if there are none."""
    place = {item: (sender, number) for sender, items in taken.items() for number, item in enumerate(items)}
    last = {}
    for connection, item in got:
        sender, number = place.get(item, (None, 0))
        before = last.get((connection, sender), item)
        if place.get(before, (None, 0))[1] > number:
            return [item, before]
        last[connection, sender] = item
    return []
