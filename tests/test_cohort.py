"""A class is graded: one result each and a table, in parts and again, and one broken submission stops nothing."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader import cohort
from grader.cohort import Row, scores
from grader.report.result import decode
from grader.report.rows import owner
from grader.report.saving import save
from grader.sandbox.survey import survey
from tests import tiny_course
from tests.leftovers import gone
from tests.tiny_course import answer, grader

RIGHT, WRONG = answer("2 * number"), answer("number ** 2")
ENDLESS = answer("__import__('time').sleep(600)")


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
    assert "3 of 5 submissions graded." in done.stdout
    table = rows(out)
    assert {name: row["score"] for name, row in table.items()} == {
        "'=fin": "",
        "Cid Dee_42_assignsubmission_file_": "3",
        "ann": "3",
        "bob-threads": "2",
        "eve": "",
    }
    assert table["Cid Dee_42_assignsubmission_file_"]["name"] == "Cid Dee"
    assert table["Cid Dee_42_assignsubmission_file_"]["id"] == "42"
    assert "archive" in table["eve"]["problem"]
    assert table["'=fin"]["problem"] == "there is no answer in a folder like exercises/01_double, nor any other"
    assert json.loads((out / "ann.json").read_bytes())["score"] == 3
    assert not (out / "eve.json").exists()


def test_a_result_names_no_folder_of_the_machine_that_it_was_made_on(tmp_path: Path) -> None:
    clone, folder, out = (
        tiny_course.make(tmp_path / "clone", "01_double", "02_double"),
        tmp_path / "in",
        tmp_path / "out",
    )
    (folder / "bob/01_double").mkdir(parents=True)
    (folder / "bob/01_double/double.py").write_text(WRONG, encoding="utf-8")
    with zipfile.ZipFile(folder / "ann.zip", "w") as made:
        made.writestr("work/01_double/double.py", WRONG)
    (folder / "bob").rename(folder / "Seán O'Brien $(bob)")
    grader(clone, "class", folder, "--out", out, limit=300)
    for name in ("ann", "Seán O'Brien $(bob)"):
        text = (out / f"{name}.json").read_text(encoding="utf-8")
        assert f"There is no 02_double in {name}." in text
        assert str(folder) not in text
        assert "unpacked" not in text


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


@pytest.mark.skipif(os.name == "nt", reason="there it is no name")
def test_a_result_is_called_as_the_submission_even_where_that_looks_like_a_path(clone: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    (folder / "a\\b/01_double").mkdir(parents=True)
    (folder / "a\\b/01_double/double.py").write_text(RIGHT, encoding="utf-8")
    grader(clone, "class", folder, "--out", out, limit=300)
    assert owner(decode((out / "a\\b.json").read_bytes())) == "a_b"


def test_what_is_graded_is_not_graded_again_but_what_changed_is(clone: Path, handed_in: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    grader(clone, "class", handed_in, "--out", out, limit=300)
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("*.json")}
    (handed_in / "bob-threads/exercises/01_double/double.py").write_text(RIGHT, encoding="utf-8")
    done = grader(clone, "class", handed_in, "--out", out, limit=300)
    assert "bob-threads: 3 of 3 points" in done.stdout
    changed = {name for name, when in before.items() if (out / name).stat().st_mtime_ns != when}
    assert changed == {"bob-threads.json"}


def test_a_copy_of_class_and_course_is_not_graded_again(clone: Path, handed_in: Path, tmp_path: Path) -> None:
    """Whoever downloads everything anew, or grades a part on another machine, has no work done twice."""
    out = tmp_path / "out"
    grader(clone, "class", handed_in, "--out", out, limit=300)
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("*.json")}
    shutil.copytree(clone, tmp_path / "other clone", copy_function=shutil.copyfile)
    shutil.copytree(handed_in, tmp_path / "anew", copy_function=shutil.copyfile)
    grader(tmp_path / "other clone", "class", tmp_path / "anew", "--out", out, limit=300)
    assert before == {path.name: path.stat().st_mtime_ns for path in out.glob("*.json")}


def test_a_result_goes_when_what_it_was_made_of_can_not_be_graded_any_more(
    clone: Path, handed_in: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    grader(clone, "class", handed_in, "--out", out, "--shard", "3/5", limit=300)
    assert (out / "ann.json").exists()
    (handed_in / "ann/exercises/01_double").rename(handed_in / "ann/exercises/01_Double")
    done = grader(clone, "class", handed_in, "--out", out, "--shard", "3/5", limit=300)
    assert "ann: there is no answer in a folder like exercises/01_double, but: 01_Double, exercises" in done.stdout
    assert not (out / "ann.json").exists()


@pytest.mark.parametrize("broken", ["ann.json", "ann.of"])
@pytest.mark.parametrize("data", [b"", b"{", b"\xff"])
def test_what_is_damaged_is_graded_anew(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, data: bytes
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tiny_course.ROOT))
    folder, out = tmp_path / "in", tmp_path / "out"
    (folder / "ann/01_double").mkdir(parents=True)
    (folder / "ann/01_double/double.py").write_text(RIGHT, encoding="utf-8")
    assert [row.score for row in cohort.grade_all(clone, folder, out)] == [3]
    (out / broken).write_bytes(data)
    assert [row.score for row in cohort.grade_all(clone, folder, out)] == [3]
    assert json.loads((out / "ann.json").read_bytes())["score"] == 3


@pytest.mark.parametrize(
    "path, problem",
    [
        (
            "exercises/01_double/double (1).py",
            "there is no double.py in the folder exercises/01_double, but: double (1).py",
        ),
        ("work/01_double/sub/double.py", "there is no double.py in the folder 01_double, but: sub"),
        ("01_double/double.py", ""),
        ("01_double/double.ipynb", ""),
    ],
)
def test_an_answer_of_another_name_is_told_in_its_row(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, problem: str
) -> None:
    """It has no points; without a word it would look like nothing that was tried."""
    monkeypatch.setenv("PYTHONPATH", str(tiny_course.ROOT))
    place = tmp_path / "in/ann" / path
    place.parent.mkdir(parents=True)
    place.write_text(RIGHT, encoding="utf-8")
    (row,) = cohort.grade_all(clone, tmp_path / "in", tmp_path / "out")
    assert row.problem == problem


HIDDEN = [".git", ".backup", ".venv", "__MACOSX", "__pycache__", "venv/lib/site-packages"]
EXTRA = {"data.zip": "", "venv/pyvenv.cfg": "", "venv/bin/activate_this.py": ""}
SEVERAL = "there are answers in more than one place: {}. Put what counts into one"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "files, came",
    [
        ({f"{name}/01_double/double.py": WRONG for name in HIDDEN} | {"work/01_double/double.py": RIGHT}, 3),
        ({f"{name}/double.py": WRONG for name in HIDDEN} | {"x/y/double.py": RIGHT}, 3),
        ({"exercises/01_double/double.py": RIGHT, **EXTRA}, 3),
        ({"a/b/double.py": RIGHT, **EXTRA}, 3),
        (
            {"a/01_double/double.py": tiny_course.STUB, "b/01_double/double.py": RIGHT},
            SEVERAL.format("a, b"),
        ),
        ({"a/double.py": WRONG, "b/double.py": RIGHT}, SEVERAL.format("a/double.py, b/double.py")),
        (
            {"exercises/01_double/double.py": tiny_course.STUB, "01_double/double.py": RIGHT},
            SEVERAL.format("01_double, exercises/01_double"),
        ),
        (
            {"exercises/01_double/a.py": "", "01_double/double.py": RIGHT},
            SEVERAL.format("01_double, exercises/01_double"),
        ),
        ({"double (1).py": RIGHT, "helper.py": ""}, "there is no double.py in it, but: double (1).py, helper.py"),
        ({"notes.txt": "", "double.py.txt": RIGHT}, "there is no answer in {}, but: double.py.txt, notes.txt"),
        ({"double.rar": ""}, "there is no answer in {}, but: double.rar"),
    ],
)
def test_a_folder_and_an_archive_of_it_come_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], came: int | str, *, packed: bool
) -> None:
    """What is hidden or packed beside an answer is none; of two, the first by name has no right to be it."""
    monkeypatch.setenv("PYTHONPATH", str(tiny_course.ROOT))
    clone = tiny_course.make(tmp_path / "clone")
    hand_in(tmp_path / "in/ann", files, packed=packed)
    (row,) = cohort.grade_all(clone, tmp_path / "in", tmp_path / "out", katas=["01_double"])
    assert (row.score or row.problem.replace("a folder like exercises/01_double", "{}")) == came


def hand_in(place: Path, files: dict[str, str], *, packed: bool = False) -> None:
    """Write files to a folder, or to an archive of its name."""
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    if packed:
        shutil.make_archive(str(place), "zip", place)
        shutil.rmtree(place)


@pytest.mark.parametrize("name", ["double.py", "notes.py"])
def test_an_archive_beside_a_file_is_looked_at_no_more_than_told(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Beside one that is called as the answer it is pictures or an older one; else nobody can know."""
    monkeypatch.setenv("PYTHONPATH", str(tiny_course.ROOT))
    hand_in(tmp_path / "in/ann/old", {"exercises/01_double/double.py": WRONG}, packed=True)
    hand_in(tmp_path / "in/ann", {name: RIGHT})
    (row,) = cohort.grade_all(clone, tmp_path / "in", tmp_path / "out", katas=["01_double"])
    told = "" if name == "double.py" else "there is no double.py in it, but: notes.py, old.zip"
    assert (row.score, row.problem) == (None if told else 3, told)


