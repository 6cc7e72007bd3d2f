"""What is handed in becomes an answer, or a sentence; nothing is followed, run, or read without a limit."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from grader import course, submission
from grader.course import Kata
from grader.submission import Answer
from grader.verdict import Check, Status, Where
from tests import tiny_course

DOUBLE = tiny_course.answer("2 * number")


@pytest.fixture
def kata(tmp_path: Path) -> Kata:
    return course.load(tiny_course.make(tmp_path / "clone")).katas[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is handed in for the kata."""
    found = tmp_path / "handed in"
    found.mkdir()
    return found


def status_and_message(answer: Answer) -> tuple[Status | None, str]:
    return answer.status, answer.message


def test_a_file_of_any_name_is_the_katas_file(kata: Kata, folder: Path) -> None:
    (folder / "my double.py").write_text(DOUBLE)
    answer = submission.read(kata, folder / "my double.py")
    assert (answer.kata, answer.status, answer.message) == ("01_double", None, "")
    assert answer.files == {"double.py": DOUBLE.encode()}


def test_a_file_is_called_by_its_own_name_and_is_python_without_an_ending_too(kata: Kata, folder: Path) -> None:
    (folder / "attempt").write_text("def (")
    assert submission.read(kata, folder / "attempt").message.startswith("Python can't read attempt:")


def test_a_folder_brings_its_helpers_and_nothing_of_the_courses(kata: Kata, folder: Path) -> None:
    (folder / "double.py").write_text(DOUBLE)
    for name in ("helper.py", "test_double.py", "test_mine.py", "probes.py", "conftest.py", "a-b.py", "notes.txt"):
        (folder / name).write_text("x = 1\n")
    assert sorted(submission.read(kata, folder).files) == ["double.py", "helper.py"]


def test_a_helper_may_be_empty_or_broken_as_it_may_never_be_imported(kata: Kata, folder: Path) -> None:
    (folder / "double.py").write_text(DOUBLE)
    (folder / "empty.py").write_text("")
    (folder / "draft.py").write_text("def (")
    (folder / "old.py").write_bytes(b"# \xe9\n")
    (folder / "new.py").write_text("# coding: klingon\n")
    assert submission.read(kata, folder).status is None


def test_more_than_ten_helpers_are_refused(kata: Kata, folder: Path) -> None:
    (folder / "double.py").write_text(DOUBLE)
    for number in range(10):
        (folder / f"helper{number}.py").write_text("x = 1\n")
    assert len(submission.read(kata, folder).files) == 11
    (folder / "one_more.py").write_text("x = 1\n")
    expected = "There are 11 Python files beside double.py: at most 10 are allowed."
    assert status_and_message(submission.read(kata, folder)) == (Status.CRASHED, expected)


@pytest.mark.parametrize("inner", ["exercises/01_double", "01_double"])
def test_a_submission_holds_answers_in_either_layout(kata: Kata, folder: Path, inner: str) -> None:
    (folder / inner).mkdir(parents=True)
    (folder / inner / "double.py").write_text(DOUBLE)
    answer = submission.find(kata, folder)
    assert (answer.status, list(answer.files)) == (None, ["double.py"])
    assert answer.source == str(folder / inner)


def test_what_is_not_there_is_not_started(kata: Kata, folder: Path) -> None:
    assert submission.find(kata, folder).status is Status.NOT_STARTED
    (folder / "01_double").mkdir()
    status, message = status_and_message(submission.find(kata, folder))
    assert status is Status.NOT_STARTED
    assert message.startswith("double.py is not there: put it into ")
    assert submission.read(kata, folder / "no.py").status is Status.NOT_STARTED


@pytest.mark.parametrize("inner", ["exercises/01_duble", "01-double", "exercises/01_Double2"])
def test_a_folder_whose_name_is_mistyped_is_told(kata: Kata, folder: Path, inner: str) -> None:
    (folder / inner).mkdir(parents=True)
    answer = submission.find(kata, folder)
    name = Path(inner).name
    assert answer.status is Status.NOT_STARTED
    assert answer.note == f"The folder {name} is of no kata: if it is the answer to 01_double, give it that name."
    assert answer.message == f"There is no 01_double in {folder}. {answer.note}"


