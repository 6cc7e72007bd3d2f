"""What one call did: the value that a check looks at."""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import Any, Final, NamedTuple

from grader import wire
from grader.judge import messages
from grader.judge.faults import LearnerFault
from grader.sandbox.launch import ProcessSeen
from grader.verdict import Event, Status, Where

_MAX_PROCESSES: Final = 100
STALL: Final = 0.25
"""Seconds of `Run.stall` from which real time tells nothing of the answer."""


def overlapping(processes: list[ProcessSeen]) -> bool:
    """Tell whether two of `processes` lived at the same time."""
    lives = sorted((process.first, process.last) for process in processes)
    return any(later[0] < earlier[1] for earlier, later in itertools.pairwise(lives))


def computing_together(processes: list[ProcessSeen]) -> bool:
    """Tell whether two of `processes` computed at the same time, more than a little.

    Two that take turns, each idle while the other computes, live at the same time and don't. Of each the middle half
    of its computing counts, so that getting ready does not.
    """
    busy = sorted((process.busy_from, process.busy_to) for process in processes)
    return any(later[0] < earlier[1] for earlier, later in itertools.pairwise(busy))


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line that was printed. In the bubble: by which thread and when; on the real clock: when it came out.

    There `pid` is the process that wrote it, by the kernel's word; 0 in the bubble, and where the system does not tell.
    """

    text: str
    thread: str
    at: float
    pid: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class ThreadSeen:
    """A thread's life, in seconds since the call began; `ended` is None if it outlived the call."""

    name: str
    started: float
    ended: float | None


class Exit(NamedTuple):
    """How a process ended: by exit code, or minus a signal; None if it still ran. `method` is its start method."""

    name: str
    method: str
    code: int | None


