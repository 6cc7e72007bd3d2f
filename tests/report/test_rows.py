"""Whose a result is."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.report.result import encode
from grader.report.rows import ExportError, owner, rows
from tests.report.samples import FULL, PERFECT


@pytest.mark.parametrize(
    "submission, expected",
    [
        ("submissions/ann", "ann"),
        ("submissions/ann/", "ann"),
        ("submissions/ann/exercises", "ann"),
        ("submissions/ann/exercises/01_first", "ann"),
        ("submissions/ann/first.py", "ann"),
        ("C:\\class\\ann\\exercises", "ann"),
        ("../O'Neil, Bob", "O'Neil, Bob"),
        ("x/a\x1b[31m\nb", "a b"),
        ("exercises", ""),
        ("exercises/01_first/first.py", ""),
        ("..", ""),
        (".", ""),
        ("", ""),
    ],
)
def test_a_result_is_called_after_the_folder_that_was_graded(submission: str, expected: str) -> None:
    assert owner(replace(FULL, submission=submission)) == expected


def test_rows_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    for name, of in (("b", PERFECT), ("a", FULL)):
        (tmp_path / name).write_bytes(encode(of))
    found = rows([tmp_path / "b", tmp_path / "a"])
    assert [row.name for row in found] == ["bob", "ann"]
    assert [row.result.score for row in found] == [2, 2]
    assert [row.name for row in rows([tmp_path / "b"], "Zoë")] == ["Zoë"]


def test_a_result_that_does_not_tell_its_owner_is_called_after_its_file(tmp_path: Path) -> None:
    (tmp_path / "x.py.json").write_bytes(encode(replace(FULL, submission="x.py")))
    assert [row.name for row in rows([tmp_path / "x.py.json"])] == ["x.py"]
    assert [row.name for row in rows([tmp_path / "x.py.json"], "Ann")] == ["Ann"]


def test_what_is_not_clear_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(encode(FULL))
    (tmp_path / "b").write_bytes(encode(FULL))
    for paths, name, expected in (
        (["a", "b"], None, "a and .*b are both of ann"),
        (["a", "b"], "ann", "--name is for one result"),
        (["d"], None, "d can't be read: No such file"),
        (["."], None, "can't be read: "),
    ):
        with pytest.raises(ExportError, match=expected):
            rows([tmp_path / path for path in paths], name)