def test_the_folder_of_another_kata_or_of_anything_else_is_not_meant(tmp_path: Path, folder: Path) -> None:
    kata, other = course.load(tiny_course.make(tmp_path / "clone", "01_double", "02_double")).katas
    for name in (f"exercises/{other.name}", "exercises/notes", "01_threads"):
        (folder / name).mkdir(parents=True)
    (folder / "01_doubl").write_text("no folder")
    assert submission.find(kata, folder).note == ""


@pytest.mark.parametrize("more, status", [(0, None), (1, Status.CRASHED)])
def test_a_file_may_be_as_large_as_the_limit_and_no_larger(
    kata: Kata, tmp_path: Path, more: int, status: Status | None
) -> None:
    code = b"def double(x): return 2 * x\n"
    (tmp_path / "mine.py").write_bytes(code + b"#" * (submission.MAX_BYTES - len(code) + more))
    assert submission.read(kata, tmp_path / "mine.py").status is status


CONTENTS = {
    "empty": b"",
    "blank": b" \n\n",
    "latin": b"\n# caf\xe9\n",
    "nul": b"a = '\0'\n",
    "long name": b"import a" + b".a" * 100_000 + b"\n",
    "code in a comment": b"# coding: utf-7\n# +AAo-import os\n",
}


def make_file(path: Path, kind: str) -> None:
    if kind == "folder":
        path.mkdir()
    elif kind == "symlink":
        path.symlink_to(path.parent.parent / "clone/solutions/01_double/double.py")
    elif kind == "broken symlink":
        path.symlink_to("nowhere")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(os.path.relpath(path))
    elif kind == "large":
        with path.open("wb") as file:
            file.truncate(10 * 2**20)
    else:
        path.write_bytes(CONTENTS[kind])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes and sockets in folders")
@pytest.mark.parametrize(
    "kind, expected",
    [
        ("empty", "double.py is empty: get the stub back, or write it anew."),
        ("blank", "double.py is empty: get the stub back, or write it anew."),
        ("folder", "double.py is a folder: hand in a regular file in its place."),
        ("symlink", "double.py is a symlink: hand in a regular file in its place."),
        ("broken symlink", "double.py is a symlink: hand in a regular file in its place."),
        ("pipe", "double.py is a named pipe: hand in a regular file in its place."),
        ("socket", "double.py is a socket: hand in a regular file in its place."),
        ("large", "double.py is larger than 256 KiB: an answer is a few hundred lines."),
        ("latin", "double.py is not UTF-8 text (line 2): save it as UTF-8."),
        ("long name", "double.py can't be read: a name has more than 4000 dots."),
        ("nul", "double.py holds a NUL character: save it as plain text."),
        (
            "code in a comment",
            "double.py says in its first lines that it is utf-7: leave that out, and save it as UTF-8.",
        ),
    ],
)
def test_what_cannot_be_judged_is_crashed_with_a_sentence(
    kata: Kata, folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str, expected: str
) -> None:
    monkeypatch.chdir(folder)  # a socket's path is short
    (folder / "01_double").mkdir()
    began = time.monotonic()
    make_file(folder / "01_double/double.py", kind)
    answer = submission.find(kata, folder)
    assert status_and_message(answer) == (Status.CRASHED, expected)
    assert answer.files == {}
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("link", ["exercises", "exercises/01_double"])
def test_no_folder_on_the_way_may_be_a_link(kata: Kata, folder: Path, link: str) -> None:
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(kata.solution if link.endswith("double") else kata.solution.parent)
    expected = f"{link} is a symlink: hand in a real folder in its place."
    assert status_and_message(submission.find(kata, folder)) == (Status.CRASHED, expected)


def test_a_helper_that_is_a_link_is_refused(kata: Kata, folder: Path) -> None:
    (folder / "double.py").write_text("from helper import double\n")
    (folder / "helper.py").symlink_to(kata.solution / "double.py")
    status, message = status_and_message(submission.read(kata, folder))
    assert status is Status.CRASHED
    assert "helper.py is a symlink" in message


