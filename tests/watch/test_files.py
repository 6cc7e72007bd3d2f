"""The answer's files are followed, in whatever way an editor writes them, and wherever they lie."""

from __future__ import annotations

import queue
import shutil
import threading
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from grader import course
from grader.course import Kata
from grader.submission import Answer
from grader.verdict import Status
from grader.watch import files
from grader.watch.files import Follower
from tests import tiny_course

NAME = "double.py"


class Following:
    """A follower of the first kata of a clone, and what it has told."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.kata = course.load(root).katas[0]
        self.file = self.kata.folder / NAME
        self.told: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self.said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.follower = Follower(self.kata, root, self._hear, self.said.put, course.load(root).katas)

    def _hear(self, _: Kata, answer: Answer) -> None:
        self.told.put(answer)

    def until(self, wanted: Callable[[Answer], bool], seconds: float = 20.0) -> Answer:
        """Return the first answer that is as wanted."""
        while True:
            answer = self.told.get(timeout=seconds)
            if wanted(answer):
                return answer

    def until_text(self, text: str) -> Answer:
        """Wait until the answer is this text."""
        return self.until(lambda answer: answer.files.get(NAME) == text.encode())


@pytest.fixture
def following(tmp_path: Path) -> Iterator[Following]:
    made = Following(tiny_course.make(tmp_path / "clone"))
    made.until(lambda answer: answer.status is Status.NOT_STARTED)
    yield made
    made.follower.close()


def in_place(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def by_rename(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def over_a_backup(path: Path, text: str) -> None:
    path.replace(path.with_name(f"{path.name}~"))
    path.write_text(text, encoding="utf-8")


def deleted_first(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text, encoding="utf-8")


def in_two_halves(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        for part in (text[:10], text[10:]):
            file.write(part)
            file.flush()


@pytest.mark.parametrize("write", [in_place, by_rename, over_a_backup, deleted_first, in_two_halves])
def test_however_an_editor_writes_the_last_content_is_told(
    following: Following, write: Callable[[Path, str], None]
) -> None:
    for number in range(3):
        text = tiny_course.answer(f"number + {number}")
        write(following.file, text)
        following.until_text(text)


def test_a_file_that_is_empty_for_a_moment_is_not_told_as_empty(following: Following) -> None:
    for number in range(5):
        following.file.write_text("", encoding="utf-8")
        text = tiny_course.answer(f"number + {number}")
        following.file.write_text(text, encoding="utf-8")
        first = following.until(lambda answer: answer.status is not Status.NOT_STARTED)
        assert first.files[NAME] == text.encode()


def test_a_file_that_is_gone_is_told_and_so_is_that_it_is_back(following: Following) -> None:
    text = following.file.read_text(encoding="utf-8")
    following.file.unlink()
    following.until(lambda answer: "is not there" in answer.message)
    following.file.write_text(text, encoding="utf-8")
    following.until(lambda answer: "NotImplementedError" in answer.message)


def test_a_folder_that_is_renamed_and_comes_back_is_followed_again(following: Following) -> None:
    elsewhere = following.root / "exercises" / "elsewhere"
    following.kata.folder.rename(elsewhere)
    following.until(lambda answer: answer.message.startswith("There is no 01_double"))
    shutil.copytree(elsewhere, following.kata.folder)
    following.until(lambda answer: "NotImplementedError" in answer.message)
    text = tiny_course.answer("number + 8")
    following.file.write_text(text, encoding="utf-8")
    following.until_text(text)


def test_a_helper_beside_the_answer_is_part_of_it(following: Following) -> None:
    in_place(following.file, tiny_course.answer("number"))
    in_place(following.kata.folder / "helper.py", "x = 1\n")
    following.until(lambda answer: answer.files.get("helper.py") == b"x = 1\n")


def test_what_no_event_tells_is_seen_at_the_next_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a network drive that nobody knows for one: the system follows another folder, and tells nothing."""
    deaf = tmp_path / "deaf"
    deaf.mkdir()
    changes = files._changes
    monkeypatch.setattr(files, "_changes", lambda _, over: changes([deaf], over))
    following = Following(tiny_course.make(tmp_path / "clone"))
    text = tiny_course.answer("number + 5")
    following.until(lambda answer: answer.status is Status.NOT_STARTED)
    in_place(following.file, text)
    following.until_text(text)
    following.follower.close()


def test_a_fault_of_ours_is_told_and_not_kept(following: Following, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> Answer:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(files, "find", break_down)
    in_place(following.file, tiny_course.answer("number"))
    told = following.said.get(timeout=20)
    assert "This is a fault of the grader" in told
    assert "ZeroDivisionError: ours" in told


def test_who_saves_another_kata_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes, watching = files._changes, threading.Event()

    def noted(folders: list[Path], over: threading.Event) -> Iterator[list[Path]]:
        for changed in changes(folders, over):
            watching.set()
            yield changed

    monkeypatch.setattr(files, "_changes", noted)
    following = Following(tiny_course.make(tmp_path / "clone", "01_double", "02_double", "03_double"))
    assert watching.wait(20)
    exercises = following.root / "exercises"
    in_place(exercises / "02_double" / "README.md", "no answer")
    by_rename(exercises / "03_double" / NAME, tiny_course.answer("1"))
    assert following.said.get(timeout=20).startswith("You saved 03_double, but it is 01_double that is watched")
    in_place(exercises / "02_double" / "double.ipynb", "{}")
    assert following.said.get(timeout=20).startswith("You saved 02_double")
    text = tiny_course.answer("number + 6")
    in_place(following.file, text)
    following.until_text(text)
    following.follower.close()
    assert following.said.empty()


def test_many_katas_at_once_are_not_saved_by_hand(tmp_path: Path) -> None:
    following = Following(tiny_course.make(tmp_path / "clone", "01_double", "02_double", "03_double"))
    following.follower.close()
    exercises = following.root / "exercises"
    following.follower._hear_of_others([exercises / name / NAME for name in ("02_double", "03_double")])
    assert following.said.empty()


def test_where_it_has_to_it_polls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "true")
    following = Following(tiny_course.make(tmp_path / "clone"))
    text = tiny_course.answer("number + 5")
    in_place(following.file, text)
    following.until_text(text)
    following.follower.close()


@pytest.mark.parametrize(
    "kind,options,remote",
    [("ext4", "rw", False), ("nfs4", "rw", True), ("9p", "rw", True), ("NTFS", "rw,remote", True)],
)
def test_a_drive_that_others_write_to_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, options: str, *, remote: bool
) -> None:
    drive = types.SimpleNamespace(mountpoint=str(tmp_path.resolve()), fstype=kind, opts=options)
    root = types.SimpleNamespace(mountpoint="/", fstype="ext4", opts="rw")
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: [root, drive])
    monkeypatch.delenv("WATCHFILES_FORCE_POLLING", raising=False)
    assert files._polled(tmp_path) is (True if remote else None)
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "false")
    assert files._polled(tmp_path) is None
