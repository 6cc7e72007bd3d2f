"""A result as a learner reads it. All text of an answer is cleaned here, and never read as rich's markup."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final, TextIO

from msgspec.structs import replace
from rich.console import Console
from rich.text import Text

from grader import lanes
from grader.printable import clean, line, shorten
from grader.report import messages
from grader.report.wording import explained
from grader.verdict import AGAIN, Check, Result, Status, Verdict

WIDTH: Final = 100
"""Of what is written elsewhere than on a terminal."""

MAX_DETAILS: Final = 12
"""How many checks that did not pass are told in full; the rest get a line each."""

STYLES: Final = {
    Status.PASSED: "green",
    Status.FAILED: "red",
    Status.TIMED_OUT: "red",
    Status.CRASHED: "red",
    Status.GRADER_ERROR: "bold magenta",
    Status.NOT_STARTED: "dim",
    Status.NOT_HERE: "yellow",
    Status.NOT_RUN: "dim",
}
_BAD: Final = (Status.GRADER_ERROR, Status.CRASHED, Status.TIMED_OUT, Status.FAILED)
_NO_POINTS: Final = (Status.NOT_HERE, Status.NOT_RUN)


def console(file: TextIO | None = None) -> Console:
    """Return a console that takes text for what it is: no markup, no emoji codes, no guessed colours."""
    return Console(file=file, markup=False, emoji=False, highlight=False)


def show(result: Result, out: Console) -> None:
    """Write `result` to `out`: what failed and why, the katas, the score, and the one thing to do next."""
    width = out.width if out.is_terminal else WIDTH
    for part in _report(result, width):
        out.print(part, soft_wrap=True)


def show_stories(result: Result, out: Console) -> bool:
    """Write what checks tell of a schedule to `out`; return whether one does."""
    told = [check for kata in result.katas for check in kata.checks if check.story is not None]
    for check in told:
        for part in (Text(line(check.title), "bold"), *_body(check.message, out.width if out.is_terminal else WIDTH)):
            out.print(part, soft_wrap=True)
    return bool(told)


def _report(result: Result, width: int) -> Iterator[Text]:
    left = MAX_DETAILS
    for kata in result.katas:
        bad = [check for check in kata.checks if check.status in _BAD]
        if kata.status in _BAD:
            yield from _details(kata, bad, max(0, left), width)
            left -= len(bad)
    yield from _table(result.katas)
    yield Text()
    yield from _remarks(result)
    yield Text(_score(result), "bold")
    yield Text(_next(result))


def _details(kata: Verdict, bad: list[Check], told: int, width: int) -> Iterator[Text]:
    yield Text(f"{kata.kata}: {line(kata.title)}", "bold")
    if kata.message and len(bad) != 1 and all(check.message == kata.message for check in bad):
        yield Text.assemble("  ", (kata.status, STYLES[kata.status]), f"  {messages.for_one_reason(len(bad))}")
        yield from explanation(bad[0], width) if bad else _body(kata.message, width)
    else:
        yield from _each(kata, bad, told, width)
    yield from _withheld(kata, width)
    yield Text()


def _each(kata: Verdict, bad: list[Check], told: int, width: int) -> Iterator[Text]:
    """Yield what is to be said of each check: one picture for all, and what they all say or printed once."""
    printed: set[str] = set()
    hints: set[int] = {0}
    for number, alike in enumerate(_alike(bad)):
        for check in alike:
            yield Text.assemble("  ", (check.status, STYLES[check.status]), f"  {line(check.title or check.name)}")
        if number < told:
            check = alike[0]
            known = check.output in printed
            shown = replace(check, output="") if known else check
            yield from explanation(_without_picture(shown) if number else shown, width)
            printed.add(check.output)
            if check.hint not in hints:
                yield Text(f"  {messages.fits(check.hint, kata.kata)}")
            hints.add(check.hint)


def _alike(bad: list[Check]) -> list[list[Check]]:
    """Return the checks, those together that say the same."""
    groups: dict[object, list[Check]] = {}
    for check in bad:
        groups.setdefault((check.status, check.message) if check.message else check.name, []).append(check)
    return list(groups.values())


def _without_picture(check: Check) -> Check:
    message = check.message.removesuffix(lanes.text(check.timeline)).rstrip()
    return replace(check, message=message, timeline=())


def _withheld(kata: Verdict, width: int) -> Iterator[Text]:
    """Yield why checks that passed gave no points."""
    passed = [check for check in kata.checks if check.status is Status.PASSED and check.points < check.max_points]
    for reason in dict.fromkeys(check.message for check in passed if check.message):
        same = [check for check in passed if check.message == reason]
        yield Text.assemble("  ", (Status.PASSED, STYLES[Status.PASSED]), f"  {messages.without_points(len(same))}")
        yield from _body(reason, width)


def explanation(check: Check, width: int) -> Iterator[Text]:
    """Yield why a check came out as it did, and what the answer printed, row by row."""
    for part in explained(check):
        yield from _body(part, width)
    if check.output.strip():
        yield from _body(messages.printed(_last_rows(check.output)), width)


def _last_rows(output: str, limit: int = 20) -> str:
    rows = clean(output, 8_000).rstrip("\n").split("\n")
    left_out = [messages.lines_before(len(rows) - limit)] if len(rows) > limit else []
    return "\n".join(left_out + [f"> {shorten(row, 400)}" for row in rows[-limit:]])


def _body(text: str, width: int) -> Iterator[Text]:
    """Yield the rows of a message. The bar before each keeps them from being commands to whatever reads a log."""
    for row in clean(text, 12_000).rstrip("\n").split("\n"):
        for part in _wrapped(row, width - 6):
            yield Text.assemble(("  | ", "dim"), part)


def _wrapped(row: str, width: int) -> list[str]:
    if len(row) <= width or row.startswith(AGAIN):  # a command, to be copied
        return [row]
    indent = " " * min(20, len(row) - len(row.lstrip()))
    return textwrap.wrap(row, max(20, width), subsequent_indent=indent, drop_whitespace=True)


def _table(katas: tuple[Verdict, ...]) -> Iterator[Text]:
    room = max([len(kata.kata) for kata in katas], default=4)
    name, came, gained, took = messages.COLUMNS
    yield Text(f"{name:<{room}}  {came:<12}  {gained:>9}  {took:>7}", "bold")
    for kata in katas:
        points = "" if kata.status in _NO_POINTS else f"{kata.points}/{kata.max_points}"
        seconds = f"{kata.seconds:.1f}" if kata.seconds else ""
        status = (f"{kata.status:<12}", STYLES[kata.status])
        row = Text.assemble(f"{kata.kata:<{room}}  ", status, f"  {points:>9}  {seconds:>7}")
        if kata.status is Status.NOT_HERE and kata.message:
            row.append(f"  {line(kata.message)}", "dim")
        row.rstrip()
        yield row


def _remarks(result: Result) -> Iterator[Text]:
    if result.interrupted:
        yield Text(messages.INTERRUPTED, "yellow")
    told = [messages.left_behind(thing) for thing in result.leftovers[:10]]
    if len(result.leftovers) > len(told):
        told.append(messages.more_left_behind(len(result.leftovers) - len(told)))
    for sentence in (*result.notes, *told):
        yield Text(line(sentence, 400), "yellow")
    yield from _schedules([told for kata in result.katas for check in kata.checks for told in check.schedules])
    if result.tier == "C":
        yield Text(messages.PRACTICE, "dim")
    elif any(kata.status in (*_BAD, Status.PASSED) for kata in result.katas):
        active = [guard for guard, on in result.guards.items() if on]
        yield Text(line(messages.isolated(result.tier, active), 400), "dim")


def _schedules(told: list[str]) -> Iterator[Text]:
    """Yield how much of what was explored is proved, and what was only searched."""
    searched = [one for one in told if ": searched " in one]
    proved = sum(": proved: " in one for one in told)
    if proved or searched:
        some = [one.partition(": ")[0] for one in searched[:5]]
        yield Text(line(messages.schedules(proved, proved + len(searched), some), 400), "dim")


def _score(result: Result) -> str:
    every = [check for kata in result.katas for check in kata.checks]
    run = [check for check in every if check.status not in _NO_POINTS]
    return messages.score(result.score, result.max_score, len(run), len(every))


def _next(result: Result) -> str:
    """Return the one thing to do next."""
    if any(kata.status is Status.GRADER_ERROR for kata in result.katas):
        return messages.NEXT_DOCTOR
    bad = [kata.kata for kata in result.katas if kata.status in _BAD]
    if bad:
        return messages.next_mend(bad[0])
    new = [kata.kata for kata in result.katas if kata.status is Status.NOT_STARTED]
    if new:
        return messages.next_lesson(new[0])
    return _after_success(result)


def _after_success(result: Result) -> str:
    if result.interrupted:
        return messages.NEXT_AGAIN
    if not any(kata.status is Status.PASSED for kata in result.katas):
        return messages.NEXT_LIST
    if result.practice:
        return messages.NEXT_FOR_REAL
    return messages.NEXT_KATA
