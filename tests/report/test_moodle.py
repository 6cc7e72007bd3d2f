"""A worksheet of Moodle's is filled in, and every other byte of it stays."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.report.gradebook import Row
from grader.report.moodle import Columns, WorksheetError, fill
from tests.report.samples import CLASS, FULL, PERFECT, WORKSHEET

HEADER = "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n"


def sheet(*rows: str, header: str = HEADER) -> bytes:
    return (header + "".join(f"{row}\n" for row in rows)).encode()


def test_only_the_two_cells_of_those_who_were_graded_change() -> None:
    before, after = WORKSHEET.splitlines(), fill(WORKSHEET.encode(), CLASS[:2]).data.decode().splitlines()
    assert after[0] == before[0], "the header, its byte order mark and its quotes"
    assert after[1] == before[1].replace('grading",,15.00', 'grading","2",15.00')
    assert after[2].startswith(before[2]), "the second line of a cell"
    assert after[3] == before[3].replace(",1.00,", ',"2",').replace(
        "Old words", "2 of 2 points.<br>01_first: passed, 2 of 2 points."
    )
    assert after[4:] == before[4:], "who has no result"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.text(st.characters(exclude_characters='"\r', codec="utf-8")), min_size=4, max_size=4)))
def test_a_worksheet_stays_byte_for_byte_where_there_is_nothing_to_fill_in(others: list[list[str]]) -> None:
    cells = [[f'"{text}"' if set(text) & set(",\n\\") else text for text in row] for row in others]
    worksheet = sheet(*(",".join([*row, "", "10.00", "-", ""]) for row in cells))
    assert fill(worksheet, []).data == worksheet
    windows = worksheet.replace(b"\n", b"\r\n")
    assert fill(windows, []).data == windows


@pytest.mark.parametrize(
    "name",
    [
        "Ann Doe",
        "ann  doe",
        "ann@example.org",
        "Participant 7",
        "Ann Doe_7_assignsubmission_file",
        "x_7_assignsubmission_onlinetext_",
    ],
)
def test_a_submission_is_found_by_what_stands_in_its_row(name: str) -> None:
    worksheet = sheet(
        "Participant 7,Ann Doe,ann@example.org,x,,2.00,-,", "Participant 77,Bob Roe,bob@example.org,x,,2.00,-,"
    )
    filled = fill(worksheet, [Row(name, PERFECT)])
    assert filled.missing == ()
    assert filled.data.decode().splitlines()[1].startswith('Participant 7,Ann Doe,ann@example.org,x,"2",2.00,-,"2 of 2')
    assert filled.data.splitlines()[2] == worksheet.splitlines()[2]


def test_who_is_in_no_row_is_told_and_the_others_are_filled_in() -> None:
    worksheet = sheet("Participant 7,Ann,a,x,,2.00,-,")
    filled = fill(worksheet, [Row("Cy", PERFECT), Row("Ann", PERFECT), Row("2.00", PERFECT)])
    assert filled.missing == ("Cy", "2.00"), "what stands right of the grade is nobody's name"
    assert b',"2",' in filled.data


def test_who_can_be_two_rows_is_told_and_the_others_are_filled_in() -> None:
    worksheet = sheet("P 7,Ann,a,Submitted,,2,-,", "P 8,Ann,b,Submitted,,2,-,", "P 9,Cy,c,Submitted,,2,-,")
    filled = fill(worksheet, [Row("Ann", PERFECT), Row("Cy", PERFECT), Row("b", PERFECT)])
    assert [sentence.split(",")[0] for sentence in filled.unclear] == ["Ann can be 2 rows of the worksheet"]
    assert filled.missing == ()
    assert [row.split(",")[4] for row in filled.data.decode().splitlines()[1:]] == ["", '"2"', '"2"']


@pytest.mark.parametrize("status", ["Status", "Statut"])
def test_what_is_no_name_is_nobody_though_it_stands_in_one_row_only(status: str) -> None:
    """A status, the group and the marker beside it, and the number in which a participant is kept."""
    header = HEADER.replace("Status", f"{status},Group,Marker")
    worksheet = sheet("P 7,Ann,a,No submission,Team 1,Bob,,2,-,", "P 8,Bob,b,Submitted,,Cy,,2,-,", header=header)
    names = ("No submission", "Team 1", "Cy", "#7", "Submitted", "7")
    filled = fill(worksheet, [Row(name, PERFECT) for name in (*names, "Bob")], Columns(status=status))
    assert (filled.missing, filled.unclear) == (names, ())
    assert [row.split(",")[6] for row in filled.data.decode().splitlines()[1:]] == ["", '"2"']


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_accent_is_part_of_a_letter_or_has_its_own_sign(form: Literal["NFC", "NFD"]) -> None:
    """A Mac's files have the second."""
    worksheet = sheet("P 7,José,a,x,,2,-,")
    assert b',"2",' in fill(worksheet, [Row(unicodedata.normalize(form, "JOSÉ"), PERFECT)]).data
    decomposed = unicodedata.normalize("NFD", worksheet.decode()).encode()
    assert b',"2",' in fill(decomposed, [Row(unicodedata.normalize(form, "José"), PERFECT)]).data


