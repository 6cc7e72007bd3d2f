"""What is shown of a state: rows of text for a screen of a given size. Strangers' text is cleaned here."""

from __future__ import annotations

import functools
import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from grader.course import Planned
from grader.printable import clean, line
from grader.report.in_ascii import GOES_ON, alike, escaped, spelt, spelt_row
from grader.report.terminal import STYLES, explanation
from grader.timeline.terminal import rows as drawn
from grader.verdict import Check, Status, pointed, worst
from grader.watch import messages
from grader.watch.drawing import scene_of
from grader.watch.model import Entry, Filter, Page, Phase, Picker, State, first_open, listed


@dataclass(frozen=True, slots=True)
class Look:
    """The screen: its size in cells, whether it knows more than ASCII, and how it writes Markdown."""

    width: int = 80
    height: int = 24
    unicode: bool = True

    @property
    def text_width(self) -> int:
        """The width of what is read; a longer row is hard to read."""
        return min(self.width, _WIDEST)


_WIDEST: Final = 120


@dataclass(frozen=True, slots=True)
class Frame:
    """A full screen; `scroll` is the first row of the middle part that is shown."""

    rows: list[Text]
    scroll: int


_MARKS: Final = {Status.PASSED: ("✔", "+"), Status.NOT_STARTED: ("·", "."), Status.NOT_RUN: ("·", ".")}
_BAD: Final = ("✘", "x")
_SPARE: Final = 2
"""Cells that a report leaves free at its right side, and a full screen doesn't."""
_MAX_SAID: Final = 4
"""Rows that a sentence to the learner may take."""
_SMALL: Final = 12
"""Rows below which rules and the progress bar give way."""


def frame(state: State, look: Look) -> Frame:
    """Return the screen that shows `state`, exactly as many rows as it has."""
    head, foot = _head(state, look), _foot(state, look)
    room = max(1, look.height - len(head) - len(foot))
    body = [part for row in _body(state, look) for part in _folded(_written_out(row, look), look.width)]
    top = _top(state, body, room)
    shown = body[top : top + room]
    left = len(body) - top - len(shown)
    if left:
        shown[-1] = Text(messages.more(left + 1), "bold")
    rows = [*head, *shown, *[Text()] * (room - len(shown)), *foot]
    return Frame([_cut(row, look) for row in rows[: look.height]], top)


