"""A stub comes back as the course gave it, and nothing that was written is lost."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grader import course, stub, submission
from grader.course import Course, Kata
from tests import tiny_course
from tests.test_git import commit, run

FIRST = "exercises/01_double/double.py"
NEWER = tiny_course.STUB.replace("Return twice", "Return, exactly, twice")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tiny_course.make(tmp_path / "clone")
    run(made, "init", "--quiet", "--initial-branch=main")
    commit(made)
    return made


def first(root: Path) -> tuple[Course, Kata]:
    found = course.load(root)
    return found, found.katas[0]


def write(root: Path, text: str) -> None:
    (root / FIRST).write_text(text, encoding="utf-8")


def test_the_stub_is_what_was_there_before_the_first_answer(root: Path) -> None:
    for expression in ("number", "2 * number"):
        write(root, tiny_course.answer(expression))
        commit(root)
    assert stub.original(*first(root)) == {"double.py": tiny_course.STUB.encode()}


def test_of_the_stubs_of_a_course_that_was_brought_up_to_date_it_is_the_newest(root: Path) -> None:
    write(root, NEWER)
    commit(root)
    write(root, tiny_course.answer("number"))
    commit(root)
    assert stub.original(*first(root)) == {"double.py": NEWER.encode()}


def test_where_no_version_is_a_stub_it_is_the_oldest(tmp_path: Path) -> None:
    root = tiny_course.make(tmp_path, changes={FIRST: tiny_course.answer("1")})
    run(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    write(root, tiny_course.answer("2"))
    commit(root)
    assert stub.original(*first(root)) == {"double.py": tiny_course.answer("1").encode()}


def test_a_kata_of_two_files_comes_back_as_they_were_together(tmp_path: Path) -> None:
    toml = tiny_course.KATA_TOML.replace('["double.py"]', '["double.py", "more.py"]')
    path = "exercises/01_double/more.py"
    root = tiny_course.make(tmp_path, changes={"exercises/01_double/kata.toml": toml, path: tiny_course.STUB})
    run(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    write(root, tiny_course.answer("1"))
    commit(root)
    (root / path).write_text("broken", encoding="utf-8")
    kata = first(root)[1]
    files = stub.original(*first(root))
    assert stub.changed(kata, files) == ["double.py", "more.py"]
    assert stub.put_back(kata, files) == ["double.py.1", "more.py.1"]
    assert stub.changed(kata, files) == []
    assert (root / f"{path}.1").read_text(encoding="utf-8") == "broken"


@pytest.mark.parametrize("notebook", ["{broken", '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'])
def test_a_notebook_in_place_of_the_stub_is_put_aside(root: Path, notebook: str) -> None:
    beside = (root / FIRST).with_suffix(".ipynb")
    beside.write_text(notebook, encoding="utf-8")
    kata = first(root)[1]
    files = stub.original(*first(root))
    assert submission.written(kata) == [beside]
    assert stub.changed(kata, files) == ["double.py"]
    assert stub.put_back(kata, files) == ["double.ipynb.1"]
    assert submission.written(kata) == [root / FIRST]
    assert stub.changed(kata, files) == []
    assert beside.with_name("double.ipynb.1").read_text(encoding="utf-8") == notebook


def test_a_notebook_beside_a_written_answer_is_not_what_is_opened(root: Path) -> None:
    write(root, tiny_course.answer("1"))
    (root / FIRST).with_suffix(".ipynb").write_text("{}", encoding="utf-8")
    assert submission.written(first(root)[1]) == [root / FIRST]
    (root / FIRST).unlink()
    assert submission.written(first(root)[1]) == [(root / FIRST).with_suffix(".ipynb")]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_what_a_link_leads_to_is_left_alone(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("mine", encoding="utf-8")
    (root / FIRST).unlink()
    (root / FIRST).symlink_to(elsewhere)
    with pytest.raises(stub.StubError, match=r"double\.py is not a file"):
        stub.put_back(first(root)[1], stub.original(*first(root)))
    assert elsewhere.read_text(encoding="utf-8") == "mine"


def test_a_file_that_git_does_not_know_is_a_sentence(root: Path) -> None:
    other = tiny_course.make(root, "02_double")
    with pytest.raises(stub.StubError, match="git knows no older version of it"):
        stub.original(course.load(other), course.load(other).katas[1])


def test_a_repository_without_a_commit_is_a_sentence(tmp_path: Path) -> None:
    root = tiny_course.make(tmp_path)
    run(root, "init", "--quiet")
    with pytest.raises(stub.StubError, match="without git's help: git says of"):
        stub.original(*first(root))


def test_what_was_written_stays_where_it_cannot_be_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "mine")
    kata = first(root)[1]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stub, "save", full)
    with pytest.raises(OSError, match="No space left"):
        stub.put_back(kata, {"double.py": b"stub"})
    assert (root / FIRST).read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for files")
def test_a_disk_that_is_full_leaves_no_half_copy(root: Path) -> None:
    import resource  # noqa: PLC0415 - not there on Windows

    write(root, "mine" * 1000)
    kata = first(root)[1]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            stub.put_back(kata, {"double.py": b"stub"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (root / FIRST).read_text(encoding="utf-8") == "mine" * 1000
    assert not (root / f"{FIRST}.1").exists()


def test_an_empty_file_is_not_kept(root: Path) -> None:
    write(root, "\n")
    kata = first(root)[1]
    assert stub.put_back(kata, stub.original(*first(root))) == []
    assert not (root / f"{FIRST}.1").exists()


@pytest.mark.parametrize("kind", ["folder", "pipe", "broken link"])
def test_what_is_no_file_is_left_alone(root: Path, kind: str) -> None:
    path = root / FIRST
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe" and sys.platform != "win32":
        os.mkfifo(path)
    else:
        path.symlink_to("nowhere")
    _, kata = first(root)
    with pytest.raises(stub.StubError, match=r"double\.py is not a file"):
        stub.put_back(kata, {"double.py": b"x"})
    assert os.path.lexists(path)
    assert not path.is_file()


def test_without_git_it_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(stub.StubError, match="git is not installed"):
        stub.original(*first(root))
