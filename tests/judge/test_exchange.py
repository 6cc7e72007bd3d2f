"""A conversation with a learner's process that says what no honest one says: what the judge makes of it, and when."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator
from typing import Any

import pytest

from grader import wire
from grader.judge.exchange import Exchange, converse
from grader.sandbox.launch import OVERDUE, Came, Report

TASK = {"kind": "call"}
ENDED = Report(0)


class Play:
    """A child that says its lines: `(seconds, source, bytes)`, each so long after the one before."""

    def __init__(self, *lines: tuple[float, str, Any], report: Report = ENDED, leaves: float = 0.0) -> None:
        self._lines = list(lines)
        self._at = time.monotonic()
        self._report = report
        self._leaves = leaves
        self.sent = wire.Frames()
        self.orders: list[dict[str, Any]] = []
        self.killed: list[str] = []
        self.closed = False

    def send(self, data: bytes) -> None:
        self.orders += self.sent.feed(data)

    def receive(self, timeout: float) -> Iterator[Came]:
        if not self._lines:
            time.sleep(timeout)
            return
        after, source, data = self._lines[0]
        wait = self._at + after - time.monotonic()
        if wait > timeout:
            time.sleep(timeout)
            return
        time.sleep(max(0.0, wait))
        self._at = time.monotonic()
        del self._lines[0]
        yield Came(source, wire.pack(data) if isinstance(data, dict) else data)

    def kill(self, why: str) -> None:
        self.killed.append(why)
        self._lines.clear()

    def opened(self, file: os.stat_result) -> int:
        return 0 * file.st_size

    def ended(self) -> bool:
        return not self._lines and time.monotonic() - self._at >= self._leaves

    def wait(self, timeout: float) -> Report:
        if self.ended() or self.killed:
            return self._report
        time.sleep(min(timeout, 0.1))
        return Report(-9, OVERDUE)

    def close(self) -> None:
        self.closed = True


READY, FINISHED, END = (0.0, "channel", {"ready": True}), (0.0, "channel", {"finished": True}), (0.0, "channel", b"")
REPLY = (0.0, "channel", {"reply": {"value": 1}})


def see(play: Play, *, limit: float = 5.0, real: bool = True, load_limit: float = 5.0) -> Exchange:
    seen = converse(play, TASK, limit=limit, real=real, load_limit=load_limit)
    assert play.closed
    return seen


def test_an_honest_call_is_asked_let_go_and_answered() -> None:
    play = Play(READY, FINISHED, REPLY, END)
    seen = see(play)
    assert play.orders == [{"run": TASK}, {"go": True}]
    assert (seen.reply, seen.fault, seen.loaded, play.killed) == ({"value": 1}, "", True, [])


def test_a_call_in_the_bubble_is_not_told_to_go() -> None:
    play = Play(READY, REPLY, END)
    see(play, real=False)
    assert play.orders == [{"run": TASK}]


def test_the_time_of_a_call_begins_when_it_is_ready_and_ends_when_it_has_finished() -> None:
    slow_to_load, slow_to_encode = (0.3, *READY[1:]), (0.15, *REPLY[1:])
    seen = see(Play(slow_to_load, (0.2, *FINISHED[1:]), slow_to_encode, END))
    assert 0.2 <= seen.seconds < 0.3
    assert 0.3 <= seen.loading < 0.4


def test_who_says_that_it_finished_and_goes_on_is_measured_to_its_end() -> None:
    assert see(Play(READY, FINISHED, (0.5, *REPLY[1:]), END)).seconds >= 0.5


def test_who_answers_and_goes_on_is_measured_to_its_end() -> None:
    assert see(Play(READY, FINISHED, REPLY, (0.5, *END[1:]))).seconds >= 0.5


def test_who_answers_and_never_ends_is_measured_so_long_as_it_is_waited_for() -> None:
    seen = see(Play(READY, FINISHED, REPLY, leaves=60.0))
    assert seen.seconds >= 1.9
    assert seen.report.killed == OVERDUE


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([REPLY], id="a reply before it is ready"),
        pytest.param([FINISHED, READY], id="finished before it is ready"),
        pytest.param([READY, READY], id="ready twice"),
        pytest.param([READY, FINISHED, FINISHED], id="finished twice"),
        pytest.param([READY, REPLY, REPLY], id="two replies"),
        pytest.param([READY, REPLY, FINISHED], id="finished after the reply"),
        pytest.param([READY, (0.0, "channel", {"hello": 1})], id="an unknown message"),
        pytest.param([READY, (0.0, "channel", {"reply": [1]})], id="a reply that is no object"),
        pytest.param([READY, (0.0, "channel", b"\0\0\0\1[")], id="no JSON"),
        pytest.param([(0.0, "channel", struct.pack(">I", 2**31))], id="a frame of 2 GiB"),
        pytest.param([READY, REPLY, (0.0, "channel", b"\0\0\0\1[")], id="no JSON after the reply"),
    ],
)
def test_a_message_out_of_turn_ends_the_call(lines: list[tuple[float, str, Any]]) -> None:
    play = Play(*lines, END)
    seen = see(play)
    assert seen.fault.startswith("it wrote into the grader's own channel")
    assert play.killed == [seen.fault]


def test_an_import_that_does_not_end_is_ended_at_its_own_limit() -> None:
    seen = see(Play(), load_limit=0.1)
    assert (seen.timed_out, seen.loaded) == (True, False)


def test_a_call_that_does_not_end_is_ended_at_its_limit() -> None:
    seen = see(Play(READY), limit=0.1)
    assert (seen.timed_out, seen.loaded, seen.fault) == (True, True, "it did not end in time")


def test_a_value_that_takes_for_ever_to_be_sent_is_no_time_out_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.judge.exchange._END_GRACE", 0.1)
    seen = see(Play(READY, FINISHED))
    assert not seen.timed_out
    assert seen.fault == "it came to its end, but what it returned could not be sent in time"


def test_a_flood_on_either_stream_ends_the_call() -> None:
    for stream in ("out", "err"):
        play = Play(READY, *[(0.0, stream, b"x" * 2**19)] * 3)
        seen = see(play)
        assert play.killed == [seen.fault] == ["it printed more than 1 MiB"]


def test_a_process_that_closes_its_channel_and_goes_on_is_not_waited_for_to_the_limit() -> None:
    began = time.monotonic()
    seen = see(Play(READY, END, leaves=600.0), limit=60.0)
    assert seen.fault == "it closed the file that it answers by, and went on"
    assert time.monotonic() - began < 20


def test_why_the_keeper_ended_it_is_the_fault_where_there_is_no_reply() -> None:
    assert see(Play(READY, END, report=Report(-9, "it used too much"))).fault == "it used too much"


def test_what_comes_after_the_reply_is_still_output() -> None:
    seen = see(Play(READY, FINISHED, REPLY, (0.0, "out", b"late\n"), END))
    assert seen.out.text == "late\n"