class Run:
    """One call of the answer, ended.

    Attributes:
        asked: the call, as Python writes it.
        seconds: how long it took: of the bubble's clock, exact to 1 µs, or real seconds, measured outside.
        error: the exception that it raised, as data; looking at it says that the check deals with it.
        out: the lines on stdout. `text`: all of stdout. `stderr`: all of stderr.
        timeline: what its threads did.
        left: the names of its threads that had not ended when it returned.
        processes: the processes that it started, as the kernel told them.
        cpu_here, cpu_children: CPU seconds of its own process, and of those that it started.
        peak_memory: the most bytes of memory that any one of these had at once; 0 where nobody can tell.
        shared_memory: names of the shared memory that was left when the call had ended; [] where nobody can tell.
        exit_code: of its process, or minus a signal; a script's own exit code is its value. leftovers: processes
            that it left running, in words. left_threads: the same of threads.
        exits: of a notebook, how each process ended that multiprocessing started in it, by its own word.
        told: of the exception, with the learner's lines.
        story: how a chosen schedule went wrong, as data, where that was found out.
        sample: of schedules none of which failed, what the threads did under one.
        aside: whether it only explains a failure.
        stall: the most real seconds by which the machine kept a process waiting that only wanted to look at a clock.
    """

    kata = ""
    aside = False
    sample: tuple[Event, ...] = ()

    def __init__(self, asked: str, seconds: float, **seen: Any) -> None:
        self.asked = asked
        self.seconds = seconds
        self.out: list[Line] = seen["out"]
        self.text: str = seen["text"]
        self.stderr: str = seen["stderr"]
        self.timeline: tuple[Event, ...] = seen["timeline"]
        self.left: list[str] = seen["left"]
        self.processes: list[ProcessSeen] = seen["processes"]
        self.cpu_here, self.cpu_children = float(seen["cpu_here"]), float(seen["cpu_children"])
        self.exit_code: int | None = seen["exit_code"]
        self.leftovers: list[str] = seen["leftovers"]
        self.left_threads: list[str] = seen["left_threads"]
        self.peak_process_threads: int = seen["peak_threads"]
        self.peak_memory: int = max([seen["own_memory"], *(process.memory for process in self.processes)])
        self.shared_memory: list[str] = seen["shared_memory"]
        self.stall: float = seen["stall"]
        self._loading: float | None = seen.get("loading")
        self.exits: list[Exit] = seen.get("exits", [])
        self.told_of_schedules = {name: seen.get(name) for name in ("explored", "replayed", "unfit", "followed")}
        self.story: dict[str, Any] | None = None
        self._value: Any = seen["value"]
        self._error: wire.Raised | None = seen["error"]
        self.told: str = seen["told"]
        self._where: Where | None = seen["where"]
        self.error_seen = False

    @property
    def disturbed(self) -> bool:
        """Whether the machine, and not the answer's own computing, kept processes waiting for long."""
        return self.stall >= STALL and self.cpu_here + self.cpu_children < self.seconds / 2

    @property
    def children(self) -> list[ProcessSeen]:
        """The processes that it started, without those that multiprocessing keeps for itself."""
        return [process for process in self.processes if process.kind == "child"]

    @property
    def raised(self) -> bool:
        """Whether the call raised; the check that asks this has not dealt with it yet."""
        return self._error is not None

    @property
    def error(self) -> wire.Raised | None:
        """The exception that the call raised, or None."""
        self.error_seen = True
        return self._error

    @property
    def value(self) -> Any:
        """What the call returned, as plain data.

        Raises:
            LearnerFault: if it raised instead.
        """
        self.raise_error()
        return self._value

    def raise_error(self) -> None:
        """Fail the check if the call raised.

        Raises:
            LearnerFault: with the exception and the learner's lines.
        """
        if self._error is None:
            return
        is_stub = self._error.type == "NotImplementedError"
        message = messages.not_written(self.asked) if is_stub else messages.raised(self.asked, self.told)
        raise LearnerFault(Status.FAILED, message, self._where)

    @property
    def last_error(self) -> str:
        """The last line on stderr that names an exception, which may be a child's; "" if there is none."""
        found = re.findall(r"^[\w.]*(?:Error|Exception)\b.*", self.stderr, flags=re.MULTILINE)
        return found[-1].rstrip(" :")[:200] if found else ""

    def described(self) -> str:
        """Return a sentence that says what was asked and what came of it."""
        return messages.returned(self.asked, brief(self._value))

    def returned(self, expected: object, why: str = "") -> None:
        """Fail the check unless the call returned exactly `expected`, types included (True is not 1).

        Args:
            why: a sentence more, on what the difference means.

        Raises:
            AssertionError: if it did not.
        """
        value = self.value
        if same(value, expected):
            return
        message = messages.should_return(self.asked, brief(expected), brief(value))
        if value == expected:
            message = messages.of_other_type(message, _types(expected), _types(value))
        raise AssertionError(messages.and_why(message, why))

    def raises(self, name: str, why: str = "") -> None:
        """Fail the check unless the call raised the exception `name`, or one that derives from it.

        Args:
            why: a sentence more, on why it should.

        Raises:
            AssertionError: if it did not.
        """
        error = self.error
        if error is not None and name in error.bases:
            return
        if error is None:
            did = messages.did_return(brief(self._value))
        else:
            did = messages.did_raise(f"{error.type}: {error.text}")
        raise AssertionError(messages.and_why(messages.should_raise(self.asked, name, did), why))

    def history(self) -> tuple[Event, ...]:
        """Return what its threads did, and on the real clock when its first processes lived.

        The system tells when processes were there and how much they computed, not what else they did.
        """
        events = list(self.timeline)
        children = sorted(self.children, key=lambda one: one.first) if self._loading is not None else []
        for number, process in enumerate(children[:_MAX_PROCESSES], 1):
            name = messages.process(number)
            begin, end = (max(0.0, moment - (self._loading or 0.0)) for moment in (process.first, process.last))
            told = messages.computes(process.cpu)
            events += [Event(begin, name, "start"), Event(end, name, "note", told), Event(end, name, "end")]
        return tuple(events)

    @property
    def threads(self) -> list[ThreadSeen]:
        """The threads of the call, by start; the caller's is the first."""
        lives: dict[str, ThreadSeen] = {}
        for event in self.timeline:
            known = lives.get(event.lane)
            if known is None:
                lives[event.lane] = ThreadSeen(event.lane, event.at, None)
            elif event.what == "end":
                lives[event.lane] = dataclasses.replace(known, ended=event.at)
        main = lives.pop("MainThread", ThreadSeen("MainThread", 0.0, None))
        return [main, *sorted(lives.values(), key=lambda life: life.started)]

    @property
    def peak_threads(self) -> int:
        """The most threads that were alive at once, the caller's included."""
        return _peak([(life.started, self._end_of(life)) for life in self.threads])

    def _end_of(self, life: ThreadSeen) -> float:
        return float("inf") if life.ended is None else life.ended

    def working(self, what: str = "sleep") -> int:
        """Return the most lanes that were in state `what` at once."""
        return _peak(self.spans(what))

    def spans(self, what: str = "sleep") -> list[tuple[float, float]]:
        """Return from when to when lanes were in state `what`, in seconds, of all lanes together."""
        return [span for spans in self.spans_by_lane(what).values() for span in spans]

    def spans_by_lane(self, what: str = "sleep") -> dict[str, list[tuple[float, float]]]:
        """Return from when to when each lane was in state `what`, in seconds."""
        since: dict[str, float] = {}
        found: dict[str, list[tuple[float, float]]] = {}
        for event in self.timeline:
            if event.what not in ("start", "run", "sleep", "wait", "end"):
                continue
            if event.lane in since:
                found.setdefault(event.lane, []).append((since.pop(event.lane), event.at))
            if event.what == what:
                since[event.lane] = event.at
        return found

    def overlap(self) -> str:
        """Return a sentence that says which thread began only when another had ended, ``""`` if none did."""
        began = {event.lane: event for event in self.timeline if event.what == "start" and event.file}
        ended = [event for event in self.timeline if event.what == "end" and event.lane in began]
        for later in began.values():
            before = [event for event in ended if event.lane != later.lane and event.at <= later.at]
            if before and began[before[-1].lane].at < later.at:
                return self._serial(began[before[-1].lane], later)
        return ""

    def _serial(self, first: Event, later: Event) -> str:
        waits = [e for e in self.timeline if e.what == "wait" and first.lane in e.detail and e.at <= later.at]
        place = f"{waits[-1].file}:{waits[-1].line}" if waits and waits[-1].file else ""
        return messages.one_after_the_other(first.lane, later.lane, f"{later.file}:{later.line}", place)


