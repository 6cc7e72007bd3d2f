"""The JSON of a result is what its schema says, and comes back as it went."""

from __future__ import annotations

import json
import math
from typing import Any

import jsonschema
import msgspec
import pytest

from grader.report import result as results
from grader.verdict import SCHEMA, Check, Event, Result, Status, Verdict, Where

FULL = Result(
    grader="1.0",
    commit="abc",
    started="2026-01-01T00:00:00Z",
    submission="exercises",
    python="3.11.7",
    tier="B",
    guards={"landlock": True},
    score=1,
    max_score=3,
    seconds=1.5,
    katas=(
        Verdict(
            "01_a",
            "A",
            ("waits",),
            Status.FAILED,
            1,
            3,
            0.5,
            "wrong",
            (
                Check("test_a", "It is right.", Status.PASSED, 1, 1),
                Check(
                    "test_b",
                    "It ends.",
                    Status.TIMED_OUT,
                    0,
                    2,
                    0.25,
                    "late",
                    "out",
                    Where("a.py", 3),
                    (Event(0.5, "T", "wait", "for x", "a.py", 3),),
                    {"seed": 1},
                ),
            ),
        ),
    ),
    leftovers=("a child",),
    notes=("slow",),
    time_scale=2.0,
    practice=True,
)


def schema() -> dict[str, Any]:
    return dict(json.loads(results.SCHEMA_FILE.read_bytes()))


def test_what_is_written_can_be_read() -> None:
    assert results.decode(results.encode(FULL)) == FULL


def test_the_schema_names_itself_first_and_all_keys_are_the_documented_ones() -> None:
    plain = json.loads(results.encode(FULL))
    assert next(iter(plain)) == "schema"
    assert plain["schema"] == SCHEMA == "grader/result/v1"
    documented = (
        "schema grader commit started submission python tier guards score max_score seconds katas leftovers notes"
    )
    assert set(plain) - set(documented.split()) == {"time_scale", "practice", "interrupted"}
    assert set(documented.split()) <= set(plain)
    kata = "kata title needs status points max_points seconds message checks"
    assert list(plain["katas"][0]) == kata.split()
    check = "name title status points max_points seconds message output where timeline story excerpt schedules hint"
    assert list(plain["katas"][0]["checks"][1]) == check.split()
    assert plain["katas"][0]["checks"][1]["status"] == "timed out"
    assert plain["katas"][0]["checks"][1]["where"] == {"file": "a.py", "line": 3}


def test_the_committed_schema_is_current() -> None:
    again = "python -c 'from grader.report import result as r; r.SCHEMA_FILE.write_bytes(r.schema())'"
    assert results.SCHEMA_FILE.read_bytes() == results.schema(), f"make it again: {again}"


def test_a_result_is_what_the_schema_says() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(results.encode(FULL)), schema())


@pytest.mark.parametrize("key", ["schema", "score", "katas", "notes"])
def test_the_schema_misses_a_key_that_is_missing(key: str) -> None:
    plain = json.loads(results.encode(FULL))
    del plain[key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain, schema())


def test_the_schema_refuses_other_values_and_lets_new_keys_be() -> None:
    plain = json.loads(results.encode(FULL))
    jsonschema.validate(plain | {"new": 1}, schema())
    plain["katas"][0]["status"] = "fine"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain, schema())


def test_a_reader_ignores_keys_that_it_does_not_know_and_fills_in_newer_ones() -> None:
    plain = json.loads(results.encode(FULL)) | {"new": [1]}
    del plain["time_scale"]
    assert results.decode(json.dumps(plain).encode()) == msgspec.structs.replace(FULL, time_scale=1.0)


def test_what_json_cannot_hold_is_spelt_out() -> None:
    event = Event(math.nan, "\ud800", "print")
    check = Check(
        "t", "T", Status.FAILED, 0, 1, message="lone \udfff \0 ü", timeline=(event,), story={"\ud800": math.inf}
    )
    kata = Verdict("01_a", "A", (), Status.FAILED, 0, 1, checks=(check,))
    odd = msgspec.structs.replace(FULL, score=0, max_score=1, katas=(kata,))
    data = results.encode(odd)
    jsonschema.validate(json.loads(data), schema())
    (back,) = results.decode(data).katas[0].checks
    assert back.message == "lone \\udfff \0 ü"
    assert back.timeline[0] == Event(0.0, "\\ud800", "print")
    assert back.story == {"\\ud800": 0.0}


@pytest.mark.parametrize(
    "data,expected",
    [
        (b"", "This is not a result of the grader"),
        (b"\xff", "This is not a result of the grader"),
        (b"[" * 100_000, "This is not a result of the grader"),
        (b'{"schema": "grader/result/v1"}', "This is not a result of the grader: .*missing required field"),
        (results.encode(FULL).replace(b"result/v1", b"result/v9"), "of another kind: grader/result/v9"),
    ],
)
def test_what_is_no_result_is_refused_in_a_sentence(data: bytes, expected: str) -> None:
    with pytest.raises(results.UnreadableError, match=expected):
        results.decode(data)


@pytest.mark.parametrize(
    "old,new,expected",
    [
        (b'"points": 1,', b'"points": 77,', "01_a: test_a has 77 of 1 points"),
        (b'"points": 1,', b'"points": -1,', "01_a: test_a has -1 of 1 points"),
        (b'"max_points": 2,', b'"max_points": -2,', "01_a: test_b has 0 of -2 points"),
        (b'"max_points": 2,', b'"max_points": 3,', "01_a has 1 of 3 points, and its checks have 1 of 4 points"),
        (b'"score": 1,', b'"score": 2,', "the whole has 2 of 3 points, and its checks have 1 of 3 points"),
        (b'"max_score": 3,', b'"max_score": 1,', "the whole has 1 of 1 points, and its checks have 1 of 3 points"),
        (b'"test_b"', b'"test_a"', "01_a: test_a is there twice"),
    ],
)
def test_what_no_run_can_have_is_refused_in_a_sentence(old: bytes, new: bytes, expected: str) -> None:
    data = results.encode(FULL)
    assert old in data
    with pytest.raises(results.UnreadableError, match=f"No run gives such a result: {expected}. "):
        results.decode(data.replace(old, new))


def test_a_result_with_a_kata_twice_is_refused_also_where_its_sums_fit() -> None:
    twice = msgspec.structs.replace(FULL, katas=FULL.katas * 2, score=2, max_score=6)
    with pytest.raises(results.UnreadableError, match="01_a is there twice"):
        results.decode(results.encode(twice))


def test_a_result_can_be_looked_at_in_a_terminal() -> None:
    """Whatever answers said: no control character, nothing that turns the line round, no line end of another kind."""
    said = "\x1b[2J \x7f \x85 \x9b31m \u2028 \u202e \u200b \U000e0041 ä 中 €"
    told = results.encode(msgspec.structs.replace(FULL, submission=said))
    text = told.decode()
    assert [letter for letter in text if not letter.isprintable()] == ["\n"] * text.count("\n")
    assert "ä 中 €" in text
    assert results.decode(told).submission == said
