"""What follows from what happens: one function from a state and an event to a new state and things to do."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from grader.course import Kata, Planned
from grader.submission import Answer
from grader.verdict import FAILURES, Check, Status, Verdict, worst
from grader.watch import messages
from grader.watch.drawing import scene_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A kata of the course, as the list shows it.

    `lacking` says what this machine lacks to run it, or the kata itself; `fitting` gives for names of checks the number
    of the hint that helps with them.
    """

    kata: Kata
    planned: tuple[Planned, ...]
    done: bool = False
    lacking: str = ""
    fitting: Mapping[str, int] = field(default_factory=dict)


class Phase(enum.Enum):
    """How far the judging of the present answer is."""

    LOOKING = "looking"
    RUNNING = "running"
    JUDGED = "judged"
    BROKEN = "broken"


class Filter(enum.Enum):
    """Which katas the list shows."""

    ALL = "all"
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Page:
    """A text that is shown in place of the verdict: a hint, lanes, the reference."""

    kind: str
    title: str
    text: str
    markdown: bool = False


@dataclass(frozen=True, slots=True)
class Picker:
    """The list of katas, while it is open; `typing` while what is searched for is typed."""

    at: int = 0
    search: str = ""
    shown: Filter = Filter.ALL
    typing: bool = False


# What is to be done -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judge:
    """Judge `answer`, in place of what is judged now."""

    run: int
    kata: Kata
    answer: Answer


@dataclass(frozen=True, slots=True)
class Follow:
    """Follow the files of `kata`, and tell what its answer is now."""

    kata: Kata


@dataclass(frozen=True, slots=True)
class Look:
    """Tell what the answer is now, though nothing may have changed."""


@dataclass(frozen=True, slots=True)
class ShowHint:
    """Show the hint of a number, from 1; where it is None the next one after those that were `seen`."""

    kata: Kata
    number: int | None = None
    seen: int = 0


@dataclass(frozen=True, slots=True)
class ShowReference:
    """Show the reference."""

    kata: Kata


@dataclass(frozen=True, slots=True)
class ShowLesson:
    """Show the lesson."""

    kata: Kata


@dataclass(frozen=True, slots=True)
class CheckAll:
    """Grade all answers, in the terminal."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Put the stub back."""

    kata: Kata


@dataclass(frozen=True, slots=True)
class Edit:
    """Open the answer in an editor."""

    kata: Kata


@dataclass(frozen=True, slots=True)
class Survey:
    """Tell which katas are done."""


@dataclass(frozen=True, slots=True)
class Suspend:
    """Leave the terminal to the shell until it calls us back."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End watch."""

    interrupted: bool = False


Deed = Judge | Follow | Look | ShowHint | ShowReference | ShowLesson | CheckAll | Reset | Edit | Survey | Suspend | Quit


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is done only after a yes; or after another question."""

    words: str
    then: Deed | Question


# What happens -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to `kata` is this now. `asked`: it was looked at because it was asked for."""

    kata: str
    answer: Answer
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A check is judged."""

    run: int
    check: Check


@dataclass(frozen=True, slots=True)
class Finished:
    """All checks of a run are judged; `clock` is the time of day, `seconds` are since the answer was found."""

    run: int
    verdict: Verdict
    clock: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broke:
    """A run could not go on; the sentence says why."""

    run: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key was pressed: a character, or a name like ``up``."""

    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """Something is to be said to the learner, in a sentence.

    `about_files`: it tells of a change of the answer's files, so that the change itself does not end it.
    """

    sentence: str
    about_files: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A page was made."""

    page: Page


@dataclass(frozen=True, slots=True)
class Known:
    """These katas are done, these have passed once, these were tried, and so many hints of each were seen, of so many.

    `references`: whether the course's own answers are here; a repository for students has none.
    """

    done: frozenset[str]
    passed: frozenset[str]
    hints_seen: Mapping[str, int]
    hints: Mapping[str, int]
    references: bool = True
    tried: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Resized:
    """The screen is to be drawn anew: it may have another size, or others wrote on it."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """A second or so went by while something runs."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """Ctrl-Z."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The user, the system or the terminal wants an end."""


Event = Found | Judged | Finished | Broke | Pressed | Said | Shown | Known | Resized | Ticked | Stopped | Ended