def test_a_class_in_one_more_folder_is_no_submission(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As unpackers make it; one student's points would be those of the course."""
    monkeypatch.setenv("PYTHONPATH", str(tiny_course.ROOT))
    for name in ("Ann_1_assignsubmission_file_", "Bob_2_assignsubmission_file_"):
        hand_in(tmp_path / "in/CS101-Katas-47" / name, {"double.py": RIGHT} if name < "B" else {"notes.txt": ""})
    (row,) = cohort.grade_all(clone, tmp_path / "in", tmp_path / "out", katas=["01_double"])
    assert row.problem == "it holds the submissions of several people: grade the folder CS101-Katas-47 itself"


@pytest.mark.parametrize("place", ["01_double/double.py", "double.py", "01_double/helper.py"])
def test_what_can_not_be_read_costs_no_points(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def refuses(path: Path, *words: Any, **named: Any) -> object:
        if path.name == Path(place).name and "ann" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        return opens(path, *words, **named)

    opens = Path.open
    hand_in(tmp_path / "in/ann", {place: RIGHT, str(Path(place).with_name("double.py")): RIGHT})
    monkeypatch.setattr(Path, "open", refuses)
    monkeypatch.setattr(cohort.Graders, "run", lambda *_: pytest.fail("it is graded"))
    (row,) = cohort.grade_all(clone, tmp_path / "in", tmp_path / "out", katas=["01_double"])
    assert row.problem == f"it can't be read: Permission denied: {tmp_path / 'in/ann' / place}"


@pytest.mark.parametrize("name", ["ann.rar", "ann.txt", "ann.py.txt"])
def test_what_is_no_submission_has_a_row_that_says_so(clone: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_text(RIGHT, encoding="utf-8")
    done = grader(clone, "class", tmp_path / "in", "--out", tmp_path / "out")
    assert "it is neither a folder, nor a zip archive, nor a Python file or notebook" in done.stdout
    assert "0 of 1 submissions graded." in done.stdout


def test_one_that_is_a_fault_of_ours_stops_no_other(
    clone: Path, handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(task: cohort.Task, _: object) -> str:
        raise RuntimeError(Path(task.submission).name)

    monkeypatch.setattr(cohort, "grade_one", fails)
    came = [row.problem for row in cohort.grade_all(clone, handed_in, tmp_path / "out")]
    assert came[2] == "a fault of the grader: RuntimeError: ann"
    assert len(came) == 5


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_interrupted_it_begins_no_other_and_keeps_what_is_done(
    clone: Path, handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, written = [], threading.Event()

    def grade_one(task: cohort.Task, _: object) -> str:
        begun.append(Path(task.submission).name)
        if len(begun) == 2:
            os.kill(os.getpid(), signal.SIGINT)
            assert written.wait(60)
            return "not graded yet"
        return "not now"

    def table(made: Sequence[Row]) -> bytes:
        written.set()
        return scores(made)

    monkeypatch.setattr(cohort, "grade_one", grade_one)
    monkeypatch.setattr(cohort, "scores", table)
    with pytest.raises(KeyboardInterrupt):
        cohort.grade_all(clone, handed_in, tmp_path / "out")
    problems = [row["problem"] for row in rows(tmp_path / "out").values()]
    assert problems[1:] == ["not graded yet"] * 4
    assert begun == ["=fin", "Cid Dee_42_assignsubmission_file_"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("group", [False, True])
def test_who_is_asked_to_end_keeps_what_is_done_and_leaves_nothing(
    clone: Path, tmp_path: Path, number: signal.Signals, *, group: bool
) -> None:
    """A job's end as `timeout`, Slurm and Kubernetes tell it, to this process alone or to all, and here twice."""
    folder, out, temporary = tmp_path / "in", tmp_path / "out", tmp_path / "tmp"
    for name, text in (("ann", RIGHT), ("bob", ENDLESS), ("cid", ENDLESS), ("dan", RIGHT)):
        (folder / name / "01_double").mkdir(parents=True)
        (folder / name / "01_double/double.py").write_text(text, encoding="utf-8")
    temporary.mkdir()
    words = ["class", str(folder), "--out", str(out), "--jobs", "2"]
    with subprocess.Popen(
        [sys.executable, "-m", "grader", *words],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(tiny_course.ROOT), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "1/4 ann: 3 of 3 points\n"
        for _ in range(2):
            (os.killpg if group else os.kill)(process.pid, number)
        _, said = process.communicate(timeout=20)
    assert (process.returncode, said.strip()) == (130, "Interrupted.")
    assert [row["score"] for row in rows(out).values()] == ["3", "", "", ""]
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_the_graders_of_a_class_that_is_killed_end_with_it_and_the_next_one_clears_its_folders(
    clone: Path, tmp_path: Path
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    (tmp_path / "in/bob/01_double").mkdir(parents=True)
    (tmp_path / "in/bob/01_double/double.py").write_text(ENDLESS, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "grader", "class", str(tmp_path / "in"), "--out", str(tmp_path / "out")],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(tiny_course.ROOT), "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
    ) as process:
        top = psutil.Process(process.pid)
        while len(top.children(recursive=True)) < 7:  # a grader, its host, starter, judge, keeper, forker and learner
            assert process.poll() is None
            time.sleep(0.01)
        pids = [one.pid for one in top.children(recursive=True)]
        process.kill()
    assert gone(pids)
    assert list(temporary.iterdir()) != []
    (tmp_path / "in/bob/01_double/double.py").write_text(RIGHT, encoding="utf-8")
    grader(clone, "class", tmp_path / "in", "--out", tmp_path / "out", limit=300, TMPDIR=str(temporary))
    assert list(temporary.iterdir()) == []


def test_results_are_not_written_among_the_submissions(clone: Path, handed_in: Path) -> None:
    done = grader(clone, "class", handed_in, "--out", handed_in / "results")
    assert done.returncode == 2
    assert "would be taken for a submission" in done.stderr
    assert not (handed_in / "results").exists()


def test_parts_make_the_whole(clone: Path, handed_in: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = grader(clone, "class", handed_in, "--out", out, "--shard", "1/2", limit=300)
    assert "1 of 3 submissions graded." in first.stdout
    assert rows(out)["bob-threads"]["problem"] == "not graded yet"
    second = grader(clone, "class", handed_in, "--out", out, "--shard", "2/2", limit=300)
    assert "2 of 2 submissions graded." in second.stdout
    assert [row["score"] for row in rows(out).values()] == ["", "3", "3", "2", ""]


def test_the_last_part_writes_why_another_could_not_be_graded(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But not of what is another by now: of that nothing is known."""
    monkeypatch.setattr(cohort, "grade_one", lambda task, _: f"no {Path(task.submission).name}, \ud800")
    for name in ("ann", "bob", "cid"):
        hand_in(tmp_path / "in" / name, {"double.py": WRONG})
    cohort.grade_all(clone, tmp_path / "in", tmp_path / "out", shard=(1, 2))
    hand_in(tmp_path / "in/cid", {"double.py": RIGHT})
    cohort.grade_all(clone, tmp_path / "in", tmp_path / "out", shard=(2, 2))
    problems = [row["problem"] for row in rows(tmp_path / "out").values()]
    assert problems == ["no ann, \\ud800", "no bob, \\ud800", "not graded yet"]


def test_of_two_parts_that_end_at_once_the_last_knows_of_both(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(path: Path, data: bytes) -> None:
        if path.name == cohort.TABLE and b"no ann" in data and not reached.is_set():
            reached.set()
            time.sleep(0.5)
        save(path, data)

    reached = threading.Event()
    monkeypatch.setattr(cohort, "grade_one", lambda task, _: f"no {Path(task.submission).name}")
    monkeypatch.setattr(cohort, "save", slowly)
    monkeypatch.setattr(cohort, "ended_by_signals", lambda _: contextlib.nullcontext())
    for name in ("ann", "bob"):
        hand_in(tmp_path / "in" / name, {"double.py": WRONG})
    first = threading.Thread(
        target=cohort.grade_all, args=(clone, tmp_path / "in", tmp_path / "out"), kwargs={"shard": (1, 2)}
    )
    first.start()
    assert reached.wait(60)
    cohort.grade_all(clone, tmp_path / "in", tmp_path / "out", shard=(2, 2))
    first.join()
    assert [row["problem"] for row in rows(tmp_path / "out").values()] == ["no ann", "no bob"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_interrupted_it_keeps_no_points_of_what_was_handed_in_before(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        return "not graded yet"

    monkeypatch.setenv("PYTHONPATH", str(tiny_course.ROOT))
    for name in ("ann", "bob", "cid"):
        hand_in(tmp_path / "in" / name, {"01_double/double.py": WRONG})
    cohort.grade_all(clone, tmp_path / "in", tmp_path / "out")
    for name in ("ann", "bob"):
        hand_in(tmp_path / "in" / name, {"01_double/double.py": RIGHT})
    monkeypatch.setattr(cohort, "grade_one", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cohort.grade_all(clone, tmp_path / "in", tmp_path / "out")
    table = rows(tmp_path / "out").values()
    assert [(row["score"], row["problem"]) for row in table] == [("", "not graded yet")] * 2 + [("2", "")]
    assert [path.name for path in (tmp_path / "out").glob("*.json")] == ["cid.json"]


def test_results_of_what_is_handed_in_no_more_are_named(clone: Path, tmp_path: Path) -> None:
    """`export` would make marks of them."""
    folder, out = tmp_path / "in", tmp_path / "out"
    hand_in(folder / "ann.b", {"01_double/double.py": WRONG})
    hand_in(folder / "cid", {"notes.txt": ""})
    assert "Delete" not in grader(clone, "class", folder, "--out", out, limit=300).stdout
    (folder / "ann.b").rename(folder / "ann")
    (out / "mine.json").write_text("{}")
    done = grader(clone, "class", folder, "--out", out, limit=300)
    assert "no submission that is there any more: ann.b.json. Delete" in done.stdout


def test_where_results_can_not_be_written_nothing_is_graded(clone: Path, tmp_path: Path) -> None:
    hand_in(tmp_path / "in/ann", {"01_double/double.py": WRONG})
    (tmp_path / "file").write_text("")
    done = grader(clone, "class", tmp_path / "in", "--out", tmp_path / "file/out")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"{tmp_path / 'file/out'}: ")


def test_a_table_that_can_not_be_written_is_named(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cohort, "save", full)
    monkeypatch.setattr(cohort, "grade_one", lambda *_: "")
    hand_in(tmp_path / "in/ann", {"01_double/double.py": WRONG})
    with pytest.raises(OSError, match="No space left on device") as raised:
        cohort.grade_all(clone, tmp_path / "in", tmp_path / "out")
    assert raised.value.filename == str(tmp_path / "out/scores.csv")


def test_a_row_says_which_folder_has_no_room_for_its_result(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        if path.name != cohort.TABLE:
            raise OSError(28, "No space left on device")
        save(path, data)

    monkeypatch.setattr(cohort, "save", full)
    monkeypatch.setattr(cohort, "grade_one", lambda *_: "")
    hand_in(tmp_path / "in/ann", {"01_double/double.py": WRONG})
    (row,) = cohort.grade_all(clone, tmp_path / "in", tmp_path / "out")
    assert row.problem == f"its result can't be written to {tmp_path / 'out'}: No space left on device"


def test_a_part_with_nothing_in_it_is_done(clone: Path, handed_in: Path, tmp_path: Path) -> None:
    """Who starts eight parts of five submissions has done nothing wrong."""
    done = grader(clone, "class", handed_in, "--out", tmp_path / "out", "--shard", "7/8", limit=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 of 0 submissions graded." in done.stdout
    assert len(rows(tmp_path / "out")) == 5


@pytest.mark.skipif(survey().tier == "C", reason="no tier can be required here")
def test_what_was_graded_without_a_tier_is_graded_again_where_one_is_required(
    clone: Path, handed_in: Path, tmp_path: Path
) -> None:
    """It may have been made where an answer can do what it likes."""
    words = ["class", str(handed_in), "--out", str(tmp_path / "out"), "--shard", "3/5"]
    grader(clone, *words, limit=300)
    before = (tmp_path / "out/ann.json").stat().st_mtime_ns
    for again in (True, False):
        assert grader(clone, *words, "--require-tier", "B", limit=300).returncode == 0
        now = (tmp_path / "out/ann.json").stat().st_mtime_ns
        assert (now != before) == again
        before = now


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_the_folder_of_results_is_its_owners_alone(clone: Path, handed_in: Path, tmp_path: Path) -> None:
    grader(clone, "class", handed_in, "--out", tmp_path / "out", "--shard", "5/5", limit=300)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


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


@pytest.mark.skipif(os.name == "nt", reason="there a path is not that long")
def test_folders_in_one_another_without_end_are_a_submission_like_any_other(clone: Path, tmp_path: Path) -> None:
    """The right answer counts, however deep a folder lies beside it; without one, that is what is said."""
    folder, out = tmp_path / "in", tmp_path / "out"
    (folder / "ann/01_double").mkdir(parents=True)
    (folder / "ann/01_double/double.py").write_text(RIGHT, encoding="utf-8")
    for name in ("ann", "bob"):
        make_deep(folder / name, 3000)
    try:
        grader(clone, "class", folder, "--out", out, limit=300)
        table = rows(out)
        assert table["ann"]["score"] == "3"
        assert table["bob"]["problem"] == "there is no answer in a folder like exercises/01_double, but: deep"
    finally:
        for name in ("ann", "bob"):
            shallow(folder / name / "deep")


def make_deep(folder: Path, levels: int) -> None:
    """Make `levels` folders in one another, ``deep/deep/...``, which are too many for one path."""
    folder.mkdir(exist_ok=True)
    at = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("deep", dir_fd=at)
        at, above = os.open("deep", os.O_RDONLY, dir_fd=at), at
        os.close(above)
    os.close(at)


def shallow(folder: Path) -> None:
    """Remove folders of one name in one another: pytest could not."""
    beside = folder.with_name("next")
    while folder.exists():
        if (folder / "deep").exists():
            (folder / "deep").rename(beside)
        folder.rmdir()
        if beside.exists():
            beside.rename(folder)


def test_what_a_submission_was_made_of_is_told_without_what_is_hidden_or_too_deep(tmp_path: Path) -> None:
    for name in (
        "a.py",
        "b/c.py",
        ".git/x",
        "b/__pycache__/y",
        "/".join(["d"] * 11) + "/e.py",
        "/".join(["f"] * 12) + "/g.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "b")
    found = {path.relative_to(tmp_path).as_posix() for path in cohort._files(tmp_path)}
    assert found == {"a.py", "b/c.py", "link", "/".join(["d"] * 11) + "/e.py"}


def test_the_table_holds_no_formula() -> None:
    row = Row("=1+1", "@sum", "-5", None, None, {}, "=cmd|' /C calc'!A0")
    (_, told) = csv.reader(io.StringIO(scores([row]).decode()))
    assert not [cell for cell in told if cell[:1] in ("=", "+", "-", "@")]


def test_notes_stand_in_the_table_and_act_in_no_spreadsheet() -> None:
    told = "01_double: =a.py, line 3 reaches for tracing."
    row = Row("ann", "", "", 3, 3, {}, notes=("=1+1", told, *["n"] * 10))
    (head, ann) = csv.reader(io.StringIO(scores([row]).decode("utf-8-sig")))
    assert dict(zip(head, ann, strict=True))["notes"] == f"'=1+1 {told} {'n ' * 8}And 2 more."
    assert row.came == "3 of 3 points, 12 notes"
