"""Whatever comes in the place of a value, or of a part of it: no check is at a loss, and so out of the score.

Checks are run here, in this process, by learners that ask nobody: what the learner's process would say is made up, or
what the reference's process said is said again with one part changed.
"""

from __future__ import annotations

import copy
import dataclasses
import importlib.util
import math
import random
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest

from grader import course, wire
from grader.judge.capture import Capture
from grader.judge.exchange import Exchange
from grader.judge.faults import LearnerFault
from grader.judge.learner import Learner
from grader.judge.plugin import outcome
from grader.judge.run import Run
from grader.judge.setup import Setup, Starters
from grader.sandbox.launch import Report
from grader.verdict import Status

ROOT: Final = Path(__file__).parents[1]
KATAS: Final = tuple(kata for kata in course.load(ROOT).katas if not kata.missing_here())
UNHURRIED: Final = tuple(kata for kata in KATAS if "cpu" not in kata.needs)
SEED: Final = 5

AT_ONCE: Final = 4
"""Katas that are looked at beside each other."""

ODD: Final[tuple[Any, ...]] = (
    *(None, True, 0, -1, 10**5000, 0.5, math.nan, math.inf, "", "%s{}\n", b"\xff"),
    *([], {}, (), set(), [None], {"a": None}, {None: 1}, (1, "x"), [[None, [0.5]], {"b": [1, "y"]}], {(1, "x")}),
    *(wire.Unsendable("Thing"), wire.Raised("E", "text", (), ("E", "Exception"))),
)
"""What no check waits for, in the place of a value."""

FEW: Final[tuple[Any, ...]] = (None, 10**5000, math.nan, "%s{}\n", [], {"a": None}, (1, "x"), wire.Unsendable("Thing"))
"""The same, in the place of a part of it."""

JUNK: Final[tuple[Any, ...]] = (None, -1, math.inf, math.nan, 10**400, "\0", [], {}, [[]], {"i": 1}, {"u": "x"})
"""JSON in the place of any other thing that the learner's process says."""

MOST: Final = 25
"""Parts of one reply that are changed."""

MOST_KEYS: Final = 6
MOST_DEPTH: Final = 4

ALIKE: Final = 1
"""Calls of the same function whose replies are changed."""


class Noting(Learner):
    """Asks the answer, and keeps what was seen of each call."""

    def __init__(self, setup: Setup, *, real_time: bool) -> None:
        super().__init__(setup, real_time=real_time)
        self.seen: list[tuple[str, Exchange]] = []

    def _judge(self, seen: Exchange, asked: str, limit: float, *, real: bool) -> Run:
        self.seen.append((asked.partition("(")[0], copy.deepcopy(seen)))
        return super()._judge(seen, asked, limit, real=real)


class Forging(Learner):
    """Asks nobody: to each call comes the next of these replies, and then the last one again and again."""

    def __init__(self, setup: Setup, replies: list[Exchange], *, real_time: bool) -> None:
        super().__init__(setup, real_time=real_time)
        self._replies = list(replies)

    def _run(self, _task: Any, asked: str, _args: Any, _kwargs: Any, *, clock: str, limit: float | None) -> Run:
        seen = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        return self._judge(seen, asked, limit or 1.0, real=clock == "real")


