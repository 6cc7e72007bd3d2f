"""`timeline` draws from a run or from a kept result, writes what is asked for, and says why where it can't."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from grader.report.result import encode
from tests import tiny_course
from tests.report.mixed import MIXED
from tests.tiny_course import grader

THREADS = '''\
"""Doubles in a thread."""

import threading


def double(number):
    found = []

    def work():
        found.append(2 * number)

    thread = threading.Thread(target=work, name="doubler")
    thread.start()
    thread.join()
    return found[0]
'''


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose answer works in a thread, on the bubble's clock."""
    made = tiny_course.make(tmp_path / "clone")
    (made / "exercises/01_double/double.py").write_text(THREADS, encoding="utf-8")
    return made


def test_the_learners_own_answer_is_drawn_with_its_lines(clone: Path) -> None:
    shown = grader(clone, "timeline", "01")
    rows = shown.stdout.splitlines()
    assert rows[0].startswith("01_double test_doubles")
    assert [row.split()[0] for row in rows[3:5]] == ["MainThread", "doubler"]
    assert "double.py:13      thread.start()" in rows
    assert rows[-1].startswith("Others, by --check NAME: test_doubles")
    assert shown.returncode == 0


REAL = '''

@pytest.mark.real_time
def test_for_real(learner):
    """It works for real."""
    open({place!r}, "a").write("x")
    learner.call("double", 3)
'''


def test_real_time_checks_are_graded_only_where_no_other_has_a_picture_or_one_is_named(clone: Path) -> None:
    place = clone / "ran"
    file = clone / "exercises/01_double/test_double.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + REAL.format(place=str(place)), encoding="utf-8")
    rows = grader(clone, "timeline", "01").stdout.splitlines()
    assert rows[0].startswith("01_double test_doubles")
    assert rows[-1].endswith("test_for_real")
    assert not place.exists()
    shown = grader(clone, "timeline", "01", "--check", "for_real")
    assert place.exists()
    assert "01_double test_for_real" in shown.stdout
    assert "test_doubles" in shown.stdout.splitlines()[-1]
    place.unlink()
    (clone / "main.py").write_text(tiny_course.answer("2 * number"), encoding="utf-8")
    grader(clone, "timeline", "01", "--answer", "main.py")
    assert place.exists()


def test_files_are_written_from_a_kept_result_without_a_run(clone: Path) -> None:
    grader(clone, "run", "01", "--json", "kept.json")
    (clone / "exercises/01_double/double.py").unlink()
    told = grader(clone, "timeline", "01", "--from", "kept.json", "--svg", "a.svg", "--trace", "a.json")
    assert (told.returncode, told.stderr) == (0, "")
    assert [row.partition(":")[0] for row in told.stdout.splitlines()] == [
        "Written to a.svg",
        "Written to a.json",
        "Open the trace at https",
    ]
    assert ElementTree.fromstring((clone / "a.svg").read_text(encoding="utf-8")).get("role") == "img"  # noqa: S314
    assert json.loads((clone / "a.json").read_bytes())["otherData"]["kata"] == "01_double"


def test_a_terminal_without_unicode_or_colours_gets_the_same_picture(clone: Path) -> None:
    grader(clone, "run", "01", "--json", "kept.json")
    words = ("timeline", "01", "--from", "kept.json")
    plain = grader(clone, *words, PYTHONIOENCODING="ascii", NO_COLOR="1")
    assert plain.stdout == grader(clone, *words).stdout
    assert plain.stdout.isascii()


@pytest.mark.parametrize(
    "words, code, said",
    [
        (("--answer", "main.py"), 1, "There is nothing to draw of 01_double: in its checks no thread or process"),
        (("--check", "nosuch"), 1, "01_double has no check 'nosuch'; it has test_doubles, test_doubles_nothing."),
        (("--answer", "stub.py"), 1, "There is nothing to draw of 01_double, which is not started: "),
        (("--from", "nosuch.json"), 3, "nosuch.json: No such file or directory."),
        (("--from", "main.py"), 2, "--from: main.py: This is not a result of the grader"),
        (("--from", "other.json"), 2, "--from: other.json says nothing of 01_double."),
        (("--from", "other.json", "--answer", "main.py"), 2, "Give --answer or --from, not both"),
        (("--svg", "."), 2, "--svg: . is a folder. Name a file in it."),
        (("--svg", "exercises/01_double/double.py"), 2, "is a file of a kata, and would be overwritten. Name another."),
        (("--trace", "-"), 2, "--trace: - is no file, and the output has what is told to you. Name a file."),
        (("--trace", "no/such.json"), 2, "--trace: there is no folder no. Make it first."),
    ],
)
def test_what_can_not_be_drawn_is_told_in_a_sentence(clone: Path, words: tuple[str, ...], code: int, said: str) -> None:
    (clone / "main.py").write_text(tiny_course.answer("2 * number"), encoding="utf-8")
    (clone / "stub.py").write_text(tiny_course.STUB, encoding="utf-8")
    (clone / "other.json").write_bytes(encode(replace(MIXED, katas=(), score=0, max_score=0)))
    found = grader(clone, "timeline", "01", *words)
    assert found.returncode == code, found.stderr
    assert said in found.stderr
    assert found.stdout == ""


def test_a_picture_of_too_many_events_says_so_and_goes_on_to_the_end(clone: Path) -> None:
    looks = "    while thread.is_alive():\n        time.sleep(0.001)\n    return found[0]\n"
    text = THREADS.replace("    thread.join()\n    return found[0]\n", looks).replace(
        "threading\n", "threading, time\n", 1
    )
    text = text.replace("found.append", "time.sleep(9)\n        print('late')\n        found.append")
    (clone / "exercises/01_double/double.py").write_text(text, encoding="utf-8")
    manifest = clone / "exercises/01_double/kata.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"io"', '"waits"'), encoding="utf-8")
    said = "(blank: most of what came after the first 2000 events was not kept)"
    rows = grader(clone, "timeline", "01", "--check", "test_doubles").stdout.splitlines()
    assert said in rows
    assert "*" in next(row for row in rows if row.startswith("doubler"))
    text = text.replace("2 * number", "3 * number")
    (clone / "exercises/01_double/double.py").write_text(text, encoding="utf-8")
    told = grader(clone, "run", "01").stdout
    assert f"  | {said}" in told
    assert told.count("MainThread  |") == told.count(said), "each picture is shown once, and says so"