@dataclass(frozen=True, slots=True)
class State:
    """All that watch knows.

    Attributes:
        entries: the katas. at: the one that is watched.
        run: the number of the last run; what others tell is not heard. answer: what it judges.
        checks: what is judged of it, by name. seconds: how long it has been going on.
        page, picker, question: what is open besides the verdict, if anything.
        scroll: the first row that is shown of what is longer than the screen.
        notice: a sentence, until the next key or save. notice_stays: the next change of the files leaves it.
        hints_seen, hints: how many hints of each kata were seen, of how many.
        have_passed: katas that passed once, whatever is in their files now. tried: those that were judged once.
        references: whether the course's own answers are here.
    """

    entries: tuple[Entry, ...]
    at: int
    phase: Phase = Phase.LOOKING
    run: int = 0
    answer: Answer | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)
    verdict: Verdict | None = None
    seconds: float = 0.0
    clock: str = ""
    notes: tuple[str, ...] = ()
    broken: str = ""
    page: Page | None = None
    picker: Picker | None = None
    question: Question | None = None
    scroll: int = 0
    notice: str = ""
    notice_stays: bool = False
    hints_seen: Mapping[str, int] = field(default_factory=dict)
    hints: Mapping[str, int] = field(default_factory=dict)
    have_passed: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()
    references: bool = True

    @property
    def entry(self) -> Entry:
        """The kata that is watched."""
        return self.entries[self.at]

    @property
    def kata(self) -> Kata:
        """The kata that is watched."""
        return self.entry.kata

    @property
    def passed(self) -> bool:
        """Whether the present answer passed."""
        return self.phase is Phase.JUDGED and self.verdict is not None and self.verdict.status is Status.PASSED

    @property
    def unjudged(self) -> bool:
        """Whether the present answer has not passed, and that is no fault of it."""
        if self.phase is not Phase.JUDGED or self.verdict is None or self.verdict.status is not Status.GRADER_ERROR:
            return False
        return not any(check.status in FAILURES for check in self.verdict.checks)

    @property
    def settled(self) -> bool:
        """Whether nothing but real-time checks is left to wait for, as far as it is known what is planned."""
        planned = self.entry.planned
        left = [one for one in planned if one.name not in self.checks]
        known = self.phase is Phase.RUNNING and bool(planned) and bool(self.checks)
        judged = known and all(one.real_time for one in left)
        return judged or self.phase in (Phase.JUDGED, Phase.BROKEN)

    @property
    def ends(self) -> bool:
        """Whether the verdict is about to come: every check is judged."""
        return self.phase is Phase.RUNNING and 0 < len(self.entry.planned) == len(self.checks)

    @property
    def opened(self) -> bool:
        """Whether something is shown besides the verdict."""
        return any((self.page, self.picker, self.question, self.notice))

    @property
    def status(self) -> Status | None:
        """The worst that is known of the present answer; None while nothing is."""
        if self.verdict is not None:
            return self.verdict.status
        return worst(check.status for check in self.checks.values()) if self.checks else None


Step = tuple[State, tuple[Deed, ...]]


def begin(entries: tuple[Entry, ...], at: int, notice: str = "") -> Step:
    """Return what there is at first: the kata at place `at` is watched."""
    return State(entries, at, notice=notice), (Survey(), Follow(entries[at].kata))


def first_open(entries: tuple[Entry, ...], after: int = -1) -> int | None:
    """Return the place of the first kata after `after` that is not done and can be run here, from the start again."""
    order = [*range(after + 1, len(entries)), *range(after + 1)]
    return next((at for at in order if not entries[at].done and not entries[at].lacking), None)


def step(state: State, event: Event) -> Step:  # noqa: PLR0911 - one line an event
    """Return what follows from `event`."""
    match event:
        case Found():
            return _found(state, event)
        case Judged():
            return _judged(state, event), ()
        case Finished():
            return _finished(state, event), ()
        case Broke():
            return _broke(state, event), ()
        case Pressed():
            return _pressed(replace(state, notice="", notice_stays=False), event.key)
        case Ticked():
            return replace(state, seconds=event.seconds), ()
        case _:
            return _told(state, event)


def _told(state: State, event: Said | Shown | Known | Resized | Stopped | Ended) -> Step:
    match event:
        case Said():
            return replace(state, notice=event.sentence, notice_stays=event.about_files), ()
        case Shown():
            return replace(state, page=event.page, picker=None, scroll=0), ()
        case Known():
            names = event.done | ({state.kata.name} if state.passed else set())  # which may not have been kept
            entries = tuple(replace(entry, done=entry.kata.name in names) for entry in state.entries)
            state = replace(state, entries=entries, have_passed=event.passed, references=event.references)
            state = replace(state, tried=event.tried)
            return replace(state, hints_seen=_most(state.hints_seen, event.hints_seen), hints=event.hints), ()
        case Resized():
            return state, ()
        case Stopped():
            return state, (Suspend(),)
        case Ended():
            return state, (Quit(interrupted=True),)


