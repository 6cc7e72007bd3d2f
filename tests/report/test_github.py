"""In GitHub Actions a result is a summary and annotations, and no text of an answer is a command or Markdown."""

from __future__ import annotations

import json
import re
import secrets
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace

from grader.course import load
from grader.messages import ALL_TO_WRITE
from grader.printable import clean
from grader.report import github
from grader.submission import find, read
from grader.verdict import Check, Event, Result, Status, Verdict, Where
from tests import tiny_course
from tests.report import runner
from tests.report.mixed import FILES, GOLDEN, MIXED, NASTY, hostile, strings

AGAIN = "python -m tests.report.test_github"
HERE = {"01_a": {"a.py": "exercises/01_a/a.py"}}


def failed(*spots: int, name: str = "01_a", status: Status = Status.FAILED) -> Verdict:
    checks = [Check("t", "T.", status, 0, 1, message="Wrong.", where=Where("a.py", spot)) for spot in spots]
    return Verdict(name, "A", ("io",), status, 0, len(checks), checks=tuple(checks))


def result(*katas: Verdict) -> Result:
    return replace(MIXED, katas=katas, notes=(), leftovers=())


# --- annotations


def test_each_failure_is_an_annotation_at_the_learners_line() -> None:
    expected = (GOLDEN / "mixed.commands").read_text(encoding="utf-8")
    assert github.commands(MIXED, FILES) == expected.splitlines(), f"look at them, then keep them: {AGAIN}"


def test_one_line_is_annotated_once_and_the_worst_of_its_checks_tells_why() -> None:
    crashed = failed(3, status=Status.CRASHED)
    both = replace(failed(3, 3, 4), checks=(*failed(3, 3, 4).checks, *crashed.checks))
    told = [runner.parse(row) for row in github.commands(result(both), HERE)]
    assert [(one.properties["line"], one.properties["title"]) for one in told if one] == [
        ("3", "01_a: crashed: T."),
        ("4", "01_a: failed: T."),
    ]


def test_there_are_ten_at_most_and_each_kata_has_one_before_any_has_two() -> None:
    katas = [failed(*range(1, 9), name=f"{number:02}_a") for number in range(8)]
    files = {kata.kata: {"a.py": f"exercises/{kata.kata}/a.py"} for kata in katas}
    told = [runner.parse(row) for row in github.commands(result(*katas), files)]
    assert [(one.properties["file"][10:12], one.properties["line"]) for one in told if one] == [
        *((f"{number:02}", "1") for number in range(8)),
        ("00", "2"),
        ("01", "2"),
    ]


def test_who_names_no_line_is_annotated_at_his_file_and_a_fault_of_ours_is_a_warning() -> None:
    nowhere = Check("t", "T.", Status.FAILED, 0, 1, message="Wrong.", where=Where("probes.py", 3))
    kata = replace(failed(), checks=(nowhere,))
    assert github.commands(result(kata), HERE) == [
        "::error file=exercises/01_a/a.py,title=01_a%3A failed%3A T.::Wrong."
    ]
    ours = failed(1, status=Status.GRADER_ERROR)
    assert github.commands(result(ours), HERE)[0].startswith("::warning file=exercises/01_a/a.py,line=1,")


def test_what_passed_or_was_not_started_is_not_annotated() -> None:
    assert github.commands(result(failed(1, status=Status.PASSED), failed(1, status=Status.NOT_STARTED)), HERE) == []


@given(strings, st.integers(1, 10**9))
@example("a%0A::error::b", 1)
def test_an_annotation_is_one_command_that_says_the_text_and_nothing_else(text: str, number: int) -> None:
    files = {"01_a": {"a.py": text or "a.py"}}
    for row in github.commands(hostile(text, number), files):
        assert "\n" not in row
        assert "\r" not in row
        (command,) = runner.commands(row)
        assert command.name == "error"
        assert set(command.properties) <= {"file", "line", "title"}
        assert command.properties["file"] == files["01_a"]["a.py"]
        assert command.data == (clean(text.partition("\n\n")[0], 1_000) or "failed")


def test_paths_are_those_of_the_repository_that_the_answer_lies_in(tmp_path: Path) -> None:
    course = load(tiny_course.make(tmp_path / "base"))
    head = tiny_course.make(tmp_path / "elsewhere/head")
    (kata,) = course.katas
    expected = {"01_double": {"double.py": "exercises/01_double/double.py"}}
    assert github.files_of([kata], {kata.name: find(kata, head)}) == expected, "no repository: as in a clone"
    (head / ".git").mkdir()
    assert github.files_of([kata], {kata.name: find(kata, head)}) == expected
    (head / "handed in").mkdir()
    (head / "handed in/mine.py").write_text(tiny_course.answer("1"))
    single = read(kata, head / "handed in/mine.py")
    assert github.files_of([kata], {kata.name: single}) == {"01_double": {"double.py": "handed in/mine.py"}}


NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
        for text in ("import os", "def double(number):\n    return number / 0")
    ],
}


def test_an_answer_in_a_notebook_is_annotated_there_and_its_cell_is_shown(tmp_path: Path) -> None:
    clone = tiny_course.make(tmp_path / "clone", changes={"exercises/01_double/double.py": None})
    (clone / "exercises/01_double/double.ipynb").write_text(json.dumps(NOTEBOOK))
    done = tiny_course.grader(clone, "run", "--github", GITHUB_STEP_SUMMARY=str(tmp_path / "summary"))
    (command,) = [one for one in runner.commands(done.stdout) if one.name == "error"]
    assert command.properties["file"] == "exercises/01_double/double.ipynb"
    assert "line" not in command.properties, "a line of a notebook's JSON says nothing"
    text = (tmp_path / "summary").read_text()
    assert "double.ipynb, cell 2:\n      1  def double(number):\n->    2      return number / 0\n" in text


# --- the log


def test_what_is_printed_in_the_block_is_no_command() -> None:
    log: list[str] = ["::debug::before"]
    with github.inert(log.append):
        log += ["::error::x", "##[error]x", "::stop-commands::x", "::x::"]
    log.append("::debug::after")
    first, stop, go, last = runner.commands("\n".join(log))
    assert (first.name, stop.name, go.name, last.name) == ("debug", "stop-commands", stop.data, "debug")


def test_the_word_that_ends_it_is_another_each_time_and_said_also_if_the_block_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = iter(["one", "two"])
    monkeypatch.setattr(secrets, "token_hex", lambda size: f"{next(words)}-{size}")
    log: list[str] = []
    with github.inert(log.append):
        pass
    with pytest.raises(ZeroDivisionError), github.inert(log.append):
        raise ZeroDivisionError
    assert log == ["::stop-commands::one-16", "::one-16::", "::stop-commands::two-16", "::two-16::"]


PRINTS = """\
print("::error::from the file")


def double(number):
    print("::error file=x::y\\n\\t::stop-commands::z\\r::add-mask::a ##[group]b", flush=True)
    raise ValueError("::warning::w\\n::error::e ##[error]f")
"""


def test_an_answer_can_give_no_command_by_what_it_prints_or_raises(tmp_path: Path) -> None:
    clone = tiny_course.make(tmp_path, changes={"exercises/01_double/double.py": PRINTS})
    (tmp_path / "summary").write_text("Before.\n")
    done = tiny_course.grader(clone, "run", "--github", GITHUB_STEP_SUMMARY=str(tmp_path / "summary"))
    assert done.returncode == 1, done.stderr
    names = [command.name for command in runner.commands(done.stdout)]
    assert names == ["stop-commands", names[1], "error"]
    assert runner.commands(done.stderr) == []
    inner = [row for row in done.stdout.splitlines() if runner.parse(row)]
    assert len(inner) == 3, "even if commands were not stopped, none would be there but ours"
    assert "file=exercises/01_double/double.py,line=6,title=" in inner[2]
    text = (tmp_path / "summary").read_text()
    assert text.startswith("Before.\n## 0 of 3 points\n")
    assert "ValueError" in text


def test_without_a_summary_file_it_is_refused_before_anything_is_graded(tmp_path: Path) -> None:
    clone = tiny_course.make(tmp_path)
    done = tiny_course.grader(clone, "run", "--github", GITHUB_STEP_SUMMARY="")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "GITHUB_STEP_SUMMARY is not set" in done.stderr


def test_a_summary_that_can_not_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    clone = tiny_course.make(tmp_path)
    done = tiny_course.grader(clone, "run", "--github", GITHUB_STEP_SUMMARY=str(tmp_path))
    assert done.returncode == 3
    assert done.stderr.startswith(f"The summary can't be written to {tmp_path}: ")


# --- the summary


def tokens(data: bytes) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(data.decode())


def test_the_summary_is_as_it_was_when_somebody_last_looked_at_it() -> None:
    assert github.summary(MIXED) == (GOLDEN / "mixed.md").read_bytes(), f"look at it, then keep it: {AGAIN}"


def test_the_summary_holds_score_katas_and_each_failure_with_picture_and_lines() -> None:
    text = github.summary(MIXED).decode()
    assert text.startswith("## 3 of 16 points\n")
    assert "| 31\\_unlucky\\_race | **crashed** | 0/" in text
    assert text.count("\n### ") == 6
    assert "MainThread                |" in text
    assert "->   36      numbers.start()" in text