def _top(state: State, body: Sequence[Text], room: int) -> int:
    """Return the first row of `body` that is shown: as the state wants it, or so that the list's cursor is seen."""
    most = max(0, len(body) - room)
    if state.picker is not None:
        cursor = next((at for at, row in enumerate(body) if row.plain.startswith(_CURSOR)), 0)
        return max(0, min(most, cursor - room // 2))
    return max(0, min(most, state.scroll))


def _folded(row: Text, width: int) -> list[Text]:
    """Return `row` as rows that fit, cut between words where that leaves no more than half of one empty."""
    rest, parts = row, []
    ahead = _ahead(row.plain, width)
    while cell_len(rest.plain) > width:
        most = _fitting(rest.plain, width)
        space = rest.plain.rfind(" ", max(most // 2, len(ahead.plain)), most + 1)
        cut = space if space > 0 else most
        parts.append(rest[:cut])
        rest = Text.assemble(ahead, rest[cut + (space > 0) :])
    return [*parts, rest]


def _ahead(row: str, width: int) -> Text:
    """Return what stands ahead of the rows in which `row` goes on: its bar, or what it is indented by."""
    ahead = Text(_BAR, "dim") if row.startswith(_BAR) else Text(" " * (len(row) - len(row.lstrip())))
    return ahead if width > 2 * len(ahead.plain) else Text()


_BAR: Final = "  | "
"""What stands before each row of a check's own words."""


def _fitting(text: str, width: int) -> int:
    """Return how many characters of `text` fit, at least one."""
    used = 0
    for at, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return max(1, at)
    return len(text)


def _cut(row: Text, look: Look) -> Text:
    shown = row.copy()
    if not look.unicode:
        shown.plain = alike(shown.plain)
    shown.truncate(look.width, overflow="crop")
    return shown


def _shorten(row: Text, width: int, look: Look, *, pad: bool = False) -> None:
    """Let `row` be no wider than `width`; a mark at its end says that it was."""
    if not look.unicode and cell_len(row.plain) > width > len(GOES_ON):
        row.truncate(width - len(GOES_ON), overflow="crop")
        row.append(GOES_ON)
    row.truncate(width, overflow="ellipsis" if look.unicode else "crop", pad=pad)


def _spelt(text: str, look: Look) -> str:
    return text if look.unicode else spelt(text)


def _written_out(row: Text, look: Look) -> Text:
    return row if look.unicode else spelt_row(row)


# Above and below ----------------------------------------------------------------------------------------------------


def _head(state: State, look: Look) -> list[Text]:
    if look.height < _SMALL:
        return [_title(state, look)]
    return [_progress(state, look), _title(state, look), _rule(look, _place(state))]


def _progress(state: State, look: Look) -> Text:
    done, every = sum(entry.done for entry in state.entries), len(state.entries)
    score, most = points(state)
    full, empty = ("█", "░") if look.unicode else ("#", "-")
    cells = min(40, look.text_width - 46)
    if cells < 5:  # noqa: PLR2004 - a shorter bar tells nothing
        cells = 0
    filled = cells * done // every
    if done and cells and not filled:
        filled = 1
    return Text.assemble(
        ("Katas ", ""),
        (full * filled, "green"),
        (empty * (cells - filled), "dim"),
        f"{' ' * bool(cells)}{done} of {every} done   Score {score} of {most}",
    )


def points(state: State) -> tuple[int, int]:
    """Return the points of katas that are done and of the present answer, and how many there are."""
    score = sum(entry.kata.points for at, entry in enumerate(state.entries) if entry.done and at != state.at)
    if state.verdict is not None:
        score += state.verdict.points
    elif state.entry.done:
        score += state.kata.points
    return score, sum(entry.kata.points for entry in state.entries)


def _title(state: State, look: Look) -> Text:
    title = Text.assemble((_spelt(f"{state.kata.name}: {line(state.kata.title)}", look), "bold"))
    status = _status(state, look)
    gap = look.text_width - cell_len(title.plain) - cell_len(status.plain)
    if gap < 2:  # noqa: PLR2004 - cells between the two
        _shorten(title, max(1, look.text_width - cell_len(status.plain) - 2), look)
        gap = max(2, look.text_width - cell_len(title.plain) - cell_len(status.plain))
    return Text.assemble(title, " " * gap, status)


def _status(state: State, look: Look) -> Text:
    if state.phase is Phase.RUNNING:
        worst_yet = worst(check.status for check in state.checks.values())
        bad = bool(state.checks) and worst_yet is not Status.PASSED
        planned = f"of {len(state.entry.planned)} checks" if state.entry.planned else "so far"
        judged = f"{len(state.checks)} {planned}"
        judged += f", {state.seconds:.0f} s" if state.seconds >= 1 else ""
        return Text.assemble((f"{worst_yet}, ", STYLES[worst_yet]) if bad else "", (f"judging: {judged}", "yellow"))
    if state.phase is Phase.JUDGED and state.verdict is not None:
        verdict = state.verdict
        mark = f"{_mark(verdict.status, look)} {verdict.status}"
        return Text.assemble((mark, STYLES[verdict.status]), f" {verdict.points}/{verdict.max_points} {state.clock}")
    return Text(str(state.phase.value), "dim")


def _mark(status: Status, look: Look) -> str:
    return _MARKS.get(status, _BAD)[not look.unicode]


def _rule(look: Look, words: str = "") -> Text:
    line_ = "─" if look.unicode else "-"
    row = Text(f"{2 * line_} {words} " if words else "", "dim")
    row.append(line_ * max(0, look.width - cell_len(row.plain)))
    return row


def _place(state: State) -> str:
    """Return where the answer is, as a path that terminals open; with the line that the first failure is about."""
    name = state.kata.files[0]
    if state.answer is not None and state.answer.notebooks:
        return messages.short((state.kata.folder / name).with_suffix(".ipynb"))
    about = [state.checks[bad].excerpt for bad in _bad(state)[:1]]
    row = f":{about[0].line}" if about and about[0] is not None and about[0].file == name else ""
    return f"{messages.short(state.kata.folder / name)}{row}"


def _foot(state: State, look: Look) -> list[Text]:
    said = _folded(_written_out(_said(state), look), look.width)
    keys = _keys(state, look)
    return [said[0], keys] if look.height < _SMALL else [_rule(look), *said[:_MAX_SAID], keys]


def _said(state: State) -> Text:
    if state.question is not None:
        return Text(line(state.question.words), "bold yellow")
    if state.notice:
        return Text(line(state.notice, 400), "yellow")
    if state.picker is not None:
        shown = "" if state.picker.shown is Filter.ALL else f"   {messages.ONLY[state.picker.shown.value]}"
        searched = f"Search: {state.picker.search}{'_' if state.picker.typing else ''}"
        return Text(f"{searched if state.picker.search or state.picker.typing else ''}{shown}".lstrip())
    if state.phase is Phase.RUNNING and not (_bad(state) and state.settled):
        return Text(_meanwhile(state), "dim")
    if state.phase is Phase.BROKEN:
        return Text(messages.TRY_AGAIN)
    return Text(_next(state))


def _meanwhile(state: State) -> str:
    """What is said while checks are open on which it depends what a learner does next."""
    if _bad(state):
        return messages.BAD_SO_FAR
    return messages.REAL_TIME_RUNS if state.settled else messages.LOOKING


def _next(state: State) -> str:
    """What a learner does next, once an answer is judged."""
    if state.answer is not None and state.answer.lacking:
        return messages.lost(state.answer.lacking)
    if state.answer is not None and state.answer.status is Status.CRASHED:
        return messages.MEND
    if state.unjudged:
        return messages.NOT_ALL_JUDGED
    last = first_open(state.entries, state.at) in (None, state.at)
    fitting = _fitting_hints(state)
    hint = next((fitting[name] for name in _bad(state) if name in fitting), 0)
    return messages.what_is_next(passed=state.passed, last=last, hint=hint)


def _keys(state: State, look: Look) -> Text:
    known: Sequence[tuple[str, str]] = messages.KEYS
    if state.question is not None:
        known = messages.ASKED_KEYS
    elif state.picker is not None:
        known = messages.SEARCH_KEYS if state.picker.typing else messages.LIST_KEYS
    elif state.page is not None:
        known = messages.LANES_KEYS if state.page.kind == "lanes" else messages.PAGE_KEYS
    for between in ("  ", " "):
        row = Text(between).join(Text.assemble((key, "bold"), " ", (meaning, "dim")) for key, meaning in known)
        if cell_len(row.plain) <= look.width:
            return row
    return Text(" ").join(Text(key, "bold") for key, _ in known)


# The middle ---------------------------------------------------------------------------------------------------------


def _body(state: State, look: Look) -> list[Text]:
    if state.picker is not None:
        return _list(state, state.picker, look)
    if state.page is not None:
        return _page(state, state.page, look)
    if state.phase is Phase.BROKEN:
        return [Text(part, "magenta") for row in clean(state.broken).split("\n") for part in _words(row, look)]
    if state.phase is Phase.LOOKING:
        return [Text(messages.LOOKING, "dim")]
    return [*_checks(state, look), *_why(state, look)]


def _words(row: str, look: Look) -> list[str]:
    """Return a row of words as rows that fit."""
    return textwrap.wrap(row, max(20, look.text_width)) or [""]


def _checks(state: State, look: Look) -> Iterator[Text]:
    """Yield a row for each check; where the reason of a failure needs the room, one for all that are alike."""
    if state.answer is not None and state.answer.status is not None:
        return  # no check was run: one reason for all of them follows
    planned = state.entry.planned
    open_ = [one for one in planned if one.name not in state.checks]
    passed = [one for one in planned if one.name not in _bad(state) and one not in open_]
    if (not _bad(state) or len(planned) <= look.height // 5) and len(planned) < look.height - 8:
        passed, open_ = [], []
    if passed:
        yield _counted(passed, f"{_mark(Status.PASSED, look)} passed", "green")
    for one in planned:
        if one not in passed and one not in open_:
            yield _check(one, state, look)
    if open_:
        yield _counted(open_, "… to come" if look.unicode else ". to come", "yellow")


def _bad(state: State) -> list[str]:
    """Return the names of the checks that did not pass, in their order."""
    fine = (Status.PASSED, Status.NOT_RUN)
    judged = [state.checks[one.name] for one in state.entry.planned if one.name in state.checks]
    return [check.name for check in judged if check.status not in fine]


def _fitting_hints(state: State) -> dict[str, int]:
    """Return for checks that failed the number of the hint that helps; none does where no check was run."""
    if state.answer is not None and state.answer.status is not None:
        return {}
    return pointed(state.entry.fitting, list(state.checks.values()))


def _counted(some: Sequence[Planned], what: str, style: str) -> Text:
    return Text.assemble((f"{what:<14}", style), f" {len(some)} check{'s' * (len(some) != 1)}")


def _check(planned: Planned, state: State, look: Look) -> Text:
    check = state.checks.get(planned.name)
    title = _spelt(line(planned.title), look)
    if check is None:
        wait = "real time" if planned.real_time else ""
        row = Text.assemble((f"{'…' if look.unicode else '.'} {wait:<12}", "yellow"), (f" {title}", "dim"))
        _shorten(row, look.text_width, look)
        return row
    row = Text.assemble((f"{_mark(check.status, look)} {check.status:<12}", STYLES[check.status]), f" {title}")
    gained = f" {check.points}/{check.max_points}"
    _shorten(row, max(1, look.text_width - len(gained)), look, pad=True)
    return row.append(gained, "dim")


def _why(state: State, look: Look) -> Iterator[Text]:
    """Yield why each check that did not pass did not, each reason once; what is no fault of the answer comes first."""
    verdict = state.verdict
    checks = [state.checks[one.name] for one in state.entry.planned if one.name in state.checks]
    bad = [check for check in checks if check.name in _bad(state)]
    bad.sort(key=lambda check: check.status is not Status.GRADER_ERROR)
    yield from _reasons(bad, _fitting_hints(state), look)
    if verdict is not None and verdict.status is Status.NOT_STARTED:
        yield Text()
        yield from (Text(row) for row in messages.to_begin(state.kata.lesson, state.kata.folder / state.kata.files[0]))
    if verdict is not None and not bad and verdict.message:
        yield Text()
        yield from (Text(part) for row in clean(verdict.message).split("\n") for part in _words(row, look))
    withheld = {check.message for check in checks if check.status is Status.PASSED and check.points < check.max_points}
    for reason in sorted(withheld - {""}):
        yield Text()
        yield Text(line(reason, 400), "dim")
    for note in state.notes:
        yield Text()
        yield Text(line(note, 400), "dim")


def _reasons(bad: Sequence[Check], fitting: Mapping[str, int], look: Look) -> Iterator[Text]:
    """Yield why each of the checks `bad` did not pass; what several say or print is shown once."""
    told: set[str] = set()
    printed: set[str] = set()
    for check in bad:
        if check.message in told:
            continue
        yield Text()
        yield from _explained(replace(check, output="") if check.output in printed else check, bad, look)
        if hint := fitting.get(check.name):
            yield Text(messages.fits(hint), "yellow")
        told.add(check.message)
        printed.add(check.output)


def _explained(check: Check, bad: Sequence[Check], look: Look) -> Iterator[Text]:
    same = sum(other.message == check.message for other in bad)
    title = line(check.title or check.name) if same == 1 else messages.for_one_reason(same)
    yield Text.assemble((f"{_mark(check.status, look)} {check.status}", STYLES[check.status]), (f"  {title}", "bold"))
    if not look.unicode:  # what is printed is not to be taken for what only looks like it
        check = replace(check, message=_spelt(check.message, look), output=escaped(check.output))
    yield from explanation(check, look.text_width + _SPARE)


def _page(state: State, page: Page, look: Look) -> list[Text]:
    if page.kind == "lanes":
        return _lanes(state, page, look)
    text = _spelt(page.text, look)
    rows = _markdown(text, look.text_width) if page.markdown else _plain(text)
    return [Text(line(page.title), "bold"), Text(), *rows] if page.title else rows


@functools.lru_cache(maxsize=4)
def _markdown(text: str, width: int) -> list[Text]:
    """Return Markdown of the course as rows; the screen's own console drops the colours that it doesn't have."""
    from grader.report.markdown import Sheet  # noqa: PLC0415 - 3 MB, for who asks for a hint

    paper = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="standard", legacy_windows=False)
    with paper.capture() as written:
        paper.print(Sheet(text), crop=False)
    rows = [Text.from_ansi(row) for row in written.get().rstrip("\n").split("\n")]
    for row in rows:
        row.rstrip()
    return rows


def _plain(text: str) -> list[Text]:
    return [Text(row) for row in clean(text, 1_000_000).expandtabs(4).split("\n")]


def _lanes(state: State, page: Page, look: Look) -> list[Text]:
    check = state.checks.get(page.text)
    if check is None or state.answer is None:
        return [Text(messages.NOTHING_TO_SHOW)]
    scene = scene_of(state.kata, check, state.answer.parts)
    if scene is None:
        return [Text(messages.NO_LANES)]
    return [*([Text(page.title, "dim")] if page.title else []), *drawn(scene, look.width)]


_CURSOR: Final = "> "
_NAMES: Final = 48
"""Cells of the list below which a kata's worth gives way to its name."""


def _list(state: State, picker: Picker, look: Look) -> list[Text]:
    places = listed(state, picker)
    if not places:
        return [Text(messages.NOT_FOUND)]
    return [_listed(state.entries[at], state, at, picker, look) for at in places]


def _listed(entry: Entry, state: State, at: int, picker: Picker, look: Look) -> Text:
    tried = entry.kata.name in state.tried
    mark = _mark(Status.PASSED if entry.done else Status.FAILED, look) if entry.done or tried else " "
    room = max(len(one.kata.name) for one in state.entries)
    row = f"{_CURSOR if at == picker.at else '  '}{mark} {entry.kata.name:<{room}}  {line(entry.kata.title)}"
    if entry.lacking:
        row += f"  ({line(entry.lacking)})"
    shown = Text(_spelt(row, look), "reverse" if at == picker.at else "bold" if at == state.at else "")
    worth = messages.worth(entry.kata.part, entry.kata.points)
    room = min(look.width, _WIDEST) - len(worth) - 2
    if room > _NAMES:
        _shorten(shown, room, look, pad=True)
        return shown.append(f"  {worth}")
    _shorten(shown, look.width, look, pad=at == picker.at)
    return shown


def summary(state: State) -> str:
    """Return the last words of watch, for the screen that was there before."""
    done = sum(entry.done for entry in state.entries)
    return messages.ended(done, len(state.entries))
