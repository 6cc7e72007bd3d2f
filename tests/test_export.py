"""`export`, and the options of `run` that write the same: what they say, write and return."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader import autograder, cli, course
from grader.export import export
from grader.gradescope.grade import grade, words
from grader.handed_in import Refused
from grader.report import gradescope
from grader.report.formats import FORMATS
from grader.report.result import decode, encode
from tests import tiny_course
from tests.report.samples import ENVIRONMENT, FULL, PERFECT
from tests.tiny_course import grader

WORKSHEET = (
    "Identifier,Full name,Grade,Maximum grade,Feedback comments\nParticipant 1,ann,,15,\nParticipant 2,Cy,,15,\n"
)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    root = tiny_course.make(tmp_path / "clone", changes={"requirements.lock": "click==8.5.1\n"})
    (root / "ann.json").write_bytes(encode(FULL))
    (root / "odd.json").write_bytes(encode(replace(FULL, score=86)))
    for name in ("bob", "doe_7_1_a", "doe_7_2_b"):
        (root / f"{name}.json").write_bytes(encode(replace(PERFECT, submission=name)))
    (root / "sheet.csv").write_text(WORKSHEET)
    return root


@pytest.fixture(autouse=True)
def classroom50(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("name", FORMATS)
def test_a_result_is_exported_to_a_file(clone: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(clone)
    assert cli.main(["export", name, "ann.json", "-o", "out"]) == 0
    assert (clone / "out").read_bytes() == FORMATS[name].write(FULL)


def test_without_a_file_a_result_is_exported_to_the_terminal(clone: Path) -> None:
    done = grader(clone, "export", "gradescope", "ann.json")
    assert (done.returncode, done.stderr, done.stdout.encode()) == (0, "", gradescope.write(FULL))
    assert grader(clone, "export", "gradescope", "ann.json", "-o", "-").stdout == done.stdout
    assert not (clone / "-").exists()


def test_run_writes_every_format_that_is_asked_for(clone: Path, tmp_path: Path) -> None:
    options = [word for name in FORMATS for word in (f"--{name}", str(tmp_path / f"{name}.x"))]
    done = grader(clone, "run", "--json", tmp_path / "r.json", *options)
    assert done.returncode == 1
    assert {path.name for path in tmp_path.iterdir()} == {"clone", "r.json", *(f"{name}.x" for name in FORMATS)}
    result = decode((tmp_path / "r.json").read_bytes())
    assert (tmp_path / "gradescope.x").read_bytes() == gradescope.write(result)


def test_what_cannot_be_written_is_told_after_all_the_rest_is_written(clone: Path, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    done = grader(clone, "run", "--junit", "/dev/full", "--exercism", tmp_path / "e.json")
    assert done.returncode == 3
    assert done.stderr == "The result can't be written to /dev/full: No space left on device.\n"
    assert json.loads((tmp_path / "e.json").read_bytes())["version"] == 3


def test_results_of_a_class_become_a_gradebook_and_what_is_odd_is_told(clone: Path) -> None:
    done = grader(clone, "export", "canvas", "ann.json", "bob.json", "--assignment", "Katas (7)")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        '"Student","ID","SIS User ID","SIS Login ID","Section","Katas (7)"',
        '"    Points Possible","","","","",15',
        '"ann","","","ann","",2',
        '"bob","","","bob","",2',
    ]
    assert done.stderr.splitlines()[0].startswith("ann: 11 points could not be given")
    done = grader(clone, "export", "nbgrader", "bob.json", "--name", "Zo")
    assert done.stdout.splitlines()[1] == '"01_first","","","Zo","","","",2,0,2,2'


def test_run_can_be_told_what_a_submission_is_called(clone: Path) -> None:
    assert grader(clone, "run", "--submission", ".", "--name", "Ann Doe", "--json", "r.json").returncode == 1
    done = grader(clone, "export", "canvas", "r.json")
    assert done.stdout.splitlines()[-1] == '"Ann Doe","","","Ann Doe","",0'


def test_a_worksheet_is_filled_in_and_who_is_not_in_it_is_told(clone: Path) -> None:
    done = grader(clone, "export", "moodle", "ann.json", "--worksheet", "sheet.csv", "-o", "one.csv")
    assert done.returncode == 0
    row = (clone / "one.csv").read_text().splitlines()[1]
    assert row.startswith('Participant 1,ann,"2",15,"2 of 15 points.<br>')
    done = grader(clone, "export", "moodle", "ann.json", "bob.json", "--worksheet", "sheet.csv", "-o", "new.csv")
    assert done.returncode == 1, "somebody is left out, and the rest is written"
    assert done.stderr.splitlines()[-1] == "No row of the worksheet is about bob."
    assert (clone / "new.csv").read_text() == (clone / "one.csv").read_text()


def test_who_can_be_two_rows_of_a_worksheet_is_told_and_the_rest_is_written(clone: Path) -> None:
    (clone / "sheet.csv").write_text(f"{WORKSHEET}Participant 3,bob,,15,\nParticipant 4,Bob,,15,\n")
    done = grader(clone, "export", "moodle", "ann.json", "bob.json", "--worksheet", "sheet.csv", "-o", "new.csv")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("bob can be 2 rows of the worksheet, and is in none. Export this ")
    rows = (clone / "new.csv").read_text().splitlines()
    assert rows[1].startswith('Participant 1,ann,"2",')
    assert rows[3:] == ["Participant 3,bob,,15,", "Participant 4,Bob,,15,"]


@pytest.mark.parametrize(
    "words, written",
    [
        (["html", "ann.json"], "ann.json"),
        (["html", "ann.json"], "link.json"),
        (["canvas", "bob.json", "ann.json"], "ann.json"),
        (["nbgrader", "ann.json"], "./ann.json"),
        (["moodle", "ann.json", "--worksheet", "sheet.csv"], "ann.json"),
        (["moodle", "ann.json", "--worksheet", "sheet.csv"], "sheet.csv"),
        (["gradescope-autograder", "01"], "exercises/01_double/double.py"),
        (["classroom50-autograder", "01"], "requirements.lock"),
    ],
)
def test_what_an_export_is_made_of_is_not_written_over(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], written: str
) -> None:
    monkeypatch.chdir(clone)
    Path("link.json").symlink_to("ann.json")
    before = Path(written).read_bytes()
    assert cli.main(["export", *words, "-o", written]) == 2
    assert (
        capsys.readouterr()
        .err.splitlines()[-1]
        .endswith("is read for this, and would be overwritten. Name another file.")
    )
    assert Path(written).read_bytes() == before


def test_a_result_that_tells_no_owner_is_called_after_its_file(clone: Path) -> None:
    """One of a whole class must not keep the others' scores back: `class` calls files after submissions."""
    (clone / "x.py.json").write_bytes(encode(replace(PERFECT, submission="x.py")))
    (clone / "exercises.json").write_bytes(encode(replace(PERFECT, submission="exercises")))
    done = grader(clone, "export", "canvas", "x.py.json", "bob.json", "exercises.json")
    assert done.returncode == 0
    assert [row.split(",")[0] for row in done.stdout.splitlines()[2:]] == ['"x.py"', '"bob"', '"exercises"']


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no such file")
def test_the_file_of_an_export_can_be_what_a_pipe_is_behind(clone: Path) -> None:
    done = grader(clone, "export", "gradescope", "ann.json", "-o", "/dev/stdout")
    assert (done.returncode, done.stderr, done.stdout.encode()) == (0, "", gradescope.write(FULL))


