"""One conversation with one learner's process: ask, measure from outside, and never wait for ever."""

from __future__ import annotations

import dataclasses
import time
from typing import Any, Final

from grader import wire
from grader.judge import messages
from grader.judge.capture import Capture
from grader.sandbox.launch import OVERDUE, UNSEEN, Child, Report, remaining

LOAD_LIMIT: Final = 10.0
"""Seconds that importing an answer may take."""

_ENCODING: Final = 0.25
"""Seconds between the end of a call and that of its process which are the grader's own, to send the value.

Who needs more is measured with them: else an answer could say that it has finished, and go on.
"""

_LEAVING: Final = 2.0
_END_GRACE: Final = 5.0
_TICK: Final = 0.05


@dataclasses.dataclass(slots=True)
class Exchange:
    """What was seen of one call, from outside. Everything in `reply` is the learner's process's word.

    Attributes:
        reply: what it answered, None if it did not.
        fault: what went wrong between us, in words; "" if nothing.
        timed_out: whether `fault` is a time that ran out.
        loaded: whether the answer could be imported.
        seconds: real seconds from the request to its end, measured here.
        loading: real seconds from the first request until the answer was imported.
    """

    out: Capture
    err: Capture
    report: Report
    reply: dict[str, Any] | None = None
    fault: str = ""
    timed_out: bool = False
    loaded: bool = False
    seconds: float = 0.0
    loading: float = 0.0


def converse(
    child: Child, task: dict[str, Any], *, limit: float, real: bool, load_limit: float = LOAD_LIMIT
) -> Exchange:
    """Send `task` to `child`, follow it to its end and return what was seen.

    Args:
        child: a fresh learner's process.
        task: the request, as `grader.inside.serve` reads it.
        limit: real seconds that the call may take.
        real: whether the process waits for a "go" (the real clock).
        load_limit: real seconds that loading the answer may take.
    """
    talk = _Talk(child, limit=limit, real=real, load_limit=load_limit)
    talk.ask(task)
    return talk.end()


class _Talk:
    """The state of a conversation."""

    def __init__(self, child: Child, *, limit: float, real: bool, load_limit: float) -> None:
        self._child = child
        self._limit = limit
        self._real = real
        self._frames = wire.Frames()
        self._seen = Exchange(Capture(), Capture(), Report(None))
        self._began = time.monotonic()
        self._deadline = self._began + load_limit
        self._finished = False
        self._over = False
        self._closed = False

    def ask(self, task: dict[str, Any]) -> None:
        """Send the request and follow it until it is answered, broken, or out of time."""
        self._child.send(wire.pack({"run": task}))
        while not self._over:
            left = remaining(self._deadline)
            if left <= 0:
                self._give_up(messages.TOO_MUCH if self._finished else messages.TOO_LONG, timed_out=not self._finished)
                return
            self._pump(min(left, 1.0))

    def end(self) -> Exchange:
        """See the process to its end."""
        seen = self._seen
        deadline = time.monotonic() + _LEAVING
        while not self._closed and not self._child.ended() and remaining(deadline) > 0:
            self._pump(_TICK)  # faulthandler's stacks come now
        now = time.monotonic() - self._began
        if now - seen.seconds > _ENCODING:
            seen.seconds = now
        seen.report = self._child.wait(_END_GRACE if seen.reply is not None else _LEAVING)
        while self._pump(0.0) and not (seen.out.flooded or seen.err.flooded):
            pass
        seen.out.finish(now)
        seen.err.finish(now)
        if seen.report.killed and not seen.fault and (seen.reply is None or seen.report.killed == UNSEEN):
            seen.fault = messages.CUT_OFF if self._closed and seen.report.killed == OVERDUE else seen.report.killed
        self._child.close()
        return seen

    def _pump(self, timeout: float) -> bool:
        """Take what comes within `timeout` seconds; return whether anything came."""
        came = False
        for source, data, pid in self._child.receive(timeout):
            came = True
            if source == "channel":
                self._take_frames(data)
                continue
            capture = self._seen.out if source == "out" else self._seen.err
            capture.take(data, time.monotonic() - self._began, pid)
            if capture.flooded:
                self._give_up(messages.PRINTED_TOO_MUCH, timed_out=False)
        return came

    def _take_frames(self, data: bytes) -> None:
        if not data:
            self._over = self._closed = True
            return
        try:
            for message in self._frames.feed(data):
                self._take(message)
        except wire.WireError as error:
            self._give_up(messages.wrote_to_us(str(error)), timed_out=False)

    def _take(self, message: dict[str, Any]) -> None:
        """Take one message. They come in this order, each once: who writes its own between them is found out."""
        now = time.monotonic()
        seen = self._seen
        if "ready" in message and not seen.loaded:
            seen.loaded = True
            seen.loading = now - self._began
            self._began = now
            self._deadline = now + self._limit
            if self._real:
                self._child.send(wire.pack({"go": True}))
        elif "finished" in message and seen.loaded and not self._finished and seen.reply is None:
            self._finished = True
            seen.seconds = now - self._began
            self._deadline = now + _END_GRACE
        elif "reply" in message and isinstance(message["reply"], dict) and seen.loaded and seen.reply is None:
            seen.reply = message["reply"]
            if not self._finished:
                seen.seconds = now - self._began
            self._over = True
        else:
            raise wire.WireError(messages.OUT_OF_TURN)

    def _give_up(self, fault: str, *, timed_out: bool) -> None:
        if self._seen.fault:
            return
        self._seen.fault = fault
        self._seen.timed_out = timed_out
        self._seen.seconds = time.monotonic() - self._began
        self._child.kill(fault)
        self._over = True