def _most(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Return the larger numbers: what was seen in this session may not have been kept."""
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in {**one, **other}}


def _found(state: State, event: Found) -> Step:
    if event.kata != state.kata.name or (event.answer == state.answer and not event.asked):
        return state, ()
    run = state.run + 1
    state = replace(
        state,
        phase=Phase.RUNNING,
        run=run,
        answer=event.answer,
        checks={},
        verdict=None,
        seconds=0.0,
        notes=(),
        broken="",
        page=None,
        scroll=0,
        notice=state.notice if state.notice_stays or state.answer is None else "",
        notice_stays=False,
    )
    return state, (Judge(run, state.kata, event.answer),)


def _judged(state: State, event: Judged) -> State:
    if event.run != state.run:
        return state
    return replace(state, checks={**state.checks, event.check.name: event.check})


def _finished(state: State, event: Finished) -> State:
    if event.run != state.run:
        return state
    checks = {check.name: check for check in event.verdict.checks}
    state = replace(
        state, phase=Phase.JUDGED, checks=checks, verdict=event.verdict, clock=event.clock, notes=event.notes
    )
    if state.notice in (messages.STILL_RUNS, messages.not_passed(state.kata.name)):
        state = replace(state, notice="")  # it was true until now
    done = state.passed
    entries = [*state.entries]
    entries[state.at] = replace(_completed(state.entry, event.verdict), done=done)
    return replace(state, entries=tuple(entries))


def _completed(entry: Entry, verdict: Verdict) -> Entry:
    """Return `entry` with the checks that were judged, where none could be read when watch began."""
    if entry.planned:
        return entry
    found = (Planned(check.name, check.title, check.max_points, real_time=False) for check in verdict.checks)
    return replace(entry, planned=tuple(found), lacking="")


def _broke(state: State, event: Broke) -> State:
    if event.run != state.run:
        return state
    return replace(state, phase=Phase.BROKEN, broken=event.sentence)


# Keys ---------------------------------------------------------------------------------------------------------------


def _pressed(state: State, key: str) -> Step:
    if key == "interrupt":
        return state, (Quit(interrupted=True),)
    if state.question is not None:
        return _answered(state, state.question, key)
    if state.picker is not None:
        return _in_list(state, state.picker, key)
    if state.page is not None and key in _BACK:
        return replace(state, page=None, scroll=0), ()
    if key in _SCROLLS:
        return replace(state, scroll=max(0, state.scroll + _SCROLLS[key])), ()
    act = _KEYS.get(key.lower())
    return act(state) if act else (state, ())


_BACK: Final = ("escape", "enter", "backspace", "left", "q")
_PAGE: Final = 10
_END: Final = 100_000
_SCROLLS: Final = {
    "up": -1,
    "down": 1,
    "k": -1,
    "j": 1,
    "pageup": -_PAGE,
    "pagedown": _PAGE,
    " ": _PAGE,
    "m": _PAGE,
    "home": -_END,
    "end": _END,
}


def _next(state: State) -> Step:
    if not state.passed and not state.entry.lacking and not state.entry.done:
        runs = state.phase is Phase.RUNNING and state.status in (None, Status.PASSED)
        why = messages.NOT_ALL_JUDGED if state.unjudged else messages.not_passed(state.kata.name)
        notice = messages.STILL_RUNS if runs else why
        return replace(state, notice=notice), ()
    at = first_open(state.entries, state.at)
    if at is None or at == state.at:
        return replace(state, notice=messages.ALL_DONE), ()
    return _go(state, at)


def _go(state: State, at: int) -> Step:
    """Watch the kata at place `at` from now on."""
    fresh = State(state.entries, at, run=state.run + 1, hints_seen=state.hints_seen)
    return fresh, (Survey(), Follow(fresh.kata))


def _hint(state: State, number: int | None = None) -> Step:
    return state, (ShowHint(state.kata, number, state.hints_seen.get(state.kata.name, 0)),)


def _list(state: State) -> Step:
    return replace(state, picker=Picker(at=state.at), page=None, scroll=0), (Survey(),)


def _lanes(state: State) -> Step:
    """Show the lanes of a check that did not pass, or else of the last; asked again, of the one before."""
    checks = [state.checks[one.name] for one in state.entry.planned if one.name in state.checks]
    told = [check for check in checks if scene_of(state.kata, check, {}) is not None]
    if not told:
        return replace(state, notice=messages.NO_LANES if checks else messages.NOTHING_TO_SHOW), ()
    bad = [check.name for check in told if check.status is not Status.PASSED]
    names = bad + [check.name for check in reversed(told) if check.name not in bad]
    page = state.page
    at = (names.index(page.text) + 1) % len(names) if page and page.kind == "lanes" and page.text in names else 0
    return replace(state, page=Page("lanes", messages.lanes_of(at + 1, len(names)), names[at]), scroll=0), ()


def _reference(state: State) -> Step:
    seen, every = state.hints_seen.get(state.kata.name, 0), state.hints.get(state.kata.name, 0)
    show = ShowReference(state.kata)
    if not state.references:
        return replace(state, notice=messages.NO_REFERENCE_HERE), ()
    if state.passed or state.entry.done or state.kata.name in state.have_passed:
        return state, (show,)
    if seen < every:
        return replace(state, notice=messages.no_reference(seen, every)), ()
    again = Question(messages.ask_reference_again(), show)
    return replace(state, question=Question(messages.ask_reference(state.kata.name), again)), ()


def _lesson(state: State) -> Step:
    return state, (ShowLesson(state.kata),)


def _check_all(state: State) -> Step:
    return replace(state, question=Question(messages.ASK_CHECK_ALL, CheckAll())), ()


def _help(state: State) -> Step:
    keys = "\n".join(f"{key:<8}{meaning}" for key, meaning in (*messages.KEYS, *messages.MORE_KEYS))
    return replace(state, page=Page("keys", "", keys), scroll=0), ()


def _reset(state: State) -> Step:
    gone = state.answer is not None and {*state.kata.files} <= {*state.answer.lacking}
    words = messages.ask_reset(", ".join(state.kata.files), kept=not gone)
    return replace(state, question=Question(words, Reset(state.kata))), ()


def _again(state: State) -> Step:
    return state, (Look(),)


def _edit(state: State) -> Step:
    return state, (Edit(state.kata),)


def _quit(state: State) -> Step:
    return state, (Quit(),)


_KEYS: Final[Mapping[str, Callable[[State], Step]]] = {
    "n": _next,
    "h": _hint,
    "i": _lesson,
    "c": _check_all,
    "?": _help,
    "l": _list,
    "t": _lanes,
    "s": _reference,
    "x": _reset,
    "r": _again,
    "e": _edit,
    "q": _quit,
    "eof": _quit,
    **{str(number): functools.partial(_hint, number=number) for number in range(1, 10)},
}


def _answered(state: State, question: Question, key: str) -> Step:
    if key.lower() == "y":
        if isinstance(question.then, Question):
            return replace(state, question=question.then), ()
        return replace(state, question=None), (question.then,)
    if key.lower() in ("n", "q", "escape", "enter", "eof"):
        return replace(state, question=None, notice=messages.NO), ()
    return state, ()


# The list -----------------------------------------------------------------------------------------------------------


def listed(state: State, picker: Picker) -> list[int]:
    """Return the places of the katas that the list shows."""
    wanted = picker.search.casefold().split()
    return [
        at
        for at, entry in enumerate(state.entries)
        if (picker.shown is Filter.ALL or entry.done is (picker.shown is Filter.DONE))
        and all(word in f"{entry.kata.name} {entry.kata.title}".casefold() for word in wanted)
    ]


def _in_list(state: State, picker: Picker, key: str) -> Step:
    if picker.typing:
        return replace(state, picker=_moved(state, _typed(picker, key))), ()
    if key in _MOVES:
        return replace(state, picker=_moved(state, picker, _MOVES[key])), ()
    if key == "enter" and picker.at in listed(state, picker):
        return (replace(state, picker=None), ()) if picker.at == state.at else _go(state, picker.at)
    if key == "c":
        return _check_all(replace(state, picker=None))
    changed = _in_list_key(picker, key)
    return replace(state, picker=_moved(state, changed) if changed is not None else None), ()


def _in_list_key(picker: Picker, key: str) -> Picker | None:
    """Return the list after `key`, None where it closes it."""
    if key == "/":
        return replace(picker, typing=True)
    if key == "f":
        every = list(Filter)
        return replace(picker, shown=every[(every.index(picker.shown) + 1) % len(every)])
    return None if key in ("escape", "q", "l", "left", "backspace", "eof") else picker


def _typed(picker: Picker, key: str) -> Picker:
    if key == "enter":
        return replace(picker, typing=False)
    if key in ("escape", "eof"):
        return replace(picker, typing=False, search="")
    if key == "backspace":
        return replace(picker, search=picker.search[:-1])
    return replace(picker, search=(picker.search + key)[:40]) if len(key) == 1 and key.isprintable() else picker


_MOVES: Final = {
    "up": -1,
    "k": -1,
    "down": 1,
    "j": 1,
    "pageup": -_PAGE,
    "pagedown": _PAGE,
    "m": _PAGE,
    " ": _PAGE,
    "home": -_END,
    "end": _END,
}


def _moved(state: State, picker: Picker, by: int = 0) -> Picker:
    """Return the list with its cursor so many rows further, on one that is shown."""
    places = listed(state, picker)
    if not places:
        return picker
    row = next((row for row, at in enumerate(places) if at >= picker.at), len(places) - 1)
    return replace(picker, at=places[max(0, min(len(places) - 1, row + by))])