def checks_of(kata: course.Kata) -> dict[str, Callable[..., None]]:
    """Return the checks of a kata by name."""
    spec = importlib.util.spec_from_file_location(f"checks_of_{kata.module}", kata.test_file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {planned.name: getattr(module, planned.name) for planned in course.checks(kata)}


def setup_of(kata: course.Kata, place: Path, starters: Starters) -> Setup:
    """Return the setup of `kata` for its reference."""
    answer = place / "answer"
    answer.mkdir()
    for name in kata.files:
        (answer / name).write_bytes((kata.solution / name).read_bytes())
    return Setup(
        module=kata.module,
        file=kata.files[0],
        waits="waits" in kata.needs,
        probes=kata.probes.read_text(encoding="utf-8") if kata.probes is not None else "",
        answer=answer,
        runs=place,
        starters=starters,
    )


def error_of(check: Callable[..., None], learner: Learner) -> BaseException | None:
    """Run a check, its random inputs always the same; return what it raised."""
    given = {"learner": learner, "rng": random.Random(SEED)}
    try:
        check(**{name: given[name] for name in check.__code__.co_varnames[: check.__code__.co_argcount]})
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - what it raises is what is asked
        return error
    return None


def made_up(value: Any) -> Exchange:
    """Return a reply that says that `value` came, whatever was asked."""
    encoded = wire.encode(value)
    explored = {"proved": True, "schedules": 1, "words": "", "doubts": [], "failed_at": None, "failure": None}
    followed: dict[str, Any] = {"entries": [], "rest": [], "story": None}
    followed |= dict.fromkeys(("impossible", "kind", "message", "picture"), "")
    reply = {
        "value": encoded,
        "explored": explored | {"values": [[encoded, ""]]},
        "replayed": {"message": "", "value": encoded},
        "followed": followed | {"value": encoded},
    }
    return Exchange(Capture(), Capture(), Report(0), reply=reply, loaded=True)


Look = Callable[[course.Kata, Path], list[str]]
Found = dict[str, Future[list[str]]]
"""What is wrong with each kata, once that is known: much of the work is waiting, so some are looked at together."""


def looking(
    katas: Iterable[course.Kata], look: Callable[[course.Kata, Path], list[str]], base: Path
) -> Iterator[Found]:
    """Yield what `look` finds in each of `katas`, which has a folder of its own below `base`."""
    pool = ThreadPoolExecutor(AT_ONCE)
    found = {}
    for kata in katas:
        (base / kata.name).mkdir()
        found[kata.name] = pool.submit(look, kata, base / kata.name)
    yield found
    pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def of_values(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    yield from looking(KATAS, look_at_values, tmp_path_factory.mktemp("values"))


def look_at_values(kata: course.Kata, place: Path) -> list[str]:
    """Return what is wrong where odd values come in the place of all others."""
    setup, wrong = setup_of(kata, place, Starters()), []
    checks = checks_of(kata)
    for value in ODD:
        passed = 0
        for name, check in checks.items():
            learner = Forging(setup, [made_up(value)], real_time=False)
            status, message, _ = outcome(error_of(check, learner), learner.runs, kata.test_file)
            wrong += [f"{name}, {value!r}: {message}"] if status is Status.GRADER_ERROR else []
            passed += status is Status.PASSED
        wrong += [f"{value!r} passes"] if passed == len(checks) else []
    return wrong


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_a_value_that_is_odd_fails_a_check(kata: course.Kata, of_values: Found) -> None:
    assert of_values[kata.name].result() == []


TOLD: Final[dict[str, dict[str, Any]]] = {
    "no schedule came to its end": {"values": []},
    "a number without end": {"schedules": math.inf},
    "a failure at no number": {"failed_at": math.inf, "failure": {"message": "it failed"}},
    "a failure of no kind": {"failed_at": 1, "failure": {}},
    "values that are none": {"values": [1]},
    "a name without end": {"values": [[None, "x" * (wire.MAX_FRAME - 1000)]]},
    "nothing": {"words": None, "doubts": 5},
}
"""What a forged exploration says."""


@pytest.mark.parametrize("words", TOLD)
def test_an_exploration_that_is_forged_is_a_fault_of_the_answer(words: str, tmp_path: Path) -> None:
    seen = made_up(0)
    assert seen.reply is not None
    seen.reply["explored"] |= TOLD[words]
    learner = Forging(setup_of(KATAS[0], tmp_path, Starters()), [seen], real_time=False)
    with pytest.raises(LearnerFault):
        learner.explore("anything").only(1)


def test_a_call_that_is_too_large_to_be_asked_is_a_fault_of_the_answer(tmp_path: Path) -> None:
    """Checks hand on what came of earlier calls."""
    learner = Learner(setup_of(KATAS[0], tmp_path, Starters()), real_time=False)
    with pytest.raises(LearnerFault, match=r"anything\('xxx.* can't be asked: a message of \d+ bytes"):
        learner.call("anything", "x" * wire.MAX_FRAME)


# --- what the reference's process said, with one part changed


@pytest.fixture(scope="module")
def starters() -> Iterator[Starters]:
    made = Starters()
    for kind in ("bubble", "real"):
        made.warm_up(kind)
    yield made
    made.close()


@pytest.fixture(scope="module")
def of_parts(tmp_path_factory: pytest.TempPathFactory, starters: Starters) -> Iterator[Found]:
    def look(kata: course.Kata, place: Path) -> list[str]:
        return look_at_parts(kata, setup_of(kata, place, starters))

    yield from looking(UNHURRIED, look, tmp_path_factory.mktemp("parts"))


def look_at_parts(kata: course.Kata, setup: Setup) -> list[str]:
    """Return which checks are at a loss where a part of what the reference's process said is odd."""
    checks, wrong = checks_of(kata), []
    for name in [planned.name for planned in course.checks(kata) if not planned.real_time]:
        noting = Noting(setup, real_time=False)
        error_of(checks[name], noting)  # that it is right is proved elsewhere; a busy machine may see it late
        wrong += [] if noting.seen else [f"{name} asked nothing"]
        for replies in changed(noting.seen):
            learner = Forging(setup, replies, real_time=False)
            status, message, _ = outcome(error_of(checks[name], learner), learner.runs, kata.test_file)
            wrong += [f"{name}: {message}"] if status is Status.GRADER_ERROR else []
    return wrong


@pytest.mark.parametrize("kata", UNHURRIED, ids=lambda kata: kata.name)
def test_a_part_that_is_odd_is_no_fault_of_the_grader(kata: course.Kata, of_parts: Found) -> None:
    assert of_parts[kata.name].result() == []


def changed(seen: list[tuple[str, Exchange]]) -> Iterator[list[Exchange]]:
    """Yield what was seen, with one reply changed."""
    known: dict[str, int] = {}
    for number, (function, exchange) in enumerate(seen):
        known[function] = known.get(function, 0) + 1
        if known[function] > ALIKE or exchange.reply is None:
            continue
        made = list(odd_replies(exchange.reply))
        for reply in random.Random(SEED).sample(made, min(MOST, len(made))):
            before, after = seen[:number], seen[number + 1 :]
            ours = dataclasses.replace(exchange, reply=reply)
            yield [*(one for _, one in before), ours, *(one for _, one in after)]


def odd_replies(reply: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield `reply` with junk in the place of something that it tells, or with a part of its value odd or away."""
    for key, told in reply.items():
        yield from (reply | {key: junk} for junk in JUNK)
        if isinstance(told, dict) and key != "value":
            yield from (reply | {key: told | {inner: junk}} for inner in told for junk in JUNK)
            yield from (reply | {key: {other: told[other] for other in told if other != inner}} for inner in told)
    if "value" in reply:
        yield from (reply | {"value": wire.encode(value)} for value in odd_parts(wire.decode(reply["value"])))
    for key in ("explored", "followed"):
        told = reply.get(key)
        if isinstance(told, dict):
            value = told["values"][0][0] if key == "explored" else told["value"]
            for odd in map(wire.encode, odd_parts(wire.decode(value))):
                yield reply | {key: told | ({"values": [[odd, ""]]} if key == "explored" else {"value": odd})}


def odd_parts(value: Any, depth: int = 0) -> Iterator[Any]:
    """Yield `value` with one part, at some depth, odd or away."""
    if depth == MOST_DEPTH:
        return
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list | tuple) else ()
    for key in list(keys)[:MOST_KEYS]:
        for part in (*FEW, *odd_parts(value[key], depth + 1)):
            yield with_part(value, key, [part])
        yield with_part(value, key, [])


def with_part(value: Any, key: Any, part: list[Any]) -> Any:
    """Return `value` with what is at `key` replaced, or away if `part` is empty."""
    if isinstance(value, dict):
        return {other: held for other, held in value.items() if other != key} | ({key: part[0]} if part else {})
    return type(value)([*value[:key], *part, *value[key + 1 :]])
