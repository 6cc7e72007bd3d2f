"""A class is graded: one result each and a table, in parts and again, and one broken submission stops nothing."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from grader.cohort import Row, scores
from tests import tiny_course
from tests.tiny_course import answer, grader

RIGHT, WRONG = answer("2 * number"), answer("number ** 2")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return tiny_course.make(tmp_path / "clone")


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """Submissions: two folders, a zip in a folder as Moodle makes it, one broken, one without answers."""
    folder = tmp_path / "handed in"
    for name, text in (("ann", RIGHT), ("bob-threads", WRONG)):
        place = folder / name / "exercises" / "01_double"
        place.mkdir(parents=True)
        (place / "double.py").write_text(text, encoding="utf-8")
    moodle = folder / "Cid Dee_42_assignsubmission_file_"
    moodle.mkdir()
    with zipfile.ZipFile(moodle / "katas.zip", "w") as made:
        made.writestr("katas-main/exercises/01_double/double.py", RIGHT)
    (folder / "eve.zip").write_bytes(b"no archive")
    (folder / "=fin").mkdir()
    return folder


def rows(out: Path) -> dict[str, dict[str, str]]:
    text = (out / "scores.csv").read_text(encoding="utf-8-sig")
    return {row["submission"]: row for row in csv.DictReader(io.StringIO(text))}


def test_a_folder_of_submissions_is_graded(clone: Path, handed_in: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = grader(clone, "class", handed_in, "--out", out, "--jobs", "2", limit=300)
    assert done.returncode == 1, done.stderr
    assert "4 of 5 submissions graded." in done.stdout
    table = rows(out)
    assert {name: row["score"] for name, row in table.items()} == {
        "'=fin": "0",
        "Cid Dee_42_assignsubmission_file_": "3",
        "ann": "3",
        "bob-threads": "2",
        "eve": "",
    }
    assert table["Cid Dee_42_assignsubmission_file_"]["name"] == "Cid Dee"
    assert table["Cid Dee_42_assignsubmission_file_"]["id"] == "42"
    assert "archive" in table["eve"]["problem"]
    assert json.loads((out / "ann.json").read_bytes())["score"] == 3
    assert not (out / "eve.json").exists()


def test_the_files_of_one_kata_are_graded_as_they_are(clone: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "files", tmp_path / "out"
    (folder / "Ann_1_assignsubmission_file").mkdir(parents=True)
    (folder / "Ann_1_assignsubmission_file/double.py").write_text(RIGHT, encoding="utf-8")
    (folder / "bobbo_2_99_double-1.py").write_text(WRONG, encoding="utf-8")
    with zipfile.ZipFile(folder / "cid.zip", "w") as made:
        made.writestr("work/double.py", RIGHT)
    done = grader(clone, "class", folder, "--out", out, "--kata", "01", limit=300)
    assert "3 of 3 submissions graded." in done.stdout
    assert [row["score"] for row in rows(out).values()] == ["3", "2", "3"]
    assert json.loads((out / "cid.json").read_bytes())["submission"] == "cid"
    done = grader(clone, "class", folder, "--out", out, limit=300)
    assert "name one with --kata" in done.stdout


def test_what_is_graded_is_not_graded_again_but_what_changed_is(clone: Path, handed_in: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    grader(clone, "class", handed_in, "--out", out, limit=300)
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("*.json")}
    (handed_in / "bob-threads/exercises/01_double/double.py").write_text(RIGHT, encoding="utf-8")
    done = grader(clone, "class", handed_in, "--out", out, limit=300)
    assert "bob-threads: 3 of 3 points" in done.stdout
    changed = {name for name, when in before.items() if (out / name).stat().st_mtime_ns != when}
    assert changed == {"bob-threads.json"}


def test_parts_make_the_whole(clone: Path, handed_in: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = grader(clone, "class", handed_in, "--out", out, "--shard", "1/2", limit=300)
    assert "2 of 3 submissions graded." in first.stdout
    assert rows(out)["bob-threads"]["problem"] == "not graded yet"
    second = grader(clone, "class", handed_in, "--out", out, "--shard", "2/2", limit=300)
    assert "2 of 2 submissions graded." in second.stdout
    assert [row["score"] for row in rows(out).values()] == ["0", "3", "3", "2", ""]


def test_an_empty_folder_is_a_wrong_use(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    done = grader(clone, "class", tmp_path / "none", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "There is no submission in" in done.stderr


@pytest.mark.parametrize("words", ["0/1", "2/1", "1", "x/y", "1/0"])
def test_a_part_that_there_is_not_is_a_wrong_use(clone: Path, tmp_path: Path, words: str) -> None:
    done = grader(clone, "class", tmp_path, "--out", tmp_path / "out", "--shard", words)
    assert done.returncode == 2
    assert "two numbers like 1/4 are expected" in done.stderr


def test_the_table_holds_no_formula() -> None:
    row = Row("=1+1", "@sum", "-5", None, None, {}, "=cmd|' /C calc'!A0")
    (_, told) = csv.reader(io.StringIO(scores([row]).decode()))
    assert not [cell for cell in told if cell[:1] in ("=", "+", "-", "@")]
