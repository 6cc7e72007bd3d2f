"""What is remembered of a learner is never wrong, never half written, and never in the way."""

from __future__ import annotations

import datetime
import json
import multiprocessing
import threading
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader import course, state
from grader.course import Kata
from grader.submission import Answer, find
from grader.verdict import Check, Status, Verdict
from tests import tiny_course
from tests.report import samples

TODAY = datetime.date(2026, 11, 28)
PASSED = Check("test_a", "A.", Status.PASSED, 2, 2)
FAILED = Check("test_b", "B.", Status.FAILED, 0, 1, message="No.")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return tiny_course.make(tmp_path / "clone", "01_double", "02_double")


def first(clone: Path) -> Kata:
    return course.load(clone).katas[0]


def answer(text: str = "x = 1\n", name: str = "double.py") -> Answer:
    return Answer("01_double", "somewhere", {name: text.encode()})


def verdict(*checks: Check, status: Status = Status.PASSED) -> Verdict:
    return samples.verdict("01_double", *checks, status=status)


def note(clone: Path, *checks: Check, of: Answer | None = None, day: datetime.date = TODAY) -> str:
    status = Status.PASSED if all(check.status is Status.PASSED for check in checks) else Status.FAILED
    return state.note_attempts(clone, [verdict(*checks, status=status)], {"01_double": of or answer()}, day)


def test_nothing_is_remembered_of_a_new_clone_and_asking_writes_nothing(clone: Path) -> None:
    found = state.load(clone)
    assert (found.katas, found.days, found.remark) == ({}, (), "")
    assert (found.hints_shown(first(clone)), found.done(first(clone), answer())) == (0, False)
    assert not (clone / ".grader").exists()


def test_a_kata_is_done_while_its_answer_is_one_that_passed(clone: Path) -> None:
    kata = first(clone)
    assert note(clone, PASSED) == ""
    found = state.load(clone)
    assert found.done(kata, answer())
    assert not found.done(kata, answer("x = 2\n")), "another content"
    assert not found.done(kata, answer(name="other.py")), "the same in another file"
    assert found.done(kata, answer("x = 1\r\n")), "an editor's line ends are no change"


@pytest.mark.parametrize(
    "checks", [(PASSED, FAILED), (replace(PASSED, points=0),), (PASSED, replace(FAILED, status=Status.NOT_RUN))]
)
def test_what_did_not_pass_in_full_is_not_done(clone: Path, checks: tuple[Check, ...]) -> None:
    note(clone, *checks)
    assert not state.load(clone).done(first(clone), answer())
    assert state.load(clone).of(first(clone)).attempts == 1


def test_attempts_are_counted_until_an_answer_has_passed(clone: Path) -> None:
    for text, check in (("a", FAILED), ("b", FAILED), ("c", PASSED), ("c", PASSED), ("d", FAILED)):
        note(clone, check, of=answer(text))
    assert state.load(clone).of(first(clone)).attempts == 4


def test_what_was_not_judged_is_no_attempt(clone: Path) -> None:
    for status in (Status.NOT_STARTED, Status.NOT_HERE, Status.NOT_RUN, Status.GRADER_ERROR):
        assert state.note_attempts(clone, [verdict(status=status)], {"01_double": answer()}, TODAY) == ""
    assert not (clone / ".grader").exists()


def test_days_are_remembered_once_and_in_order(clone: Path) -> None:
    for day in (2, 1, 2):
        note(clone, FAILED, day=datetime.date(2026, 3, day))
    assert state.load(clone).days == (datetime.date(2026, 3, 1), datetime.date(2026, 3, 2))


def test_hints_only_grow_and_are_a_katas_own(clone: Path) -> None:
    one, two = course.load(clone).katas
    for number in (2, 1):
        assert state.note_hint(clone, one, number) == ""
    assert state.load(clone).hints_shown(one) == 2
    assert state.load(clone).hints_shown(two) == 0


def test_a_notebook_that_was_run_again_is_the_same_answer(clone: Path) -> None:
    def notebook(count: int, source: str) -> Answer:
        cell = {"cell_type": "code", "source": source, "execution_count": count, "outputs": [], "metadata": {}}
        text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})
        return answer(text, "double.ipynb")

    note(clone, PASSED, of=notebook(1, "x = 1"))
    found = state.load(clone)
    assert found.done(first(clone), notebook(7, "x = 1"))
    assert not found.done(first(clone), notebook(1, "x = 2"))
    assert not found.done(first(clone), answer("no notebook", "double.ipynb"))


def test_what_is_kept_is_one_plain_file_that_git_does_not_see(clone: Path) -> None:
    note(clone, PASSED)
    kept = json.loads((clone / ".grader/state.json").read_text(encoding="utf-8"))
    assert kept == {
        "schema": "grader/state/v1",
        "katas": {"01_double": {"attempts": 1, "passed": [state.digest(answer())]}},
        "days": ["2026-11-28"],
    }
    assert (clone / ".grader/.gitignore").read_text(encoding="utf-8") == "*\n"
    assert {path.name for path in (clone / ".grader").iterdir()} == {".gitignore", "lock", "state.json"}