def test_where_nothing_was_started_the_summary_says_why() -> None:
    kata = Verdict("01_a", "A", ("io",), Status.NOT_STARTED, 0, 3, message="There is no 01_a in ```head.")
    assert "01_a: There is no 01_a in ```head.\n````" in github.summary(result(kata, kata)).decode()


def test_an_answer_that_is_not_there_is_told_also_beside_one_that_is() -> None:
    """The check may be green: what is told here is all that is seen of a folder that was renamed or removed."""
    gone = Verdict("02_b", "B", ("io",), Status.NOT_STARTED, 0, 3, message="There is no 02_b in ```head.\n::error::x")
    stub = replace(gone, kata="03_c", message=ALL_TO_WRITE)
    whole = result(failed(1, status=Status.PASSED), gone, stub)
    assert github.commands(whole, HERE) == [
        "::warning title=02_b%3A not started::There is no 02_b in ```head.%0A:\\:error::x"
    ]
    assert "02_b: There is no 02_b in ```head. :\\:error::x\n````" in github.summary(whole).decode()
    assert ALL_TO_WRITE not in github.summary(whole).decode(), "that is so of all that nobody began"
    assert len(github.commands(replace(whole, katas=(gone,) * 50), HERE)) == github.MAX_ANNOTATIONS


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
@given(strings)
@example("\n```\n<b>")
def test_no_text_leaves_its_block(text: str) -> None:
    """The page has the same headings, tables and blocks, whatever is in them; no links, and no HTML but ours."""
    found = tokens(github.summary(hostile(text)))
    kinds = {token.type for token in found} | {one.type for token in found for one in token.children or ()}
    assert not kinds & {"link_open", "image", "html_inline", "code_block", "blockquote_open", "bullet_list_open"}
    ours = {"<details><summary>What it printed</summary>\n", "</details>\n"}
    assert {token.content for token in found if token.type == "html_block"} <= ours
    assert sum(token.type == "heading_open" for token in found) == 3
    assert sum(token.type == "tr_open" for token in found) == 3


@pytest.mark.parametrize("text", NASTY)
def test_no_line_of_the_summary_is_a_command(text: str) -> None:
    assert runner.commands(github.summary(hostile(text)).decode()) == []


@pytest.mark.parametrize("text", ["x" * 20_000, "ü" * 20_000, "`" * 20_000, "\n" * 20_000])
def test_a_flood_is_cut_at_each_check_so_that_all_have_room(text: str) -> None:
    many = replace(MIXED, katas=tuple(kata for _ in range(100) for kata in hostile(text).katas))
    data = github.summary(many)
    assert len(data) <= github.MAX_SUMMARY
    assert data.count(b"\n### ") == 200
    assert b"There is no room here" not in data


@pytest.mark.parametrize("limit", [-5, 0, 100, 1_000, 5_000, 20_000])
def test_a_limit_is_kept_and_what_is_left_out_is_counted(limit: int) -> None:
    data = github.summary(replace(MIXED, katas=MIXED.katas * 3), limit)
    assert len(data) <= max(0, limit)
    if limit == 5_000:
        told = data.count(b"\n### ")
        assert f"There is no room here for {18 - told} more failures: see the log." in data.decode()


def test_what_was_in_the_summary_before_counts_too(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_bytes(b"x" * (github.MAX_SUMMARY - 3_000))
    github.write_summary(MIXED, path)
    assert github.MAX_SUMMARY - 3_000 < path.stat().st_size <= github.MAX_SUMMARY


def test_a_block_ends_only_where_it_should() -> None:
    text = "a\n``````\n# title\n~~~"
    (token,) = tokens(github._fenced(text).encode())
    assert (token.type, token.content) == ("fence", text + "\n")


def test_a_long_row_is_wrapped_and_a_picture_is_not() -> None:
    event = Event(0.0, "worker", "start", "", "a.py", 3)
    check = Check("t", "T.", Status.FAILED, 0, 1, message="word " * 100, timeline=(event, Event(2.0, "worker", "end")))
    text = github.summary(result(replace(failed(), checks=(check,)))).decode()
    assert max(map(len, text.splitlines())) <= 96
    assert re.search(r"^worker  \|#+\|$", text, re.MULTILINE)


if __name__ == "__main__":
    (GOLDEN / "mixed.md").write_bytes(github.summary(MIXED))
    rows = github.commands(MIXED, FILES)
    (GOLDEN / "mixed.commands").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
