"""What the bubble says to a reader, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# --- what is asked of who uses it

RUN_IN_RUN: Final = "a run cannot be started inside a run"
NOT_INSTALLED: Final = "grader.bubble.install() has to be called first"

# --- what a thread waits for

POOL_WORK: Final = "work for the pool"

_CONDITION: Final = "a Condition to be notified"
_FUTURE: Final = "a Future's result"
_POOL_END: Final = "the pool to end"
_POOL_RESULT: Final = "a pool's result"

WAITS: Final = {
    "threading.Event.wait": "an Event to be set",
    "threading.Condition.wait": _CONDITION,
    "threading.Condition.wait_for": _CONDITION,
    "threading.Semaphore.acquire": "a Semaphore to be released",
    "threading.Barrier.wait": "the others at a Barrier",
    "threading.Timer.run": "the time of a Timer",
    "queue.Queue.get": "an item in a Queue",
    "queue.Queue.put": "room in a Queue",
    "queue.Queue.join": "all items of a Queue to be done",
    "queue._PySimpleQueue.get": "an item in a SimpleQueue",
    "concurrent.futures._base.Future.result": _FUTURE,
    "concurrent.futures._base.Future.exception": _FUTURE,
    "concurrent.futures._base.as_completed": "a Future to be done",
    "concurrent.futures._base.wait": "Futures to be done",
    "concurrent.futures._base.Executor.map.<locals>.result_iterator": _FUTURE,
    "concurrent.futures._base.Executor.__exit__": _POOL_END,
    "concurrent.futures.thread.ThreadPoolExecutor.shutdown": _POOL_END,
    "concurrent.futures.thread._worker": POOL_WORK,
    "asyncio.base_events.BaseEventLoop._run_once": "an event in the event loop",
    "multiprocessing.pool.ApplyResult.wait": _POOL_RESULT,
    "multiprocessing.pool.IMapIterator.next": _POOL_RESULT,
    "multiprocessing.pool.Pool.join": _POOL_END,
    "multiprocessing.pool.worker": POOL_WORK,
    "multiprocessing.pool.Pool._handle_workers": POOL_WORK,
    "multiprocessing.pool.Pool._handle_tasks": POOL_WORK,
    "multiprocessing.pool.Pool._handle_results": POOL_WORK,
}
"""What is waited for in functions of the library, by their full names."""

A_FILE: Final = "a file or a socket"
A_LOCK: Final = "a lock"
A_PROCESS_LOCK: Final = "a lock of multiprocessing"
ITS_TURN: Final = "its turn"
END_OF: Final = "the end of "
THE: Final = "the "
MADE_AT: Final = " made at "


def end_of(thread: str) -> str:
    """Say that the end of a thread is waited for."""
    return f"{END_OF}{thread}"


def the_only(what: str) -> str:
    """Call a lock, or what it is in, by what it is: there is one."""
    return f"{THE}{what}"


def one_of(what: str, number: int) -> str:
    """Call a lock, or what it is in, by its number: there are several."""
    return f"{what} {number}"


def made_at(what: str, place: str) -> str:
    """Say where a lock was made; `place` is file and line."""
    return f"{what}{MADE_AT}{place}"


def waits(what: str, place: str, holder: str, *, itself: bool) -> str:
    """Say what a thread waits for: where, and who holds it, if that is known; it may be the thread `itself`."""
    where = f" at {place}" if place else ""
    return f"waits{where} for {what}" + held_by(holder, itself=itself)


def held_by(holder: str, *, itself: bool) -> str:
    """Say who holds what is waited for, as the end of a sentence; ``""`` if nobody does."""
    return f", held by {'itself' if itself else holder}" if holder else ""


def deadlock(stuck: Iterable[str]) -> str:
    """Say that nobody can go on, and of each thread what it waits for."""
    return f"Nobody can go on: {'; '.join(stuck)}."


# --- what is wrong with a run

AN_HOUR: Final = "an hour"


def in_clock(duration: str) -> str:
    """Say how long a run took."""
    return f"{duration} of the bubble's clock"


def in_steps(steps: int) -> str:
    """Say how long a run took, whose clock stood still."""
    return f"{steps} steps"


def not_ended(after: str, *, others: bool) -> str:
    """Say that the function had not ended, or only the `others` had not; `after` is how long it took."""
    return f"after {after} {'they' if others else 'it'} had not ended"


def keeps_asking(thread: str) -> str:
    """Say that a thread uses up time because it waits busily."""
    return f"{thread} keeps asking without a wait"


def polls(thread: str, pause: str) -> str:
    """Say that a thread uses up time because it asks again and again."""
    return f"{thread} polls every {pause}"


def no_end(why: str) -> str:
    """Say that a run does not end."""
    return f"It does not come to an end: {why}."


def raised(error: str) -> str:
    """Say what the function raised."""
    return f"It raised {error}."


def ended_by(thread: str, error: str) -> str:
    """Say which exception ended a thread."""
    return f"{thread} was ended by {error}."


def still_held(locks: Iterable[str]) -> str:
    """Say which locks are held when all is over."""
    return f"At the end somebody still has {' and '.join(locks)}."


def still_waiting(threads: Sequence[str]) -> str:
    """Say which threads wait when all is over."""
    verb = "waits" if len(threads) == 1 else "wait"
    return f"{' and '.join(threads)} still {verb} for what never comes, after all is over."


_NOT_AGAIN: Final = (
    "When its steps were made in the same order again, this did not happen: so what comes of it hangs on more than "
    "that order, on something that differs from run to run, such as id(), the time, or random numbers of its own."
)


def not_again(problem: str) -> str:
    """Say what was wrong, but not when it was tried again."""
    return f"{problem} {_NOT_AGAIN}"


# --- what a search was, and why it is no proof

WAITS_FOR_FILES: Final = "it waits for files or sockets, or runs tasks of asyncio, whose order is left as it is"
USES_PROCESS_LOCKS: Final = "it uses locks of multiprocessing"
TOO_MANY_STEPS: Final = "it takes too many steps"
TOO_MANY_TIMES: Final = "the times at which timed waits end are too many to be all tried"
NAPS: Final = "it sleeps, and on a slow machine a sleep may end at any moment"
SOMEBODY_KEEPS_ASKING: Final = "a thread keeps asking without a wait"
SOMEBODY_GOES_ON: Final = "a thread goes on and on without a wait"
SOMEBODY_CANT_BE_ENDED: Final = "a thread can't be ended"
DIVERGED: Final = "it did not do the same again under the same schedule"
UNSEEN: Final = "what can't be seen"


def failed_at(schedule: int) -> str:
    """Say which schedule failed."""
    return f"failed at schedule {schedule}"


def proved(schedules: int) -> str:
    """Say how many schedules a proof took."""
    return f"proved: {'the only schedule' if schedules == 1 else f'all {schedules} different schedules'}"


def searched(schedules: int) -> str:
    """Say how many schedules were tried."""
    return f"searched {schedules} schedule{'' if schedules == 1 else 's'}"


def uses(name: str) -> str:
    """Say that the function uses what can't be seen."""
    return f"it uses {name}"


