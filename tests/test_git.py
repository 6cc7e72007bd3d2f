"""Which answers a branch changed, asked of a repository that strangers wrote."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from grader import course, git
from tests import tiny_course

IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def run(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *IDENTITY, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, **files: str | None) -> str:
    """Write files (a double underscore is a slash), or remove those of None, and commit; return the commit."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    run(folder, "add", "--all")
    run(folder, "commit", "--quiet", "--allow-empty", "--message", "x")
    return run(folder, "rev-parse", "HEAD")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with two katas."""
    root = tiny_course.make(tmp_path / "clone", "01_double", "02_double")
    run(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    return root


@pytest.fixture
def katas(clone: Path) -> tuple[course.Kata, ...]:
    """The katas before anything is changed."""
    return course.load(clone).katas


def changed(katas: tuple[course.Kata, ...], root: Path, since: str) -> list[str]:
    return [kata.name for kata in git.changed(katas, root, since)]


@pytest.mark.parametrize(
    "path, names",
    [
        ("exercises__01_double__double_DOT_py", ["01_double"]),
        ("exercises__02_double__helper_DOT_py", ["02_double"]),
        ("exercises__01_double__double_DOT_ipynb", ["01_double"]),
        ("exercises__01_double__test_double_DOT_py", []),
        ("exercises__01_double__probes_DOT_py", []),
        ("exercises__01_double__README_DOT_md", []),
        ("exercises__01_double__deep__double_DOT_py", []),
        ("exercises__03_double__double_DOT_py", []),
        ("double_DOT_py", []),
    ],
)
def test_an_answer_that_changed_is_found(
    clone: Path, katas: tuple[course.Kata, ...], path: str, names: list[str]
) -> None:
    """And what is no answer is not."""
    before = git.commit(clone)
    assert before is not None
    commit(clone, **{path: "x = 1\n"})
    assert changed(katas, clone, before) == names


def test_what_others_changed_meanwhile_is_not_the_branchs(clone: Path, katas: tuple[course.Kata, ...]) -> None:
    run(clone, "switch", "--quiet", "--create", "mine")
    commit(clone, exercises__01_double__double_DOT_py="x = 1\n")
    run(clone, "switch", "--quiet", "main")
    base = commit(clone, exercises__02_double__double_DOT_py="x = 1\n")
    run(clone, "switch", "--quiet", "mine")
    assert changed(katas, clone, base) == ["01_double"]


def test_an_answer_that_was_removed_or_moved_has_changed(clone: Path, katas: tuple[course.Kata, ...]) -> None:
    before = git.commit(clone)
    assert before is not None
    run(clone, "mv", "exercises/01_double/double.py", "exercises/01_double/other.py")
    commit(clone, exercises__02_double__double_DOT_py=None)
    assert changed(katas, clone, before) == ["01_double", "02_double"]


def test_an_answer_that_was_changed_and_not_committed_is_known(clone: Path, katas: tuple[course.Kata, ...]) -> None:
    def uncommitted() -> list[str]:
        return [kata.name for kata in git.uncommitted(katas, clone)]

    first, second = clone / "exercises/01_double", clone / "exercises/02_double"
    (first / "README.md").write_text("Mine.")
    (first / "double.py").write_bytes((first / "double.py").read_bytes().replace(b"\n", b"\r\n"))
    assert uncommitted() == [], "a page of the course's, and the ends of lines as on Windows"
    (first / "double.py").write_text("x = 1\n")
    (second / "double.ipynb").write_text("{}")
    assert uncommitted() == ["01_double", "02_double"]
    run(clone, "add", "--all")
    assert uncommitted() == ["01_double", "02_double"], "the index is no commit"
    commit(clone)
    assert uncommitted() == []


@pytest.mark.parametrize("since", ["0" * 40, "no-such-branch", "--output=found", "main^{tree}", "a b"])
def test_a_commit_that_is_not_known_is_a_sentence(clone: Path, katas: tuple[course.Kata, ...], since: str) -> None:
    with pytest.raises(git.GitError) as told:
        changed(katas, clone, since)
    assert len(str(told.value).splitlines()) == 1
    assert "usage: " not in str(told.value), "the reason, not a line of the help that git adds to it"
    assert "git <command>" not in str(told.value)
    assert not (clone / "found").exists()


def test_a_folder_that_is_no_repository_has_no_commit(tmp_path: Path) -> None:
    assert git.commit(tmp_path) is None
    with pytest.raises(git.GitError, match="git says of"):
        git.changed((), tmp_path, "main")


def test_a_strangers_repository_runs_nothing(clone: Path, katas: tuple[course.Kata, ...], tmp_path: Path) -> None:
    """Its settings may name programs for many occasions."""
    before = git.commit(clone)
    assert before is not None
    commit(clone, exercises__01_double__double_DOT_py="x = 1\n", _DOT_gitattributes="*.py diff=evil\n")
    program = tmp_path / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/was_run\n", encoding="utf-8")
    program.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "diff.evil.command", "diff.evil.textconv", "core.pager"):
        run(clone, "config", name, str(program))
    assert changed(katas, clone, before) == ["01_double"]
    run(clone, "config", "filter.evil.clean", str(program))
    (clone / ".gitattributes").write_text("*.py filter=evil\n", encoding="utf-8")
    (clone / "exercises/02_double/double.py").write_text("x = 2\n", encoding="utf-8")
    assert [kata.name for kata in git.uncommitted(katas, clone)] == ["02_double"]
    assert not (tmp_path / "was_run").exists()


def test_the_repository_is_the_folders_own_also_where_a_hook_names_another(
    clone: Path, katas: tuple[course.Kata, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git tells its hooks by variables which repository they are about."""
    before = git.commit(clone)
    assert before is not None
    commit(clone, exercises__01_double__double_DOT_py="x = 1\n")
    run(tmp_path, "init", "--quiet", "other")
    commit(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert git.commit(clone) not in (None, before)
    assert changed(katas, clone, before) == ["01_double"]
