"""Who took which lock under a schedule that lost an update, in words."""

from __future__ import annotations

import re
import types
from typing import Any

import pytest

from grader.judge.faults import LearnerFault
from grader.judge.locking import telling_locks
from grader.verdict import Status
from tests.bench import Bench
from tests.judge.test_explored import PROBES

COUNTER = """
    import threading
    class Counter:
        def __init__(self):
            self.value = 0
            self.lock, self.other, self.own = threading.Lock(), threading.Lock(), threading.local()
            self.threads = []
        def add(self):
            @BODY@
"""


def lost(bench: Bench, body: str) -> str:
    """Return the message for a counter whose `add` is this and loses an update."""
    source = COUNTER.replace("@BODY@", body.replace("\n", "\n            "))
    learner = bench.learner(source, probes=PROBES, waits=True)
    with pytest.raises(LearnerFault) as caught, learner.telling_locks():
        learner.explore("counted", 1).only(2, "An update was lost.")
    return caught.value.message.partition("\n")[0]


@pytest.mark.parametrize(
    "body, told",
    [
        pytest.param("self.value += 1", r"no thread took a lock\.$", id="no lock"),
        pytest.param(
            "self.threads.append(1)\n"
            "if len(self.threads) > 1:\n"
            "    self.value += 1\n"
            "else:\n"
            "    with self.lock:\n"
            "        self.value += 1",
            r"\S+ took no lock\.$",
            id="one without",
        ),
        pytest.param(
            "with threading.Lock():\n    self.value += 1",
            r"2 locks were taken, and each by one thread only\.$",
            id="a lock for each",
        ),
        pytest.param(
            "before = self.value\nwith self.lock:\n    self.value = before + 1",
            r"\S+ had taken no lock before that reading\.$",
            id="read without",
        ),
        pytest.param(
            "with self.lock:\n    before = self.value\nwith self.lock:\n    self.value = before + 1",
            r"\S+ gave the lock back between that reading and that writing\.$",
            id="given back",
        ),
        pytest.param(
            "with self.other: pass\n"
            "with self.lock: self.threads.append(1)\n"
            "with self.lock if len(self.threads) > 1 else self.other:\n"
            "    self.value += 1",
            r"2 locks were taken: .*made at.*\.$",
            id="two locks",
        ),
    ],
)
def test_it_says_what_the_locks_did_not_protect(bench: Bench, body: str, told: str) -> None:
    message = lost(bench, body)
    assert "An update was lost. Under this schedule " in message
    assert re.search(told, message), message


STORY = {
    "kind": "",
    "dropped": 0,
    "steps": [{"what": "acquire", "name": "lock", "lane": "a"}, {"what": "write", "name": "value", "lane": "a"}],
    "collision": None,
}


@pytest.mark.parametrize(
    "story",
    [
        None,
        [],
        {},
        {**STORY, "steps": 3},
        {**STORY, "steps": ["acquire"]},
        {**STORY, "steps": [{"what": "acquire", "name": [], "lane": "a"}]},
        {
            **STORY,
            "steps": [{"what": "acquire", "name": "lock", "lane": lane} for lane in "ab"],
            "collision": {"mine": []},
        },
        {
            **STORY,
            "steps": [{"what": "acquire", "name": "lock", "lane": lane} for lane in "ab"],
            "collision": {"mine": [9, 9]},
        },
        {**STORY, "kind": "deadlock"},
    ],
)
def test_a_story_that_is_none_adds_nothing_and_costs_no_points_of_ours(story: Any) -> None:
    run: Any = types.SimpleNamespace(story=story)
    with pytest.raises(LearnerFault) as caught, telling_locks([run]):
        raise LearnerFault(Status.FAILED, "Lost.")
    assert (caught.value.status, caught.value.message) == (Status.FAILED, "Lost.")


def test_many_names_are_cut() -> None:
    steps = [
        {"what": "acquire", "name": "lock", "lane": "x" * 10_000},
        {"what": "write", "name": "v", "lane": "b" * 10_000},
    ]
    run: Any = types.SimpleNamespace(story={**STORY, "steps": steps})
    with pytest.raises(LearnerFault) as caught, telling_locks([run]):
        raise LearnerFault(Status.FAILED, "Lost.")
    assert len(caught.value.message) < 500