def keeps_method(name: str) -> str:
    """Say that the function keeps a method of a container, so that its call can't be seen."""
    return f"it keeps {name}() of a container, to be called later"


def only_some(runs: int) -> str:
    """Say that there are more schedules than were run."""
    return f"not all schedules were among the {runs} that were tried"


def failed_once(problem: str) -> str:
    """Say that something was wrong, but not when it was tried again, among the doubts."""
    return f"a schedule failed, but not when it was replayed ({problem})"


# --- schedules by name

DOES_NOT_FIT: Final = "This schedule does not fit what the function does now."
OTHER_FILES: Final = "This schedule was found with another text of the files; it does not fit what they are now."


def no_schedule(name: str) -> str:
    """Say that a text is not the name of a schedule."""
    return f"{name!r} is not the name of a schedule."


def other_python(found: str, here: str) -> str:
    """Say that a schedule is of another version of Python."""
    return f"This schedule was found by Python {found} and fits no other; this is Python {here}."


# --- schedules that people write

TOO_LONG: Final = "It takes too many steps."
HAS_ENDED: Final = "has ended"
GOES_FIRST: Final = "it is never named, since it goes first whenever it can"


def stands_before(line: int, text: str) -> str:
    """Say before which line a thread stands."""
    return f"stands before line {line}" + (f": {text}" if text else "")


def ended_by_then(thread: str) -> str:
    """Say that a thread can't go on, since it has ended."""
    return f"{thread} {HAS_ENDED} by then"


def cant_go_on(thread: str, stands: str) -> str:
    """Say that a thread can't go on, and where it stands."""
    return f"{thread} {stands}, and can't go on"


def not_started(known: Sequence[str]) -> str:
    """Say that there is no thread of a name, and which there are."""
    return "no thread of that name has been started" + (f", only {' and '.join(known)}" if known else "")


def impossible(number: int, name: str, why: str) -> str:
    """Say which entry of a schedule can't be followed."""
    return f"Entry {number}, {name!r}, is impossible: {why}."


def misplaced_mark(place: str, mark: str) -> str:
    """Say that a mark is where no thread can be stopped; `place` is file and line."""
    return f"{place}: {mark!r} has to be where a statement begins that is no for loop."


# --- stories and pictures

A_CONTAINER: Final = "a container"
PAST: Final = {"read": "read", "write": "wrote"}

_DEEDS: Final = {
    "start": "starts {}",
    "end": "ends",
    "read": "reads {}",
    "write": "writes {}",
    "acquire": "acquires {}",
    "release": "releases {}",
    "try": "tries in vain to get {}",
    "wait": "waits for {}",
    "join": "sees the end of {}",
    "sleep": "sleeps {}",
    "print": "prints {}",
    "note": "notes {}",
}


def deed(what: str, name: str) -> str:
    """Say what a thread does."""
    return _DEEDS[what].format(name)


def inside_of(container: str) -> str:
    """Call what is in a container."""
    return f"what is in {container}"


def collision(one: str, other: str, name: str, one_did: str, other_did: str) -> str:
    """Say that a thread used what another had used; what they `did` is in the past tense."""
    return f"{one} {one_did} {name}, then {other} {other_did} it"


def before_again(one: str, did: str, *, again: bool) -> str:
    """Say, as the end of a sentence, what the first thread of a collision did after it."""
    return f", before {one} {did} it" + (" again" if again else "")


def not_kept(events: int) -> str:
    """Say how many events were dropped."""
    return f"{events} more events were not kept"


def more_times(times: int) -> str:
    """Say how often what was told is done again."""
    return f"… {times} times more"


def more_lines(lines: int) -> str:
    """Say how many lines are left out here."""
    return f"… {lines} lines more"


def lines_before(lines: int) -> str:
    """Say how many lines are left out at the beginning."""
    return f"… {lines} line{'s' * (lines != 1)} before these"