def _peak(spans: list[tuple[float, float]]) -> int:
    """Return the most of `spans` that hold at once; one that ends where another begins is no overlap."""
    changes = sorted((at, step) for begin, end in spans for at, step in ((begin, 1), (end, -1)) if end > begin)
    most = now = 0
    for _, step in changes:
        now += step
        most = max(most, now)
    return most


def same(left: object, right: object) -> bool:
    """Tell whether two plain values are equal with the same types all the way down."""
    return bool(_exact(left) == _exact(right))


def _exact(value: object) -> tuple[object, ...]:
    """Return a form of `value` that is equal to another's only if all types are the same too."""
    if isinstance(value, list | tuple):
        return type(value), *map(_exact, value)
    if isinstance(value, dict):
        return dict, frozenset((_exact(key), _exact(held)) for key, held in value.items())
    if isinstance(value, set | frozenset):
        return type(value), frozenset(map(_exact, value))
    return type(value), value


def brief(value: object, limit: int = 300) -> str:
    """Return `value` as Python writes it, cut at `limit` characters."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write ints of more than 4,300 digits
        text = f"{hex(value)[:limit]}…" if isinstance(value, int) else messages.MANY_DIGITS
    return text if len(text) <= limit else messages.cut(text[: limit - 20], len(text))


def _types(value: object) -> str:
    inside = value if isinstance(value, list | tuple) else ()
    return messages.type_of(type(value).__name__, sorted({type(item).__name__ for item in inside}))