@pytest.mark.parametrize(
    "words, code, expected",
    [
        (["frob"], 2, r"^There is no format 'frob'\. The formats are: .*junit.*, gradescope-autograder, .*\.$"),
        (["junit"], 2, "Missing argument 'RESULT'"),
        (["junit", "no.json"], 2, r"^no\.json can't be read: No such file or directory\.$"),
        (["junit", "pyproject.toml"], 2, r"^pyproject\.toml: This is not a result of the grader: "),
        (["junit", "odd.json"], 2, r"^odd\.json: No run gives such a result: the whole has 86 of 15 points, and its "),
        (["canvas", "bob.json", "odd.json"], 2, r"^odd\.json: No run gives such a result: "),
        (["junit", "ann.json", "bob.json"], 2, r"unexpected extra argument"),
        (["junit", "ann.json", "-o", "."], 2, r"^-o: \. is a folder\. Name a file in it\.$"),
        (["junit", "ann.json", "-o", "no/x"], 3, r"^no.x: It can't be written: No such file or directory\.$"),
        (["classroom50", "ann.json"], 2, r"sets variables that are not set here: CLASSROOM, ASSIGNMENT"),
        (["canvas", "ann.json", "ann.json"], 2, r"^ann\.json and ann\.json are both of ann\.$"),
        (["canvas", "doe_7_1_a.json", "doe_7_2_b.json"], 2, r"^doe_7_1_a and doe_7_2_b are both of one student: "),
        (["canvas", "ann.json", "bob.json", "--name", "x"], 2, r"^--name is for one result\.$"),
        (["moodle", "ann.json"], 2, "Missing option '--worksheet'"),
        (["moodle", "bob.json", "--worksheet", "no.csv"], 2, r"^no\.csv can't be read: No such file or directory\.$"),
        (["moodle", "bob.json", "--worksheet", "ann.json"], 2, r"^ann\.json: It "),
        (["gradescope-autograder"], 2, "Missing option '-o'"),
        (["gradescope-autograder", "99", "-o", "x.zip"], 2, "There is no kata '99'"),
    ],
)
def test_wrong_use_is_one_sentence(
    clone: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    words: list[str],
    code: int,
    expected: str,
) -> None:
    monkeypatch.chdir(clone)
    monkeypatch.delenv("CLASSROOM")
    monkeypatch.delenv("ASSIGNMENT")
    assert cli.main(["export", *words]) == code
    out, err = capsys.readouterr()
    assert re.search(expected, err), err
    assert (out, len(err.splitlines())) == ("", 1)


