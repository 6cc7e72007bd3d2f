"""Why a call could not be judged by its value: the learner's side of it, in words."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any, Final

from grader import wire
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
        return LearnerFault(self.status, f"{message} {why}".rstrip(), self.where, final=self.final, more=more)


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

_FENCED: Final = (
    "Answers run behind fences: they may use files in their own folder, their own processes, and servers that the "
    "check tells them of."
)

_UNSEEN: Final = (
    "Waiting takes no real time in the bubble: so this computes without end, or waits for something that the bubble "
    "can't see, like a file, a socket or a process."
)

_SIGNALS: Final = {
    4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM",
    24: "SIGXCPU (it used up its CPU time)", 25: "SIGXFSZ (it wrote a file that is too large)",
}  # fmt: skip


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
        return LearnerFault(Status.CRASHED, f"{asked}: {seen.fault}, so it was ended.")
    if seen.reply is None:
        return _died(seen, asked)
    return _from_reply(seen.reply, asked)


def _timed_out(seen: Exchange, asked: str, limit: float, *, real: bool) -> LearnerFault:
    stacks = stacks_of(seen.err.text)
    stood = f"\nThis is where its threads stood:\n{stacks}" if stacks else ""
    if not seen.loaded:
        message = (
            f"Your file could not be imported in time: something in it, outside all functions, does not end.{stood}"
        )
        return LearnerFault(Status.TIMED_OUT, message, final=True)
    unseen = "" if real else f" {_UNSEEN}"
    message = f"{asked} had not ended after {limit:g} s of real time, so it was ended.{unseen}{stood}"
    return LearnerFault(Status.TIMED_OUT, message)


def _died(seen: Exchange, asked: str) -> LearnerFault:
    code = seen.report.exit
    if code is None:
        how = "its process was killed, and what watched over it too"
    elif code < 0:
        how = f"its process was ended by {_SIGNALS.get(-code, f'signal {-code}')}"
    else:
        how = f"its process ended with exit code {code}"
    if seen.loaded:
        told = (
            f"{asked} gave no answer: {how}. A function must return: it may not end the program, nor close its files."
        )
    else:
        told = f"Your file can't be imported: {how} meanwhile. What stands outside all functions must come to its end."
    stacks = stacks_of(seen.err.text)
    message = f"{told}\nThis is where its threads stood:\n{stacks}" if stacks else told
    return LearnerFault(Status.CRASHED, message, final=not seen.loaded)


def _from_reply(reply: dict[str, Any], asked: str) -> LearnerFault | None:
    if reply.get("not_loaded"):
        return _not_loaded(reply)
    if (missing := missing_of(reply)) is not None:
        return missing
    if isinstance(over := reply.get("over_limit"), str):
        return LearnerFault(Status.TIMED_OUT, f"{asked} does not end: {over}", where_of(reply))
    if isinstance(deadlock := reply.get("deadlock"), str):
        return LearnerFault(Status.TIMED_OUT, f"{asked} hangs for ever. {deadlock}", where_of(reply))
    if "too_big" in reply:
        return LearnerFault(Status.FAILED, f"{asked} returned more data than can be looked at.")
    return None


def missing_of(reply: dict[str, Any]) -> LearnerFault | None:
    """Return the fault of an answer that lacks what is asked for; None if `reply` tells of nothing like that."""
    missing = reply.get("missing")
    if not isinstance(missing, list) or len(missing) != 2:  # noqa: PLR2004 - a pair
        return None
    owner, name = (line(str(text), 100) for text in missing)
    if owner:
        told = f"Your class {owner} has no {name}. Is the name misspelt, or the method not inside the class?"
    else:
        told = f"Your file has no {'class' if name[:1].isupper() else 'function'} {name}. Is the name misspelt?"
    return LearnerFault(Status.FAILED, told, alone=True)


def _not_loaded(reply: dict[str, Any]) -> LearnerFault:
    what = reply.get("deadlock") or reply.get("over_limit") or raised_text(reply)
    message = f"Your file can't be imported: {what}"
    return LearnerFault(Status.CRASHED, message, where_of(reply), final=True)


def raised_text(reply: dict[str, Any]) -> str:
    """Return the exception in `reply`, as Python shows it, through the learner's lines only."""
    error = wire.decode(reply.get("raised"))
    if not isinstance(error, wire.Raised):
        return "it did not say why."
    trace = reply.get("traceback")
    text = f"{error.type}: {error.text}" if error.text else error.type
    if isinstance(trace, str) and trace:
        text = f"{text}\n{trace}".rstrip()
    fenced = error.type == "PermissionError" or "Read-only file system" in error.text
    return f"{text}\n{_FENCED}" if fenced else text


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


def _short(row: str) -> str:
    """Cut the folders from a line ``File "/…/name.py", line 3 in f``."""
    row = re.sub(r"\b0x[0-9a-f]{8,} ", "", row)  # a thread's number, which is another each time
    head, quote, rest = row.partition('File "')
    path, end, tail = rest.partition('"')
    return f"{head}{quote}{path.replace(chr(92), '/').rpartition('/')[2]}{end}{tail}" if quote else row
