"""The judge's register: what it notes is what came, in order, and whatever comes harms nobody."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from grader.inside.register import Register as Client
from grader.judge import register as judge
from grader.judge.faults import LearnerFault
from grader.judge.register import Entry, Register, Span
from tests.bench import Bench


def made(values: Iterable[Any] = (), *, value: int | str = 0, delay: float = 0.0, patience: float = 30.0) -> Register:
    return Register(values, value=value, delay=delay, patience=patience)


def at_once(*actions: Callable[[], object]) -> None:
    threads = [threading.Thread(target=action) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def send(register: Register, data: bytes, secret: str | None = None) -> bytes:
    """Send `data` after the secret over a connection of its own; return all that comes back."""
    with socket.create_connection(("127.0.0.1", register.port), timeout=10) as connection:
        told = register.address.rpartition("/")[2] if secret is None else secret
        connection.sendall(told.encode() + b"\n" + data)
        came = b""
        try:
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(4096):
                came += more
        except OSError:  # it was closed before it had read all
            pass
        return came


def test_the_log_holds_what_was_asked_and_answered_in_order() -> None:
    with made([7], value="old") as register:
        client = Client(register.address)
        assert client.read() == "old"
        client.write(5)
        assert client.read() == 5
        assert client.take("a", 1) == 7
        assert client.take() is None
        assert client.meet("here", 1) == 1
        receipt = client.say("done", -3)
        assert register.log == (
            Entry(0, "read", (), "old"),
            Entry(0, "write", (5,), None),
            Entry(0, "read", (), 5),
            Entry(0, "take", ("a", 1), 7),
            Entry(0, "take", (), None),
            Entry(0, "meet", ("here", 1), 1),
            Entry(0, "say", ("done", -3), receipt),
        )
        assert register.value == 5
        assert receipt != 0
        assert register.of("say", "done", -3) == register.of("say", str, int) == [register.log[-1]]


def test_each_thread_has_a_connection_of_its_own() -> None:
    with made() as register:
        client = Client(register.address)

        def speak() -> None:
            for _ in range(20):
                client.say("hello")

        at_once(*[speak] * 8)
        came = [entry.connection for entry in register.of("say", "hello")]
        assert sorted(came) == sorted([*range(8)] * 20)


@pytest.mark.parametrize("pattern", [(), ("got",), ("got", str), ("got", int, int), (int, int), ("take", int)])
def test_what_was_said_in_another_way_is_not_of_that_kind(pattern: tuple[str | type, ...]) -> None:
    """An answer may say whatever it likes; a check that is surprised by it would be a fault of ours."""
    with made() as register:
        Client(register.address).say("got", 1)
        assert register.of("say", *pattern) == []


def test_receipts_differ() -> None:
    with made() as register:
        client = Client(register.address)
        assert len({client.say("x") for _ in range(50)}) == 50


def test_each_value_is_taken_once() -> None:
    with made(range(100)) as register:
        client = Client(register.address)
        took: list[int] = []
        at_once(*[lambda: took.extend(client.take() for _ in range(25))] * 4)
        assert sorted(took) == [*range(100)]
        assert client.take() is None
        by_connection = register.taken()
        assert [len(values) for _, values in sorted(by_connection.items())] == [25] * 4
        assert sorted(value for values in by_connection.values() for value in values) == [*range(100)]


def test_what_an_answer_returns_is_told_as_a_plain_word() -> None:
    with made() as register:
        Client(register.address).say("got", None, b"x", 2**80, "a\n\ud800" + "é" * 200)
        (entry,) = register.log
        assert entry.words == (
            "got",
            "<an object of type NoneType>",
            "<an object of type bytes>",
            "<an object of type int>",
            "a??" + "é" * 97,
        )


def test_those_who_meet_are_let_go_when_enough_are_there() -> None:
    with made() as register:
        client = Client(register.address)
        there: list[int] = []
        at_once(*[lambda: there.append(client.meet("start", 4))] * 4)
        assert there == [4] * 4
        assert register.met("start") == 4
        assert register.met("elsewhere") == 0
        at_once(*[lambda: there.append(client.meet("start", 2))] * 2)
        assert there[4:] == [2] * 2  # a meeting of its own
        assert register.met("start") == 2


def test_a_check_fails_if_fewer_met_than_should() -> None:
    with made(patience=0.0) as register:
        client = Client(register.address)
        at_once(*[lambda: client.meet("start", 1)] * 2)
        register.together("start", 1)
        with pytest.raises(LearnerFault, match=r"^2 threads were to meet \(start\): the judge saw 1 of them .* Why\.$"):
            register.together("start", 2, "Why.")
        with pytest.raises(LearnerFault, match=r"^2 threads were to meet \(table\): the judge saw nobody\."):
            register.together("table", 2)


def test_places_are_apart() -> None:
    with made() as register:
        client = Client(register.address)
        at_once(*[lambda name=name: client.meet(name, 2) for name in "abab"])
        assert (register.met("a"), register.met("b")) == (2, 2)


def test_who_comes_alone_waits_as_long_as_the_patience_and_only_once() -> None:
    with made(patience=0.3) as register:
        client = Client(register.address)
        began = time.monotonic()
        assert client.meet("start", 2) == 1
        held = time.monotonic() - began
        for _ in range(100):
            assert client.meet("start", 2) == 1
        assert held >= 0.3
        assert time.monotonic() - began < 20
        assert register.met("start") == 1


def test_what_comes_is_answered_after_the_delay_and_noted_before() -> None:
    with made(delay=0.2) as register:
        client = Client(register.address)
        began = time.monotonic()
        thread = threading.Thread(target=lambda: client.say("x"))
        thread.start()
        while not register.log:
            time.sleep(0.001)
        assert thread.is_alive()
        thread.join()
        assert time.monotonic() - began >= 0.2


def test_the_end_of_the_block_lets_go_who_still_waits() -> None:
    began = time.monotonic()
    ended: list[object] = []

    def wait(client: Client) -> None:
        try:
            ended.append(client.meet("start", 2))
        except (OSError, ValueError) as error:
            ended.append(error)

    with made() as register:
        thread = threading.Thread(target=wait, args=(Client(register.address),))
        thread.start()
        while "start" not in register._meetings:
            time.sleep(0.001)
    thread.join()
    assert len(ended) == 1
    assert time.monotonic() - began < 20


def test_spans_are_told_by_their_words() -> None:
    with made() as register:
        client = Client(register.address)
        for words in (("in", 1), ("in", 2), ("out", 1), ("in", 3), ("out", 2), ("in", 1), ("out", 1)):
            client.say(*words)
        client.say("in", "one")
        spans = register.spans("in", "out", int)
        assert spans == [Span((1,), 0, 0, 2), Span((2,), 0, 1, 4), Span((3,), 0, 3, 8), Span((1,), 0, 5, 6)]
        first, second, third, fourth = spans
        assert first.overlaps(second)
        assert second.overlaps(first)
        assert not first.overlaps(third)
        assert third.overlaps(fourth)  # nobody said that it had ended


NONSENSE = {
    "no JSON": b"\xff\xff\n",
    "no list": b'{"say": 1}\n',
    "an empty list": b"[]\n",
    "unknown": b'["shout", 1]\n',
    "no text first": b"[1, 2]\n",
    "nothing said": b'["say"]\n',
    "nothing written": b'["write"]\n',
    "no place": b'["meet", 1, 1]\n',
    "no number": b'["meet", "a", "b"]\n',
    "nobody to meet": b'["meet", "a", 0]\n',
    "too many to meet": b'["meet", "a", 1000000]\n',
    "a truth": b'["say", true]\n',
    "a fraction": b'["say", 0.5]\n',
    "not a number": b'["say", NaN]\n',
    "a list": b'["say", []]\n',
    "a number without end": b'["say", ' + b"9" * 3_000 + b"]\n",
    "a large number": b'["say", %d]\n' % 2**63,
    "a long text": b'["say", "' + b"x" * 101 + b'"]\n',
    "what nobody can print": b'["say", "\\ud800"]\n',
    "a control sequence": b'["say", "\\u001b[31m"]\n',
    "too many words": b'["say", 1, 2, 3, 4, 5, 6]\n',
    "a long line": b'["say"' + b" " * 5_000 + b", 1]\n",
    "depth": b"[" * 3_900 + b"\n",
    "half a line": b'["say", 1]',
}


@pytest.mark.parametrize("name", NONSENSE)
def test_what_no_probe_sends_ends_its_connection_and_is_told_to_the_check(name: str) -> None:
    with made() as register:
        assert send(register, NONSENSE[name] + b'["say", "more"]\n') == b""
        with pytest.raises(LearnerFault, match="talks to the judge's register") as caught:
            register.log  # noqa: B018 - it raises
        assert caught.value.message.isprintable()
        assert Client(register.address).say("others go on")


@pytest.mark.parametrize("secret", ["", "no secret", "x" * 5_000])
def test_who_does_not_know_the_secret_is_not_listened_to(secret: str) -> None:
    """Others on the machine may come to the port: that is no fault of the answer."""
    with made() as register:
        assert send(register, b'["say", 1]\n', secret) == b""
        assert register.log == ()


def test_who_goes_away_in_the_middle_harms_nobody() -> None:
    with made() as register:
        for _ in range(3):
            connection = socket.create_connection(("127.0.0.1", register.port))
            connection.sendall(register.address.rpartition("/")[2].encode() + b'\n["meet", "start", 9]\n')
            connection.close()
        assert send(register, b"") == b""
        assert Client(register.address).say("hello")


def test_many_connections_are_served_and_more_are_told() -> None:
    with made() as register:
        client = Client(register.address)
        at_once(*[lambda: client.meet("start", judge.MAX_CONNECTIONS)] * judge.MAX_CONNECTIONS)
        assert register.met("start") == judge.MAX_CONNECTIONS
        assert send(register, b'["say", 1]\n') == b""
        with pytest.raises(LearnerFault, match="more than 100 connections"):
            register.log  # noqa: B018 - it raises


def test_the_log_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "MAX_ENTRIES", 3)
    with made() as register:
        came = send(register, b'["say", 1]\n' * 10)
        assert len(came.splitlines()) == 3
        assert all(type(json.loads(row)) is int for row in came.splitlines())
        with pytest.raises(LearnerFault, match="more than 3 lines"):
            register.log  # noqa: B018 - it raises


def test_a_fault_of_the_judges_own_is_raised_where_the_block_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "_words", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError), made() as register:
        send(register, b'["read"]\n')


def test_a_register_that_is_closed_is_told_to_who_asks() -> None:
    with made() as register:
        client = Client(register.address)
        client.read()
    with pytest.raises(ConnectionError):
        client.read()


PROBES = """
    import threading
    from grader.inside.register import Register

    def probe(answer, address, count):
        register = Register(address)
        def work():
            register.meet("start", count)
            register.say("got", answer.twice(register.take()))
        threads = [threading.Thread(target=work) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
"""


def test_a_probe_gets_the_way_to_the_register_and_the_answer_can_not_import_it(bench: Bench) -> None:
    source = """
        def twice(number):
            try:
                import grader.inside.register
            except ImportError:
                return 2 * number
    """
    learner = bench.learner(source, probes=PROBES)
    with learner.register([1, 2, 3]) as register:
        run = learner.probe("probe", register, 3)
    register.together("start", 3)
    assert run.asked == "probe(register, 3)"
    assert sorted(entry.words[1] for entry in register.of("say", "got", int)) == [2, 4, 6]
