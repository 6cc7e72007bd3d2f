"""Why a call could not be judged by its value: the learner's side of it, in words."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from grader import wire
from grader.judge import messages
from grader.judge.exchange import Exchange
from grader.printable import line
from grader.verdict import Status, Where


class LearnerFault(Exception):
    """The answer's own fault, found while a check ran it.

    Args:
        status: what the check becomes.
        message: for the learner.
        where: the line that it is about.
        final: whether every other call of this answer would end the same way.
        more: what belongs below the message: a picture.
        alone: whether the message says all, whatever the check was about.
    """

    def __init__(
        self,
        status: Status,
        message: str,
        where: Where | None = None,
        *,
        final: bool = False,
        more: str = "",
        alone: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message + more
        self.where = where
        self.final = final
        self.alone = alone
        self._parts = message, more

    def explained(self, why: str) -> LearnerFault:
        """Return the same fault with a sentence more, unless it says all."""
        if self.alone:
            return self
        message, more = self._parts
        return LearnerFault(self.status, messages.and_why(message, why), self.where, final=self.final, more=more)


@contextlib.contextmanager
def explaining(why: str) -> Iterator[None]:
    """Add the sentence `why` to the fault of a call in the block: one that hangs, or whose process dies."""
    try:
        yield
    except LearnerFault as fault:
        if fault.final or fault.alone:
            raise
        raise LearnerFault(fault.status, f"{fault.message}\n{why}", fault.where) from None


_LINES: Final = 10**9
"""A line of a higher number is none."""


def fault_of(seen: Exchange, asked: str, limit: float, *, real: bool) -> LearnerFault | None:
    """Return why `seen` holds no result, None if it does.

    Args:
        asked: what was called, in words.
        limit: the real seconds that the call had.
        real: whether it was on the real clock.
    """
    if seen.timed_out:
        return _timed_out(seen, asked, limit, real=real)
    if seen.fault:
        says_all = seen.fault == messages.PRINTED_TOO_MUCH
        return LearnerFault(Status.CRASHED, messages.ended_since(asked, seen.fault), alone=says_all)
    if seen.reply is None:
        return _died(seen, asked)
    return _from_reply(seen.reply, asked)


def _timed_out(seen: Exchange, asked: str, limit: float, *, real: bool) -> LearnerFault:
    stacks = stacks_of(seen.err.text)
    told = messages.not_ended(asked, limit, real=real) if seen.loaded else messages.NOT_IMPORTED_IN_TIME
    return LearnerFault(Status.TIMED_OUT, messages.stood(told, stacks), final=not seen.loaded)


def _died(seen: Exchange, asked: str) -> LearnerFault:
    code = seen.report.exit
    if code is None:
        how = messages.KEEPER_KILLED
    elif code < 0:
        how = messages.ended_by_signal(-code)
    else:
        how = messages.ended_with(code)
    told = messages.no_answer(asked, how) if seen.loaded else messages.ended_in_import(how)
    message = messages.stood(told, stacks_of(seen.err.text))
    return LearnerFault(Status.CRASHED, message, final=not seen.loaded)


def _from_reply(reply: dict[str, Any], asked: str) -> LearnerFault | None:
    if reply.get("not_loaded"):
        return _not_loaded(reply)
    if (missing := missing_of(reply)) is not None:
        return missing
    if isinstance(over := reply.get("over_limit"), str):
        return LearnerFault(Status.TIMED_OUT, messages.no_end(asked, over), where_of(reply))
    if isinstance(deadlock := reply.get("deadlock"), str):
        return LearnerFault(Status.TIMED_OUT, messages.hangs(asked, deadlock), where_of(reply))
    if "too_big" in reply:
        return LearnerFault(Status.FAILED, messages.too_big(asked))
    return None


def missing_of(reply: dict[str, Any]) -> LearnerFault | None:
    """Return the fault of an answer that lacks what is asked for; None if `reply` tells of nothing like that."""
    missing = reply.get("missing")
    if not isinstance(missing, list) or len(missing) != 2:  # noqa: PLR2004 - a pair
        return None
    owner, name = (line(str(text), 100) for text in missing)
    told = messages.no_method(owner, name) if owner else messages.no_function(name)
    return LearnerFault(Status.FAILED, told, alone=True)


def _not_loaded(reply: dict[str, Any]) -> LearnerFault:
    what = reply.get("deadlock") or reply.get("over_limit") or raised_text(reply)
    return LearnerFault(Status.CRASHED, messages.not_imported(what), where_of(reply), final=True)


def raised_text(reply: dict[str, Any]) -> str:
    """Return the exception in `reply`, as Python shows it, through the learner's lines only."""
    error = wire.decode(reply.get("raised"))
    if not isinstance(error, wire.Raised):
        return messages.NO_REASON
    trace = reply.get("traceback")
    text = f"{error.type}: {error.text}" if error.text else error.type
    if isinstance(trace, str) and trace:
        text = f"{text}\n{trace}".rstrip()
    fenced = error.type == "PermissionError" or "Read-only file system" in error.text
    return f"{text}\n{messages.FENCED}" if fenced else text


def where_of(reply: dict[str, Any]) -> Where | None:
    """Return the line that `reply` blames."""
    where = reply.get("where")
    if not isinstance(where, list) or len(where) != 2:  # noqa: PLR2004 - a pair
        return None
    file, line = where
    return Where(file[:200], line) if isinstance(file, str) and type(line) is int and 0 <= line < _LINES else None


def stacks_of(text: str) -> str:
    """Return the stacks that faulthandler printed into `text`, without the grader's own frames."""
    start = text.find("Fatal Python error")
    if start < 0:
        return ""
    rows = []
    for row in text[start:].splitlines()[1:60]:
        if row.startswith(("Extension modules", "Current thread's C stack")):
            break
        if "/grader/" not in row and not row.startswith(('  File "<string>"', '  File "<frozen ')):
            rows.append(_short(row))
    return "\n".join(rows).strip()


def standing(text: str, files: Collection[str]) -> list[str]:
    """Return where in `files` each process stood whose stacks faulthandler printed into `text`; else ``""``.

    It is the innermost line of its first thread that has one, as `messages.at` tells it.
    """
    return [_line_in(stacks, files) for stacks in text.split(ABORTED)[1:]]


def _line_in(stacks: str, files: Collection[str]) -> str:
    for name, number, function in re.findall(r'File "(?:[^"]*[/\\])?([^"/\\]+)", line (\d{1,9}) in (.+)', stacks):
        if name in files:
            return messages.at(name, int(number), line(function, 100))
    return ""


ABORTED: Final = "Fatal Python error: Aborted"
"""How the stacks of a process begin that was ended to tell them."""


def _short(row: str) -> str:
    """Cut the folders from a line ``File "/…/name.py", line 3 in f``."""
    row = re.sub(r"\b0x[0-9a-f]{8,} ", "", row)  # a thread's number, which is another each time
    head, quote, rest = row.partition('File "')
    path, end, tail = rest.partition('"')
    return f"{head}{quote}{path.replace(chr(92), '/').rpartition('/')[2]}{end}{tail}" if quote else row