@pytest.mark.parametrize(
    "words, expected",
    [
        (["--junit", "."], r"^--junit: \. is a folder"),
        (["--exercism", "no/x"], r"^--exercism: there is no folder no"),
        (["--classroom50", "x"], r"^classroom50 can't be written here\. Classroom 50's runner sets variables"),
    ],
)
def test_a_file_that_could_not_be_written_is_refused_before_grading(
    clone: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    words: list[str],
    expected: str,
) -> None:
    monkeypatch.chdir(clone)
    monkeypatch.delenv("CLASSROOM")
    assert cli.main(["run", *words]) == 2
    out, err = capsys.readouterr()
    assert re.search(expected, err), err
    assert out == ""


def test_every_format_is_documented() -> None:
    text = (tiny_course.ROOT / "docs/exports.md").read_text(encoding="utf-8")
    assert [name for name in export.commands if f"export {name} " not in text] == []


# The archive for Gradescope.


def test_the_archive_holds_the_katas_asked_for_and_no_solution(tmp_path: Path) -> None:
    root = tiny_course.make(tmp_path, "01_double", "02_double", changes={"requirements.lock": ""})
    (root / "exercises/01_double/__pycache__").mkdir()
    (root / "exercises/01_double/__pycache__/double.pyc").touch()
    (root / "exercises/01_double/.hidden").touch()
    (root / "exercises/01_double/double.py.orig").touch()
    (root / "exercises/01_double/link.py").symlink_to("double.py")
    assert grader(root, "export", "gradescope-autograder", "01", "-o", "a.zip").returncode == 0
    with zipfile.ZipFile(root / "a.zip") as archive:
        names = archive.namelist()
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert names[:2] == ["run_autograder", "setup.sh"]
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o111} == dict.fromkeys(names[:2], "0o100755")
    assert {"course/pyproject.toml", "course/requirements.lock", "course/grader/cli/__init__.py"} <= set(names)
    kata = "course/exercises/01_double/"
    files = ["README.md", "double.py", "hints.md", "kata.toml", "test_double.py"]
    assert [name for name in names if name.startswith("course/exercises")] == [kata + name for name in files]
    assert not any("solutions" in name or "__pycache__" in name for name in names)


