"""Replies that are nearly those of an honest process: no word in them is a fault of the grader, hangs it, or passes."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import wire
from grader.judge import exchange
from grader.judge import learner as judging
from grader.judge.exchange import Exchange
from grader.judge.learner import Learner
from grader.judge.orders import LINES, Line
from grader.judge.plugin import JudgePlugin
from grader.verdict import Check, Status
from tests.bench import Bench

ANSWER = """
    import threading
    import time
    NAMES = ['ann', 'bob']
    class Counter:
        def __init__(self):
            self.value = 0
        def add(self):
            self.value += 1
    def wait(seconds):
        threads = [threading.Thread(target=time.sleep, args=(seconds,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print("waited")
        return [seconds, (1, None), {"a": b"b"}]
    def fails():
        raise ValueError("no")
    def sticks():
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()
"""
PROBES = """
    import threading

    def counted(answer):
        counter = answer.Counter()
        threads = [threading.Thread(target=counter.add, name=name) for name in ("ann", "bob")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return counter.value

    def followed():
        balance = 0
        def add():
            nonlocal balance
            seen = balance
            balance = seen + 1  # step
        threads = [threading.Thread(target=add, name=name) for name in ("ann", "bob")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return balance
"""


def waits(learner: Learner) -> None:
    """Look at whatever a check may look at."""
    run = learner.call("wait", 2.0)
    assert run.seconds == 2.0
    assert run.working() + run.working("wait") + run.peak_threads >= 0
    assert (run.overlap(), run.spans(), run.threads, run.left, run.exits, run.shared_memory) is not None
    run.returned([2.0, (1, None), {"a": b"b"}])
    raise AssertionError("an honest answer is wrong here")


def raises(learner: Learner) -> None:
    learner.call("fails").raises("KeyError")


def sticks(learner: Learner) -> None:
    learner.call("sticks").returned(0)


def counts(learner: Learner) -> None:
    found = learner.explore("counted")
    assert found.schedules >= 0
    found.only(3)


def follows(learner: Learner) -> None:
    followed = learner.follow("followed", ["ann", "bob"])
    assert followed.entries is not None
    assert followed.value == 7, followed.picture


CHECKS: tuple[Callable[[Learner], None], ...] = (waits, raises, sticks, counts, follows)
"""Each fails by an honest answer, so that one that passes has been talked into it."""

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -1, 2**63, 1e308, float("nan"), float("inf")])
    | st.text(st.characters(), max_size=5)
    | st.sampled_from(["\ud800", "x" * 100_000, "\x1b[2J", "::error::x", "a.py", "sleep", "MainThread"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["i", "f", "x", "t", "d", "e", "value", "kind", "events"]), inner, max_size=2)
    ),
    max_leaves=6,
)
GONE = object()


@pytest.fixture(scope="module")
def honest(bench: Bench) -> dict[Callable[[Learner], None], list[Exchange]]:
    """What was seen of an honest process, in each conversation of each check."""
    found: dict[Callable[[Learner], None], list[Exchange]] = {}
    with pytest.MonkeyPatch.context() as patch:
        for check in CHECKS:
            seen: list[Exchange] = []
            patch.setattr(judging, "converse", _noting(seen))
            assert verdict(check, bench.learner(ANSWER, probes=PROBES, waits=True)).status is not Status.PASSED
            found[check] = seen
    return found


def _noting(seen: list[Exchange]) -> Callable[..., Exchange]:
    def converse(*args: Any, **options: Any) -> Exchange:
        seen.append(exchange.converse(*args, **options))
        return copy.deepcopy(seen[-1])

    return converse


def verdict(check: Callable[[Learner], None], learner: Learner) -> Check:
    """Return what the judge tells of `check`, as it comes out at the other end of its pipe."""
    told: list[Check] = []
    plugin = JudgePlugin(None, lambda one, _: told.append(one))
    plugin._learners["id"] = learner
    item: Any = SimpleNamespace(
        nodeid="id",
        name="test_it",
        path=Path(__file__),
        function=check,
        get_closest_marker=lambda _: None,
    )
    raised: BaseException | None = None
    try:
        check(learner)
    except Exception as error:  # noqa: BLE001 - whatever it is, pytest would hand it on
        raised = error
    info: Any = SimpleNamespace(excinfo=SimpleNamespace(value=raised) if raised else None, duration=0.0)
    found, _ = plugin._judge(item, info)
    line = LINES.decode(msgspec.json.encode(Line(check=found)))
    assert line.check is not None
    return line.check


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each part of `value`, its own first."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


def put(value: Any, path: tuple[Any, ...], junk: Any) -> None:
    """Put `junk` into `value` where `path` leads, or take what is there out."""
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = junk
    if junk is GONE:
        del value[path[-1]]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_reply_with_anything_in_it_is_judged_as_the_answers_doing(
    honest: dict[Callable[[Learner], None], list[Exchange]],
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    check: Callable[[Learner], None],
    data: st.DataObject,
) -> None:
    chosen = copy.deepcopy(honest[check])
    replies = [seen for seen in chosen if seen.reply]
    for seen in replies[: data.draw(st.integers(1, len(replies)))]:
        for _ in range(data.draw(st.integers(1, 3))):
            path = data.draw(st.sampled_from([path for path in places(seen.reply) if path] or [("value",)]))
            put(seen.reply, path, data.draw(JUNK | st.just(GONE)))
    coming = iter(chosen)
    monkeypatch.setattr(judging, "converse", lambda *_, **__: crossed(next(coming, chosen[-1])))
    learner = bench.learner(ANSWER, probes=PROBES, waits=True, starters=SimpleNamespace(start=lambda *_: None))
    found = verdict(check, learner)
    assert found.status in (Status.FAILED, Status.CRASHED, Status.TIMED_OUT), found.message
    assert found.message


def crossed(seen: Exchange) -> Exchange:
    """Return `seen` as it would have come through the channel; what can't come so is as good as a broken frame."""
    try:
        body = json.dumps({"reply": seen.reply}, allow_nan=True).encode()
        (message,) = wire.Frames().feed(len(body).to_bytes(4, "big") + body)
    except (ValueError, wire.WireError):
        return dataclasses.replace(seen, reply=None, fault="broken")
    reply = message["reply"]
    return dataclasses.replace(seen, reply=reply if isinstance(reply, dict) else None, fault=seen.fault)