def test_columns_may_be_named_in_the_teachers_language() -> None:
    header = "Kennung,Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Zuletzt geändert,Feedback als Kommentar\n"
    worksheet = sheet("Teilnehmer/in7,Ann,a,x,,2.00,-,", header=header)
    with pytest.raises(WorksheetError, match=r"It has no column 'Grade'\. Its columns are: Kennung, Name"):
        fill(worksheet, [Row("Ann", PERFECT)])
    filled = fill(
        worksheet, [Row("x_7_assignsubmission_file", PERFECT)], Columns("Bewertung", "Feedback als Kommentar")
    )
    assert b',"2",2.00,-,"2 of 2 points.' in filled.data
    assert filled.remarks == ()


def test_a_worksheet_without_feedback_gets_scores_and_says_so() -> None:
    worksheet = b"Identifier,Full name,Grade,Maximum grade\nParticipant 7,Ann,,2\n"
    filled = fill(worksheet, [Row("Ann", PERFECT)])
    assert filled.data == b'Identifier,Full name,Grade,Maximum grade\nParticipant 7,Ann,"2",2\n'
    assert filled.remarks == ("The worksheet has no column 'Feedback comments', so there is no feedback in it.",)


def test_another_maximum_grade_in_moodle_is_told() -> None:
    (remark,) = fill(sheet('Participant 7,Ann,a,x,,"100,00",-,'), [Row("Ann", FULL)]).remarks
    assert remark == "Moodle's maximum grade is 100, the results are out of 15: set it to 15 in the assignment."


@pytest.mark.parametrize(
    "worksheet, rows, expected",
    [
        (b"", CLASS[:1], "It is empty"),
        (b"\xff\xfe", CLASS[:1], "no text in UTF-8"),
        (HEADER.replace(",", ";").encode(), CLASS[:1], "saved it without commas"),
        (sheet('Participant 7,"Ann,a,x,,2,-,'), CLASS[:1], "the quotes of line 2 don't pair"),
        (sheet("Participant 7,Ann"), CLASS[:1], "row 2 has 2 cells and the header 8"),
        (sheet("P 7,Ann,a,x,,2,-,"), [Row("Ann", FULL), Row("a", FULL)], "Ann and a are the same row"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_in_a_sentence(worksheet: bytes, rows: list[Row], expected: str) -> None:
    with pytest.raises(WorksheetError, match=expected):
        fill(worksheet, rows)


def test_quotes_that_php_left_after_a_backslash_take_no_time() -> None:
    online_text = '"' + '\\"""' * 20_000 + '"'
    worksheet = sheet(f"Participant 7,Ann,{online_text},x,,2,-,")
    assert fill(worksheet, [Row("Nobody", FULL)]).data == worksheet