@pytest.fixture
def lived_in(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone in which a teacher worked: answers that were kept, notes and grades, also among the grader's files."""
    kata = clone / "exercises/01_double"
    for name in ("double.py.1", "double.py.bak", "double.ipynb.2", "helper.py", "Grades.csv", "old/double.py"):
        (kata / name).parent.mkdir(exist_ok=True)
        (kata / name).write_text(tiny_course.answer("2 * number"))
    shutil.copytree(tiny_course.ROOT / "grader", clone / "grader")
    for name in ("notes_on_ann.txt", "Grades.csv", "ann.json", "report/grades.md", "cli/run.py.orig", ".ann.py"):
        (clone / "grader" / name).write_text("ann")
    monkeypatch.setattr(autograder, "_GRADER", clone / "grader")
    return clone


@pytest.mark.parametrize("service", ["gradescope", "classroom50"])
def test_of_what_a_teacher_left_in_the_clone_nothing_is_published(lived_in: Path, service: str) -> None:
    found = course.load(lived_in)
    with zipfile.ZipFile(io.BytesIO(autograder.pack(found, found.katas, service))) as archive:
        held = {name.removeprefix("course/"): archive.read(name) for name in archive.namelist()}
    assert [name for name, data in held.items() if data in (b"ann", tiny_course.answer("2 * number").encode())] == []
    kata = {f"exercises/01_double/{name}" for name in ("README.md", "double.py", "hints.md", "kata.toml")}
    assert {name for name in held if name.startswith("exercises")} == {*kata, "exercises/01_double/test_double.py"}


def test_all_that_the_grader_is_made_of_is_published() -> None:
    """Whatever file is added to it must be known to be its own, and not a teacher's."""
    listed = subprocess.run(["git", "ls-files", "grader"], cwd=tiny_course.ROOT, capture_output=True, check=True)
    found = {f"grader/{name}" for name, _ in autograder.files_below(tiny_course.ROOT / "grader")}
    assert {name for name in listed.stdout.decode().splitlines() if (tiny_course.ROOT / name).exists()} - found == set()


@pytest.mark.parametrize("service", ["gradescope", "classroom50"])
def test_no_answer_is_published(clone: Path, service: str) -> None:
    """Who tries a kata in the clone that bundles are made in would give the solution away."""
    (clone / "exercises/01_double/double.py").write_text(tiny_course.answer("2 * number"))
    done = grader(clone, "export", f"{service}-autograder", "01", "-o", "a.zip")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Students would be given these answers: ")
    assert done.stderr.endswith("No stub any more: 01_double.\n")
    assert not (clone / "a.zip").exists()


def test_the_archive_is_the_same_bytes_each_time(clone: Path) -> None:
    found = course.load(clone)
    first = autograder.pack(found, found.katas)
    os.utime(clone / "exercises/01_double/double.py", (0, 0))
    assert autograder.pack(found, found.katas) == first


@pytest.fixture
def gradescope_root(clone: Path, tmp_path: Path) -> Path:
    """A folder as Gradescope has it after `setup.sh`: the archive's files, a Python, and room for what comes."""
    root = tmp_path / "autograder"
    for name in ("submission", "results", "venv/bin"):
        (root / name).mkdir(parents=True)
    python = root / "venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    found = course.load(clone)
    (root / "a.zip").write_bytes(autograder.pack(found, found.katas))
    with zipfile.ZipFile(root / "a.zip") as archive:
        archive.extractall(root / "source")
    return root


@pytest.mark.skipif(sys.platform == "win32", reason="Gradescope is Linux, and its scripts are for bash")
@pytest.mark.parametrize(
    "folder",
    ["", "01_double", "exercises/01_double", "work", "katas-main/exercises/01_double", "Ann's/katas-main/01_double"],
)
def test_a_submission_to_gradescope_is_graded_as_it_is_handed_in(gradescope_root: Path, folder: str) -> None:
    (gradescope_root / "submission" / folder).mkdir(parents=True, exist_ok=True)
    (gradescope_root / "submission" / folder / "double.py").write_text(tiny_course.answer("number ** 2"))
    (gradescope_root / "results/results.json").write_text('{"score": 100}')
    done = subprocess.run(
        ["bash", gradescope_root / "source/run_autograder"],
        env={**os.environ, "AUTOGRADER_ROOT": str(gradescope_root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads((gradescope_root / "results/results.json").read_bytes())
    assert told["score"] == 2
    assert [(test["score"], test["max_score"]) for test in told["tests"]] == [(0, 1), (2, 2)]


def test_two_answers_to_gradescope_are_not_graded_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them may be a stub; the first by name would have its points without a word."""
    monkeypatch.chdir(tiny_course.make(tmp_path / "clone"))
    for name in ("attempt1", "attempt2"):
        (tmp_path / "in" / name / "01_double").mkdir(parents=True)
    assert grade(tmp_path / "in", tmp_path / "results.json") == 0
    assert json.loads((tmp_path / "results.json").read_bytes()) == {
        "score": 0,
        "output": "Not graded: there are answers in more than one place: attempt1, attempt2. Put what counts into one.",
    }


def test_of_a_kata_of_two_files_one_alone_is_named_by_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What grades it says there which of both is lacking."""
    toml = tiny_course.KATA_TOML.replace('["double.py"]', '["double.py", "half.py"]')
    monkeypatch.chdir(tiny_course.make(tmp_path / "clone", changes={"exercises/01_double/kata.toml": toml}))
    (tmp_path / "in").mkdir()
    (tmp_path / "in/double.py").write_text("")
    assert words(tmp_path / "in") == ["01_double", "--answer", str(tmp_path / "in")]


def test_files_that_can_belong_to_several_katas_are_no_answer_to_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_course.make(tmp_path / "clone", "01_double", "02_double"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in/double.py").write_text("")
    assert words(tmp_path / "in") == ["--submission", str(tmp_path / "in")]


def test_a_kata_that_is_there_twice_is_told_to_gradescope(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny_course.make(tmp_path / "clone"))
    for name in ("01_double", "exercises/01_double"):
        (tmp_path / "in" / name).mkdir(parents=True)
    with pytest.raises(Refused, match="more than one place: 01_double, exercises/01_double"):
        words(tmp_path / "in")


@pytest.mark.skipif(sys.platform == "win32", reason="Gradescope is Linux, and its scripts are for bash")
def test_where_nothing_could_be_graded_gradescope_is_told_by_the_exit_code(gradescope_root: Path) -> None:
    (gradescope_root / "source/course/exercises/01_double/kata.toml").write_text("")
    (gradescope_root / "results/results.json").write_text('{"score": 100}')
    done = subprocess.run(
        ["bash", gradescope_root / "source/run_autograder"],
        env={**os.environ, "AUTOGRADER_ROOT": str(gradescope_root)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert not (gradescope_root / "results/results.json").exists()
