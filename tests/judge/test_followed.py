"""Schedules that an answer wrote, as a check sees them: what came, what can't be followed, and how it is told."""

from __future__ import annotations

from typing import Any

import pytest

from grader.judge import followed
from grader.judge.faults import LearnerFault
from grader.judge.learner import Learner
from grader.verdict import Status
from tests.bench import Bench

PROBES = """
    import threading

    def names(answer):
        return answer.NAMES

    def in_threads(**bodies):
        threads = [threading.Thread(target=body, name=name) for name, body in bodies.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def deposits(first=10, second=20):
        balance = 0
        def deposit(amount):
            nonlocal balance
            seen = balance
            balance = seen + amount  # step
        in_threads(ann=lambda: deposit(first), bob=lambda: deposit(second))
        return balance

    def transfers():
        locks = [threading.Lock(), threading.Lock()]
        def transfer(source, target):
            with locks[source]:
                with locks[target]:  # step
                    pass
        in_threads(ann=lambda: transfer(0, 1), bob=lambda: transfer(1, 0))
        return "done"

    def raises():
        def work():
            raise ValueError("no")  # step
        in_threads(ann=work)
"""


def learner_of(bench: Bench, source: str = "NAMES = ['ann', 'bob']") -> Learner:
    return bench.learner(source, probes=PROBES, waits=True)


def test_a_schedule_gives_the_same_value_each_time(bench: Bench) -> None:
    learner = learner_of(bench)
    assert [learner.follow("deposits", ["ann", "bob"]).value for _ in range(3)] == [20, 20, 20]
    assert learner.follow("deposits", []).value == 30
    assert learner.follow("deposits", ["bob", "ann"], 1, second=2).value == 2
    learner.follow("deposits", ["ann", "bob"]).gave(lambda balance: balance < 30)


def test_the_schedule_comes_from_the_answer_as_plain_data(bench: Bench) -> None:
    learner = learner_of(bench)
    assert learner.follow("deposits", learner.probe("names").value).value == 20


def test_the_answer_is_not_loaded_where_a_schedule_is_followed(bench: Bench) -> None:
    """So nothing that it does can change what comes of it."""
    assert learner_of(bench, "import os; os._exit(7)").follow("deposits", ["ann", "bob"]).value == 20


def test_another_value_is_told_with_where_each_entry_led_and_the_picture(bench: Bench) -> None:
    found = learner_of(bench).follow("deposits", ["ann", "ann", "bob"])
    with pytest.raises(LearnerFault) as caught:
        found.gave(lambda balance: balance < 30, "It should lose one.")
    fault = caught.value
    assert fault.status is Status.FAILED
    head, *rest = fault.message.split("\n\n")
    assert head == "deposits() under ['ann', 'ann', 'bob'] gave 30. It should lose one."
    line = 1 + PROBES.splitlines().index("            balance = seen + amount  # step")
    stands = f"stands before line {line}: balance = seen + amount"
    assert rest[:2] == [
        f"Where each entry led:\n   0 ann: {stands}\n   1 ann: has ended\n   2 bob: {stands}",
        "After the list:\n   0 bob: has ended",
    ]
    assert "balance = seen + amount  # step" in rest[2]
    assert "then bob" not in fault.message  # nobody was stopped between two accesses


def test_a_hang_is_what_was_asked_for_or_no_value(bench: Bench) -> None:
    learner = learner_of(bench)
    found = learner.follow("transfers", ["ann", "bob"])
    assert found.hang.startswith("Nobody can go on: ")
    found.hung()
    with pytest.raises(LearnerFault, match=r"came to no value\. Nobody can go on"):
        found.gave(lambda _: True)
    with pytest.raises(LearnerFault, match=r"does not hang: it came to its end and gave 'done'. Turn them."):
        learner.follow("transfers", ["ann", "ann", "bob"]).hung("Turn them.")


def test_an_impossible_entry_fails_whatever_came_before_it(bench: Bench) -> None:
    learner = learner_of(bench)
    for found in (learner.follow("deposits", ["ann", "bob"] * 3), learner.follow("transfers", ["ann", "bob"] * 3)):
        assert found.impossible.startswith("Entry 4, 'ann', is impossible: ann ")
        for ask in (lambda found=found: found.value, lambda found=found: found.gave(bool), found.hung):
            with pytest.raises(LearnerFault, match=r"can't be followed\. Entry 4, 'ann', is impossible"):
                ask()


def test_an_exception_in_a_thread_is_told(bench: Bench) -> None:
    found = learner_of(bench).follow("raises", ["ann"])
    assert found.error == "ann was ended by ValueError: no."
    with pytest.raises(LearnerFault, match="does not hang: ann was ended by ValueError: no"):
        found.hung()


@pytest.mark.parametrize(
    "names, told",
    [
        (None, "The schedule of deposits is None. It has to be a list of names of threads, like "),
        ("ann", "The schedule of deposits is 'ann'. It has to be a list"),
        (("ann",), "The schedule of deposits is ('ann',). It has to be a list"),
        (["ann", 1], "The schedule of deposits has 1 as entry 1. It has to be a list"),
        (["a" * 101], "The schedule of deposits has 'aaa"),
        (["ann"] * 1001, "The schedule of deposits has 1001 entries; 1000 are allowed."),
    ],
)
def test_what_is_no_schedule_is_told_in_a_sentence(bench: Bench, names: Any, told: str) -> None:
    with pytest.raises(LearnerFault) as caught:
        learner_of(bench).follow("deposits", names)
    assert caught.value.message.startswith(told)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("name", ["\ud800", "\x1b[31m", "", "ann\n::error::"])
def test_a_strange_name_is_told_and_breaks_nothing(bench: Bench, name: str) -> None:
    found = learner_of(bench).follow("deposits", [name])
    assert found.impossible.startswith("Entry 0, ")
    with pytest.raises(LearnerFault) as caught:
        found.hung()
    assert "\x1b" not in caught.value.message
    caught.value.message.encode()


def test_many_entries_are_not_all_told(bench: Bench) -> None:
    found = learner_of(bench).follow("deposits", ["ann", "bob"])
    many = followed.Followed("it", "", "", "", (("ann", "stands"),) * 50, found.rest, "", 1)
    assert "… and 10 more" in many.fault("fails.").message