def test_what_may_not_be_read_is_said(kata: Kata, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    (folder / "double.py").write_text(DOUBLE)
    monkeypatch.setattr(submission, "_read_bytes", refuse)  # the mode of a file does not keep root out
    status, message = status_and_message(submission.read(kata, folder))
    assert (status, message) == (Status.CRASHED, "double.py can't be read: Permission denied.")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_syntax_error_is_shown_as_python_shows_it(kata: Kata, folder: Path, end: str) -> None:
    (folder / "double.py").write_bytes(f"def double(number):{end}    return 2 ** * number{end}".encode())
    status, message = status_and_message(submission.read(kata, folder))
    assert status is Status.CRASHED
    rows = message.splitlines()
    assert rows[:3] == [
        "Python can't read double.py:",
        '  File "double.py", line 2',
        "    return 2 ** * number",
    ]
    assert rows[3].index("^") == rows[2].index("* number")
    assert rows[4].startswith("SyntaxError: invalid syntax")


def test_an_error_of_python_shows_the_answers_line_not_that_of_a_file_of_the_same_name(
    kata: Kata, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python looks for the line on the disk, in the working folder."""
    (tmp_path / "double.py").write_text("a secret\n")
    (folder / "double.py").write_text("f() = 1\n")
    monkeypatch.chdir(tmp_path)
    _, message = status_and_message(submission.read(kata, folder))
    assert "    f() = 1" in message.splitlines()
    assert "SyntaxError: cannot assign to function call here" in message
    assert "secret" not in message


def test_an_answer_is_not_compiled_where_the_grader_runs(kata: Kata, folder: Path) -> None:
    """Each ``finally`` in another doubles the code: 15 of them make 50 MiB of 600 bytes, 20 make 2 GiB."""
    nested = "".join(f"{' ' * depth}try: f()\n{' ' * depth}finally:\n" for depth in range(1, 16))
    (folder / "double.py").write_text(f"def double(number):\n{nested}{' ' * 16}f()\n")
    tracemalloc.start()
    try:
        assert submission.read(kata, folder).status is None
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_what_only_the_compiler_finds_is_told_when_the_answer_is_imported(kata: Kata, folder: Path) -> None:
    (folder / "double.py").write_text("x = 1\nreturn 1\n")
    done = tiny_course.grader(kata.folder.parent.parent, "run", "--answer", folder / "double.py", limit=300)
    assert "can't be imported: SyntaxError: 'return' outside function (double.py, line 2)" in done.stdout
    save(folder / "work.ipynb", "x = 1", "def double(n, n): return n")
    done = tiny_course.grader(kata.folder.parent.parent, "run", "--answer", folder / "work.ipynb", limit=300)
    told = " ".join(row.strip(" |") for row in done.stdout.splitlines())
    assert "duplicate argument 'n' in function definition (work.ipynb, cell 2, line 1)" in told


@pytest.mark.parametrize(
    "text",
    ["x" + ".b" * 600 + " = 1", "x" + "[0]" * 600 + ": int = 1", "x = " + "{1:" * 90 + "[" * 90 + "]" * 90 + "}" * 90],
)
def test_what_python_can_read_is_read_however_deep_it_is(kata: Kata, folder: Path, text: str) -> None:
    (folder / "double.py").write_text(text)
    assert submission.read(kata, folder).status in (None, Status.NOT_STARTED)


@pytest.mark.parametrize(
    "coding", ["punycode", "idna", "utf-7", "unicode_escape", "raw_unicode_escape", "utf-16", "cp037", "hex", "rot13"]
)
@pytest.mark.parametrize("before", ["# ", "\n# ", "\r# ", "\f#\r\n\t# "])
def test_a_coding_that_hides_code_or_takes_time_without_end_is_refused_unread(
    kata: Kata, folder: Path, coding: str, before: str
) -> None:
    """Where it counts for Python, which takes a lone carriage return for the end of a line."""
    (folder / "double.py").write_bytes(f"{before}coding: {coding}\n{DOUBLE}".encode())
    status, message = status_and_message(submission.read(kata, folder))
    assert (status, message.partition(":")[0]) == (
        Status.CRASHED,
        f"double.py says in its first lines that it is {coding}",
    )
    (folder / "double.py").write_text(DOUBLE)
    (folder / "beside.py").write_bytes(f"{before}coding: {coding}\n".encode())
    status, message = status_and_message(submission.read(kata, folder))
    assert (status, message[:18]) == (Status.CRASHED, "beside.py says in ")


def test_a_coding_that_there_is_not_is_told(kata: Kata, folder: Path) -> None:
    (folder / "double.py").write_text(f"# coding: klingon\n{DOUBLE}")
    status, message = status_and_message(submission.read(kata, folder))
    assert status is Status.CRASHED
    assert message.startswith("double.py can't be read: unknown encoding: klingon. Leave the coding out")


@pytest.mark.parametrize("text", ["(" * 100_000, "-" * 100_000 + "1", "x = '\\d'\n" + "a.b" * 3, "[" * 150 + "]" * 150])
def test_no_text_makes_the_reading_of_it_fail(kata: Kata, folder: Path, text: str) -> None:
    (folder / "double.py").write_text(text)
    assert submission.read(kata, folder).status in (None, Status.CRASHED)


def test_escape_sequences_in_a_broken_line_are_taken_out(kata: Kata, folder: Path) -> None:
    (folder / "double.py").write_text("x = \x1b]0;owned\x07 (\n")
    _, message = status_and_message(submission.read(kata, folder))
    assert "\x1b" not in message
    assert "\x07" not in message


def test_a_notebook_is_not_read_as_python(folder: Path, tmp_path: Path) -> None:
    toml = tiny_course.KATA_TOML.replace("double.py", "double.ipynb")
    root = tiny_course.make(tmp_path / "second", changes={"exercises/01_double/kata.toml": toml})
    (folder / "double.ipynb").write_text('{"cells": [], "nbformat": 4}')
    assert submission.read(course.load(root).katas[0], folder).status is None


@pytest.mark.parametrize(
    "text",
    [
        tiny_course.STUB,
        "def double(number):\n    raise NotImplementedError()\n\ndef _mine():\n    return 1\n",
        "async def double(number):\n    '''Doc.'''\n    raise NotImplementedError('soon')\n",
        "class Counter:\n    def __init__(self):\n        raise NotImplementedError\n",
    ],
)
def test_an_answer_whose_functions_are_all_open_is_not_started(kata: Kata, folder: Path, text: str) -> None:
    (folder / "double.py").write_text(text)
    answer = submission.read(kata, folder)
    assert answer.status is Status.NOT_STARTED
    assert answer.message.startswith("Every function still raises NotImplementedError")
    assert answer.files == {"double.py": text.encode()}, "the stub is judged all the same by `check`"


@pytest.mark.parametrize(
    "text",
    [
        "NAMES: dict[str, list[str]] = {'a': [], 'b': []}\n",
        "NAMES = {}\n",
        "_HIDDEN = 1\nA = B = []\nC: list[int]\n\ndef _mine():\n    return 1\n",
    ],
)
def test_an_answer_that_is_data_and_has_none_yet_is_not_started(kata: Kata, folder: Path, text: str) -> None:
    (folder / "double.py").write_text(text)
    answer = submission.read(kata, folder)
    assert answer.status is Status.NOT_STARTED
    assert answer.message == "All that is to be filled in is still empty."


@pytest.mark.parametrize(
    "text",
    [
        "NAMES = {'a': [], 'b': ['x']}\n",
        "NAMES = {'a': []}\nNAMES['a'] = ['x']\n",
        "NAMES = {'a': []}\nNAMES['a'] += ['x']\n",
        "from somewhere import NAMES\n",
        "def double(number):\n    raise ValueError\n",
        "def double(number):\n    '''Doc.'''\n",
        "x = 1\n",
        "def double(number):\n    print(number)\n    raise NotImplementedError\n",
        "def double(n):\n    raise NotImplementedError\n\ndef other(n):\n    return n\n",
        "class Counter:\n    def a(self):\n        raise NotImplementedError\n    def b(self):\n        return 1\n",
    ],
)
def test_an_answer_that_was_begun_is_judged(kata: Kata, folder: Path, text: str) -> None:
    (folder / "double.py").write_text(text)
    assert submission.read(kata, folder).status is None


def test_what_the_stub_gives_complete_does_not_count_as_begun(folder: Path, tmp_path: Path) -> None:
    toml = tiny_course.KATA_TOML + 'given = ["log", "Outcome", "Pool.close"]\n'
    root = tiny_course.make(tmp_path / "clone", changes={"exercises/01_double/kata.toml": toml})
    stub = (
        "class Outcome:\n    def ok(self):\n        return True\n\n"
        "class Pool:\n    def close(self):\n        return None\n\n"
        "    def open(self):\n        raise NotImplementedError\n\n"
        "def log(text):\n    return text\n"
    )
    (folder / "double.py").write_text(stub)
    assert submission.read(course.load(root).katas[0], folder).status is Status.NOT_STARTED


def test_a_kata_of_two_files_needs_both(folder: Path, tmp_path: Path) -> None:
    toml = tiny_course.KATA_TOML.replace('["double.py"]', '["double.py", "stuck.py"]')
    root = tiny_course.make(tmp_path / "clone", changes={"exercises/01_double/kata.toml": toml})
    two = course.load(root).katas[0]
    (folder / "double.py").write_text(DOUBLE)
    status, message = status_and_message(submission.read(two, folder))
    assert status is Status.CRASHED
    assert message.startswith("stuck.py is not there")
    (folder / "stuck.py").write_text("x = 1\n")
    assert sorted(submission.read(two, folder).files) == ["double.py", "stuck.py"]
    expected = "01_double asks for double.py and stuck.py: name the folder that they are in."
    assert status_and_message(submission.read(two, folder / "double.py")) == (Status.CRASHED, expected)


# --- notebooks


def save(path: Path, *sources: str, **more: object) -> None:
    cells = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in sources]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | more))


def test_a_notebook_stands_for_the_file_of_its_name(kata: Kata, folder: Path) -> None:
    save(folder / "double.ipynb", "%time\nimport time", DOUBLE, "print(double(3))")
    answer = submission.read(kata, folder)
    assert (answer.status, answer.note, list(answer.files)) == (None, "", ["double.py"])
    text = answer.files["double.py"].decode()
    assert "return 2 * number" in text
    assert "print" not in text


def test_a_notebook_of_any_name_can_be_named(kata: Kata, folder: Path) -> None:
    save(folder / "my double.ipynb", DOUBLE)
    assert submission.read(kata, folder / "my double.ipynb").status is None
    save(folder / "my double.ipynb", "x = 1", "def (")
    message = submission.read(kata, folder / "my double.ipynb").message
    assert message.startswith("Python can't read my double.ipynb, cell 2:\n")
    assert "line 1" in message


def test_a_notebook_whose_functions_are_all_open_is_not_started(kata: Kata, folder: Path) -> None:
    save(folder / "double.ipynb", tiny_course.STUB)
    assert submission.read(kata, folder).status is Status.NOT_STARTED


def test_beside_the_stub_it_is_the_notebook_that_is_judged(kata: Kata, folder: Path) -> None:
    (folder / "double.py").write_text(tiny_course.STUB)
    save(folder / "double.ipynb", DOUBLE)
    answer = submission.read(kata, folder)
    assert answer.status is None
    assert b"2 * number" in answer.files["double.py"]
    assert answer.note == "01_double: double.ipynb is judged, as double.py beside it is still to be written."


@pytest.mark.parametrize("text", [DOUBLE, "def ("])
def test_beside_a_file_that_was_begun_no_notebook_is_looked_at(kata: Kata, folder: Path, text: str) -> None:
    (folder / "double.py").write_text(text)
    (folder / "double.ipynb").write_text("no notebook")
    answer = submission.read(kata, folder)
    assert answer.status is (None if text is DOUBLE else Status.CRASHED)
    assert answer.note == ("01_double: double.py is judged, and not double.ipynb beside it." if text is DOUBLE else "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
@pytest.mark.parametrize(
    "kind, expected",
    [
        ("empty", "double.ipynb is empty: get the stub back, or write it anew."),
        ("symlink", "double.ipynb is a symlink: hand in a regular file in its place."),
        ("pipe", "double.ipynb is a named pipe: hand in a regular file in its place."),
        ("large", "double.ipynb is larger than 4096 KiB: clear the outputs of its cells."),
        ("latin", "double.ipynb is not UTF-8 text (line 2): save it as UTF-8."),
        ("nul", "double.ipynb holds a NUL character: save it as plain text."),
    ],
)
def test_a_notebook_that_cannot_be_read_is_crashed_with_a_sentence(
    kata: Kata, folder: Path, kind: str, expected: str
) -> None:
    make_file(folder / "double.ipynb", kind)
    assert status_and_message(submission.read(kata, folder)) == (Status.CRASHED, expected)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("x = 1", "double.ipynb is no notebook: it is not JSON. Open it in Jupyter and save it again."),
        ("[" * 100_000, "double.ipynb is no notebook: it is not JSON. Open it in Jupyter and save it again."),
        ('{"nbformat": 4, "cells": [[]]}', "double.ipynb is no notebook: a cell of it has no text."),
        ('{"nbformat": 4, "cells": []}', "double.ipynb has no cell with code: write the answer into it."),
    ],
)
def test_what_is_no_notebook_is_crashed_with_a_sentence(kata: Kata, folder: Path, text: str, expected: str) -> None:
    (folder / "double.ipynb").write_text(text)
    status, message = status_and_message(submission.read(kata, folder))
    assert status is Status.CRASHED
    assert message.startswith(expected)


@pytest.mark.parametrize(
    "source, expected",
    [
        ("#" * (submission.MAX_BYTES + 1), "The code in double.ipynb is larger than 256 KiB"),
        ("x = " + "-" * 100_000 + "1", "double.ipynb can't be compiled: "),
        (
            "def double(n, 2): return n",
            'Python can\'t read double.ipynb, cell 2:\n  File "double.ipynb, cell 2", line 1',
        ),
    ],
)
def test_code_that_cannot_be_compiled_is_told_with_its_cell(
    kata: Kata, folder: Path, source: str, expected: str
) -> None:
    save(folder / "double.ipynb", "x = 1", source)
    status, message = status_and_message(submission.read(kata, folder))
    assert status is Status.CRASHED
    assert message.startswith(expected)


def test_what_a_check_tells_leads_back_to_the_cells(kata: Kata, folder: Path) -> None:
    save(folder / "double.ipynb", "import time", "def double(number):\n    return 1 / 0")
    answer = submission.read(kata, folder)
    line = answer.files["double.py"].decode().splitlines().index("    return 1 / 0") + 1
    text = f"See double.py:{line}."
    check = Check("test_x", "X", Status.FAILED, 0, 1, message=text, output=text, where=Where("double.py", line))
    told = answer.led_back_check(check)
    assert told.message == told.output == "See double.ipynb, cell 2:2."
    assert told.where == Where("double.ipynb, cell 2", 2)


def test_a_notebook_that_a_kata_asks_for_is_itself_what_is_judged(folder: Path, tmp_path: Path) -> None:
    toml = tiny_course.KATA_TOML.replace("double.py", "double.ipynb")
    root = tiny_course.make(tmp_path / "second", changes={"exercises/01_double/kata.toml": toml})
    kata = course.load(root).katas[0]
    save(folder / "double.ipynb", "print(1)")
    assert submission.read(kata, folder).files == {"double.ipynb": (folder / "double.ipynb").read_bytes()}
    (folder / "double.ipynb").write_text("{}")
    expected = "double.ipynb is no notebook of format 4. Open it in Jupyter and save it again."
    assert status_and_message(submission.read(kata, folder)) == (Status.CRASHED, expected)
    assert status_and_message(submission.read(kata, folder / "double.ipynb")) == (Status.CRASHED, expected)


def test_a_notebook_whose_code_was_changed_is_begun_whatever_is_in_the_module_beside_it(tmp_path: Path) -> None:
    toml = tiny_course.KATA_TOML.replace('["double.py"]', '["work.ipynb", "double.py"]')
    root = tiny_course.make(tmp_path, changes={"exercises/01_double/kata.toml": toml})
    folder = root / "exercises" / "01_double"
    save(folder / "work.ipynb", "print(1)")
    kata = course.load(root).katas[0]
    assert submission.read(kata, folder).status is Status.NOT_STARTED
    answer = tmp_path / "answer"
    shutil.copytree(folder, answer)
    save(answer / "work.ipynb", "print(1)", metadata={"kernelspec": {}})
    assert submission.read(kata, answer).status is Status.NOT_STARTED
    save(answer / "work.ipynb", "print(1)", "print(2)")
    assert submission.read(kata, answer).status is None


@pytest.mark.parametrize(
    "first",
    [
        "# coding: latin-1",
        "# coding: cp1252",
        "# vim: set fileencoding=gbk",
        "# -*- coding: utf-8 -*-",
        "\ufeff# coding: utf-8",
    ],
)
def test_a_coding_that_changes_nothing_is_no_fault(kata: Kata, folder: Path, first: str) -> None:
    (folder / "01_double").mkdir()
    (folder / "01_double/double.py").write_text(f"{first}\n{DOUBLE}", encoding="utf-8")
    assert submission.find(kata, folder).status is None