def test_the_count_of_hints_of_an_older_version_is_taken_over_once(clone: Path) -> None:
    (clone / ".grader").mkdir()
    (clone / ".grader/hints.json").write_bytes(b'{"01_double": 2, "02_double": -7}')
    one, two = course.load(clone).katas
    assert (state.load(clone).hints_shown(one), state.load(clone).hints_shown(two)) == (2, 0)
    state.note_hint(clone, two, 1)
    assert not (clone / ".grader/hints.json").exists()
    assert (state.load(clone).hints_shown(one), state.load(clone).hints_shown(two)) == (2, 1)


DAMAGED = [
    b"",
    b"\xff\x00",
    b"[" * 100_000,
    b"[]",
    b'{"schema": "grader/state/v1", "katas": {"01_double": {"hints": -1}}}',
    b'{"schema": "grader/state/v1.5", "katas": {}}',
    b'{"schema": "another/v9", "katas": {}}',
    b'{"schema": "grader/state/v1", "days": ["soon"]}',
]


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_kept_aside_and_told_once(clone: Path, damage: bytes) -> None:
    note(clone, PASSED)
    (clone / ".grader/state.json").write_bytes(damage)
    remark = state.load(clone).remark
    assert remark.startswith(".grader/state.json was damaged and is now .grader/damaged-1.json.")
    assert (clone / ".grader/damaged-1.json").read_bytes() == damage
    assert state.load(clone).remark == ""
    assert note(clone, PASSED) == ""
    assert state.load(clone).done(first(clone), answer())


def test_what_a_newer_version_keeps_is_left_alone_and_told(clone: Path) -> None:
    note(clone, PASSED)
    newer = b'{"schema": "grader/state/v9", "katas": []}'
    (clone / ".grader/state.json").write_bytes(newer)
    for remark in (state.load(clone).remark, note(clone, PASSED), state.note_hint(clone, first(clone), 1)):
        assert ": a newer version of the course wrote it, and it is left as it is." in remark
        assert (clone / ".grader/state.json").read_bytes() == newer
    assert not (clone / ".grader/damaged-1.json").exists()


def test_a_damaged_file_that_is_met_by_a_note_is_not_written_over(clone: Path) -> None:
    for number in (1, 2):
        (clone / ".grader").mkdir(exist_ok=True)
        (clone / ".grader/state.json").write_bytes(b"no %d" % number)
        assert f"is now .grader/damaged-{number}.json" in note(clone, PASSED)
        assert (clone / f".grader/damaged-{number}.json").read_bytes() == b"no %d" % number
        assert state.load(clone).of(first(clone)).attempts == 1


def test_a_folder_that_is_none_is_one_sentence(clone: Path) -> None:
    (clone / ".grader").write_text("in the way", encoding="utf-8")
    for said in (note(clone, PASSED), state.note_hint(clone, first(clone), 1)):
        assert said.startswith("Hints, attempts and days can't be kept in .grader/state.json: ")
        assert said.endswith(": .grader is not a folder. Ask for hints by number. All else works.")
        assert state.load(clone) == state.State(remark=said)
    assert (clone / ".grader").read_text(encoding="utf-8") == "in the way"


def test_a_disk_that_is_full_loses_nothing(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note(clone, PASSED)
    before = (clone / ".grader/state.json").read_bytes()

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.report.saving.os.fsync", full)
    assert "can't be kept in .grader/state.json: No space left on device." in note(clone, FAILED, of=answer("y"))
    assert (clone / ".grader/state.json").read_bytes() == before
    assert sorted(path.name for path in (clone / ".grader").iterdir()) == [".gitignore", "lock", "state.json"]


def test_a_file_that_cannot_be_read_is_not_written_over(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note(clone, PASSED)
    before = (clone / ".grader/state.json").read_bytes()

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        assert "Permission denied" in state.load(clone).remark
        assert "Permission denied" in note(clone, FAILED)
    assert (clone / ".grader/state.json").read_bytes() == before


def test_a_folder_that_cannot_be_written_is_one_sentence(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note(clone, PASSED)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(state, "save", refuse)
    assert "can't be kept in .grader/state.json: Permission denied." in note(clone, FAILED, of=answer("y"))
    assert state.load(clone).done(first(clone), answer())


def _count(clone: Path, name: str, times: int) -> None:
    for number in range(times):
        note(clone, FAILED, of=answer(f"{name} {number}"))


def test_no_attempt_is_lost_when_processes_and_threads_write_at_once(clone: Path) -> None:
    """As `watch` and `run` do."""
    spawn = multiprocessing.get_context("spawn")
    writers: list[BaseProcess | threading.Thread] = [
        *(spawn.Process(target=_count, args=(clone, f"process {number}", 10)) for number in range(2)),
        *(threading.Thread(target=_count, args=(clone, f"thread {number}", 10)) for number in range(2)),
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert state.load(clone).of(first(clone)).attempts == 40


def test_the_newest_answers_that_passed_are_remembered(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "MAX_PASSED", 2)
    for text in "abc":
        note(clone, PASSED, of=answer(text))
    found = state.load(clone)
    assert [found.done(first(clone), answer(text)) for text in "abc"] == [False, True, True]


def test_the_clones_own_answer_is_what_is_done(clone: Path) -> None:
    kata = first(clone)
    (kata.folder / "double.py").write_text(tiny_course.answer("2 * number"), encoding="utf-8")
    note(clone, PASSED, of=find(kata, clone))
    assert state.load(clone).done(kata, find(kata, clone))
