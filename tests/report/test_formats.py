"""Every format says the same points, is what its reader expects, and carries no text that acts."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.report import (
    canvas,
    classroom,
    classroom50,
    exercism,
    gradescope,
    junit,
    messages,
    moodle,
    nbgrader,
    wording,
)
from grader.report.formats import FORMATS
from grader.report.gradebook import Row, cell, feedback, html_cell, remarks
from grader.verdict import Check, Event, Result, Status, Verdict, Where
from tests.report.mixed import NASTY
from tests.report.samples import CLASS, ENVIRONMENT, FULL, HOSTILE, PERFECT, WORKSHEET, result, verdict

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"


def to_classroom50(of: Result) -> bytes:
    return classroom50.write(of, ENVIRONMENT)


WRITERS: Mapping[str, Callable[[Result], bytes]] = {
    "junit": junit.write,
    "gradescope": gradescope.write,
    "classroom50": to_classroom50,
    "classroom": classroom.write,
    "exercism": exercism.write,
}


def written() -> dict[str, bytes]:
    """Return the golden files as they would be now."""
    files = {f"{name}{FORMATS[name].suffix}": write(FULL) for name, write in WRITERS.items()}
    worksheet = WORKSHEET.encode()
    files["canvas.csv"] = canvas.write(CLASS, "Katas (12345)")
    files["nbgrader.csv"] = nbgrader.write(CLASS)
    files["moodle_worksheet.csv"] = worksheet
    files["moodle.csv"] = moodle.fill(worksheet, CLASS).data
    return files


@pytest.mark.parametrize("name", sorted(written()))
def test_the_golden_files_are_what_is_written(name: str) -> None:
    """To see a change: `python -m tests.report.test_formats && git diff tests/report/golden`."""
    assert (GOLDEN / name).read_bytes() == written()[name]


# What reads the formats, as strict as the real ones.


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def tree_of(data: bytes) -> Element:
    return fromstring(data)  # noqa: S314 - what we wrote ourselves


def cases_of(data: bytes) -> list[Element]:
    return list(tree_of(data).iter("testcase"))


def properties_of(case: Element) -> dict[str, str]:
    return {entry.attrib["name"]: entry.attrib["value"] for entry in case.iter("property")}


def points_in(name: str, data: bytes) -> tuple[int, int]:
    """Return the points that the reader of a format sums up, and how many there are."""
    if name == "junit":
        each = [properties_of(case) for case in cases_of(data)]
        return sum(int(one["points"]) for one in each), sum(int(one["max_points"]) for one in each)
    found = json.loads(data)
    score, most = ("score", "max-score") if name == "classroom50" else ("score", "max_score")
    return sum(test[score] for test in found["tests"]), sum(test.get(most, 0) for test in found["tests"])


def moodle_row(of: Result) -> list[str]:
    """Return participant, grade, maximum and feedback as a worksheet has them that `of` was filled in."""
    worksheet = b"Identifier,Grade,Maximum grade,Feedback comments\nann,,,\n"
    return rows_of(moodle.fill(worksheet, [Row("ann", of)]).data)[1]


# The same points everywhere, and nothing that acts, whatever the result.

some = settings(max_examples=50, deadline=None)

texts = st.one_of(
    st.just(HOSTILE),
    st.text(alphabet=st.characters(), max_size=40),
    st.text(
        alphabet=st.sampled_from("=+-@\uff1d\uff20;,|\t\r\n'\"<>&[]()!`*_\\:#ax1\x1b\x00\ufffe\ud800\u202e"),
        max_size=40,
    ),
)
names = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
events = st.builds(Event, st.floats(0, 9), texts, st.sampled_from(["start", "sleep", "print", "end"]), texts)


@st.composite
def checks(draw: st.DrawFn) -> Check:
    status = draw(st.sampled_from(Status))
    most = draw(st.integers(1, 50))
    return Check(
        name=draw(names),
        title=draw(texts),
        status=status,
        points=draw(st.sampled_from([0, most, most // 2])) if status is Status.PASSED else 0,
        max_points=most,
        seconds=draw(st.floats(0, 1e6)),
        message=draw(texts),
        output=draw(texts),
        where=draw(st.none() | st.builds(Where, texts, st.integers(0, 1000))),
        timeline=tuple(draw(st.lists(events, max_size=3))),
    )


@st.composite
def results(draw: st.DrawFn) -> Result:
    count = draw(st.integers(0, 3))
    katas = [
        verdict(
            f"{number:02}_kata",
            *draw(st.lists(checks(), max_size=4, unique_by=lambda check: check.name)),
            status=draw(st.sampled_from(Status)),
            message=draw(texts),
            title=draw(texts),
        )
        for number in range(count)
    ]
    return result(*katas, submission=draw(texts), notes=tuple(draw(st.lists(texts, max_size=2))))


@some
@given(results())
def test_the_sum_of_points_is_the_same_in_each_format(of: Result) -> None:
    expected = (of.score, of.max_score)
    for name in ("junit", "gradescope", "classroom50"):
        assert points_in(name, WRITERS[name](of)) == expected, name
    told = json.loads(classroom.write(of))
    assert (sum(test["score"] for test in told["tests"]), told["max_score"]) == expected
    told = json.loads(to_classroom50(of))
    assert (told["score"], told["max-score"]) == expected
    assert json.loads(gradescope.write(of))["score"] == of.score
    assert rows_of(canvas.write([Row("ann", of)]))[1:] == [
        ["    Points Possible", "", "", "", "", str(of.max_score)],
        ["ann", "", "", "ann", "", str(of.score)],
    ]
    per_kata = rows_of(nbgrader.write([Row("ann", of)]))[1:]
    assert (sum(int(row[9]) for row in per_kata), sum(int(row[10]) for row in per_kata)) == expected
    assert moodle_row(of)[1] == str(of.score)


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def strings_in(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for item in value.values() for text in strings_in(item)]
        case list():
            return [text for item in value for text in strings_in(item)]
        case _:
            return []


def assert_inert(text: str) -> None:
    assert not CONTROL.search(text)
    assert "##[" not in text
    assert not any(row.lstrip().startswith("::") for row in text.split("\n"))


@some
@given(results())
def test_no_text_acts_in_a_format_of_one_result(of: Result) -> None:
    for name in ("gradescope", "exercism", "classroom", "classroom50"):
        for text in strings_in(json.loads(WRITERS[name](of))):
            assert_inert(text)
    for test in json.loads(to_classroom50(of))["tests"]:
        assert not re.search(r"(?<!\\)[`*\[\]<>&~!]", test["test-name"].replace(r"\\", "")), (
            "its runner renders Markdown"
        )
        assert "\n" not in test["test-name"]
    for element in tree_of(junit.write(of)).iter():
        for text in (element.text or "", *element.attrib.values()):
            assert_inert(text)
            assert "[[ATTACHMENT" not in text
            assert not re.search("[\ufffe\uffff]", text)


def is_formula(cell_text: str) -> bool:
    """Whether a spreadsheet computes a cell, or a part that it splits off at a semicolon."""
    return any(re.match(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]", part) for part in re.split(r"[;|\t]", cell_text))


@some
@given(results(), texts)
def test_no_text_acts_in_a_gradebook(of: Result, name: str) -> None:
    rows = [Row(name, of)]
    for data in (canvas.write(rows, name), nbgrader.write(rows)):
        for entry in (text for row in rows_of(data) for text in row):
            assert not is_formula(entry)
            assert not CONTROL.search(entry)
    told = moodle_row(of)[3]
    assert not is_formula(told)
    assert re.fullmatch(r"(?:[^<>&\x00-\x1f\\]|&(?:#\d+|#x27|lt|gt|amp|quot);|<br>)*", told), "text and line breaks"


REACHES = "30_counter: counter.py, line 3 reaches for frames of running code."


def notes_in(name: str, of: Result) -> list[str]:
    """Return the texts in which a format's reader shows the notes of `of`."""
    told = json.loads(WRITERS[name](of)) if name != "junit" else {}
    match name:
        case "junit":
            case = tree_of(junit.write(of)).findall("testsuite/testcase[@name='Notes']")[0]
            return [case.findtext("skipped", ""), case.findtext("system-out", "")]
        case "classroom":
            return [told["tests"][0]["test_code"], told["message"]]
        case "classroom50":
            return [re.sub(r"\\(.)", r"\1", told["tests"][-1]["test-name"]), told["tests"][-1]["message"]]
        case "exercism" if told["status"] == "error":
            return [told["message"]]
        case "exercism":
            return [told["tests"][-1]["output"], told["tests"][-1]["message"]]
        case _:
            return [told["output"]]


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("katas", [FULL.katas, PERFECT.katas, FULL.katas[3:], ()], ids=["some", "all", "none", "no"])
def test_notes_are_in_each_format_of_one_result(name: str, katas: tuple[Verdict, ...]) -> None:
    """A teacher who reads but one of them sees what an answer reached for; the points stay what they are."""
    of = result(*katas, notes=(REACHES,))
    assert all(REACHES in text for text in notes_in(name, of))
    if name != "exercism":  # which has no points
        assert points_in(name, WRITERS[name](of)) == points_in(name, WRITERS[name](replace(of, notes=())))
    if name in SCHEMAS:
        SCHEMAS[name].validate(json.loads(WRITERS[name](of)))


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_note_acts(text: str) -> None:
    """A note names files of an answer, and those are called as it likes."""
    of = result(*FULL.katas, notes=(text, REACHES))
    for name in WRITERS:
        for shown in notes_in(name, of):
            assert_inert(shown)
            assert REACHES in shown or "left out" in shown or shown.endswith(("...", messages.CUT)), "only cut"
    for told in (moodle_row(of)[3], rows_of(canvas.write([Row(text, of)]))[2][0]):
        assert not is_formula(told)
        assert not CONTROL.search(told)
    assert re.fullmatch(r"[^<>]*(?:<br>[^<>]*)*", moodle_row(of)[3])
    assert html.escape(REACHES) in moodle_row(of)[3]


def test_feedback_tells_notes_before_long_katas_and_says_how_many_more() -> None:
    long = [replace(kata, message="<" * 999) for kata in FULL.katas * 20]
    told = feedback(result(*long, notes=(REACHES,) * 12)).split("<br>")
    assert told[1:12] == [REACHES] * 10 + ["And 2 more."]


def test_whoever_exports_a_class_is_told_of_whom_there_are_notes() -> None:
    """Canvas and nbgrader have no cell for words."""
    many = [Row(f"{number:02}", replace(PERFECT, notes=(REACHES,))) for number in range(22)]
    (told,) = remarks([Row("ann", PERFECT), *many])
    names = ", ".join(row.name for row in many[:20])
    assert told == f"There are notes in the results of: {names} and 2 more. Read them there."


def test_the_length_of_what_is_told_is_bounded() -> None:
    flood = Check("test_a", "x" * 10**6, Status.FAILED, 0, 1, 0, "m" * 10**6, "o" * 10**6, Where("f" * 10**6, 1))
    huge = result(verdict("01_a", *[flood] * 10, status=Status.FAILED, message="m" * 10**6), notes=("n" * 10**6,) * 50)
    for name, write in WRITERS.items():
        assert len(write(huge)) < 300_000, name
    many = result(*[replace(kata, message="<" * 999) for kata in huge.katas * 100])
    assert len(feedback(many)) < 8_100
    assert feedback(many).endswith(" more.")


# What each reader asks for.


SCHEMAS = {
    path.name.removesuffix(".schema.json"): jsonschema.Draft202012Validator(json.loads(path.read_bytes()))
    for path in (HERE / "schemas").iterdir()
}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_json_is_what_the_published_fields_ask_for(name: str) -> None:
    SCHEMAS[name].check_schema(SCHEMAS[name].schema)
    for katas in ((), FULL.katas, FULL.katas[:1], FULL.katas[2:3], FULL.katas[3:], PERFECT.katas):
        SCHEMAS[name].validate(json.loads(WRITERS[name](result(*katas))))


@some
@given(results())
def test_json_is_what_the_published_fields_ask_for_whatever_the_result(of: Result) -> None:
    for name, schema in SCHEMAS.items():
        schema.validate(json.loads(WRITERS[name](of)))


def test_junit_is_what_gitlab_and_jenkins_read() -> None:
    """GitLab keeps the first of two cases with one classname and name; Jenkins needs a package before a dot."""
    top = tree_of(junit.write(FULL))
    assert top.tag == "testsuites"
    assert [suite.attrib["name"] for suite in top] == [*(kata.kata for kata in FULL.katas), "Notes"]
    cases = cases_of(junit.write(FULL))
    assert len({(case.attrib["classname"], case.attrib["name"]) for case in cases}) == len(cases)
    for case in cases:
        assert re.fullmatch(r"\w+\.\w+", case.attrib["classname"])
        assert float(case.attrib["time"]) >= 0
        reasons = [child for child in case if child.tag in ("failure", "error", "skipped")]
        assert len(reasons) <= 1
        for reason in reasons:
            assert reason.text, "GitLab shows the text, not the attribute"
            types_that_rails_converts = {"integer", "float", "boolean", "date", "datetime", "file", "yaml", "symbol"}
            assert reason.attrib["type"].lower() not in types_that_rails_converts
    for suite in (top, *top):
        inside = list(suite.iter("testcase"))
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[key]) == sum(case.find(tag) is not None for case in inside)
        assert int(suite.attrib["tests"]) == len(inside)


def test_junit_tells_wrong_crashed_and_not_tried_apart() -> None:
    told = {
        case.attrib["name"]: next((c.tag for c in case if c.tag in ("failure", "error", "skipped")), "")
        for case in cases_of(junit.write(FULL))
    }
    assert told == {
        "test_adds": "",
        "test_together": "failure",
        "test_in_the_bubble": "skipped",
        "test_ends": "failure",
        "test_lives": "error",
        "test_judged": "error",
        "test_begun": "skipped",
        "test_newer": "skipped",
        "test_real": "skipped",
        "Notes": "skipped",
    }


def test_gradescope_names_what_was_not_judged_and_numbers_tests_as_strings() -> None:
    told = json.loads(gradescope.write(FULL))
    assert [test["number"] for test in told["tests"]] == ["1.1", "1.2", "1.3", "2.1", "2.2", "3.1"]
    assert [test["status"] for test in told["tests"]] == ["passed", *["failed"] * 5], "points withheld are not passed"
    assert "02_second: It is judged. (grader error, costs no points) That is not your fault." in told["output"]
    assert told["stdout_visibility"] == "hidden"


def test_exercism_is_an_error_only_where_nothing_could_be_run() -> None:
    assert json.loads(exercism.write(FULL))["status"] == "fail"
    assert json.loads(exercism.write(PERFECT)) == {
        "version": 3,
        "status": "pass",
        "message": None,
        "tests": [{"name": "It adds up.", "status": "pass"}],
    }
    crashed = Check("test_a", "A.", Status.CRASHED, 0, 1, message="SyntaxError: no")
    told = json.loads(exercism.write(result(verdict("01_a", crashed, crashed, status=Status.CRASHED))))
    assert (told["status"], told["message"]) == ("error", "SyntaxError: no")
    assert json.loads(exercism.write(result()))["status"] == "error"


def test_exercism_gets_at_most_500_characters_of_output_and_is_told_so() -> None:
    loud = Check("test_a", "A.", Status.PASSED, 1, 1, output="x" * 501)
    (test,) = json.loads(exercism.write(result(verdict("01_a", loud, status=Status.PASSED))))["tests"]
    assert len(test["output"]) == 500
    assert test["output"].endswith("Output was truncated. Please limit to 500 chars")


@pytest.mark.parametrize("write", [classroom.write, to_classroom50])
def test_a_classroom_is_never_told_that_nothing_judged_is_a_success(write: Callable[[Result], bytes]) -> None:
    """No tests are a crash for the one, and a success for the other."""
    lost = Check("test_a", "A.", Status.GRADER_ERROR, 0, 1, message="The judge is gone.")
    (test,) = json.loads(write(result(verdict("01_a", lost, status=Status.GRADER_ERROR))))["tests"]
    assert test.get("passed", False) is False
    assert test.get("status", "error") == "error"
    assert "The judge is gone." in test["message"]


def test_classroom50_says_which_variables_are_missing() -> None:
    assert classroom50.lacks(ENVIRONMENT) == ""
    less = {key: value for key, value in ENVIRONMENT.items() if key not in ("OWNER", "COMMIT_URL")}
    assert classroom50.lacks(less).endswith("that are not set here: COMMIT_URL, OWNER.")
    assert classroom50.lacks(less | {"COMMIT_URL": "u", "USERNAME": "ann"}) == ""
    bare = json.loads(classroom50.write(FULL, less | {"COMMIT_URL": "u", "USERNAME": "ann", "REVIEW_URL": ""}))
    assert (bare["owner"], bare["review"]) == ("ann", "u")


@pytest.mark.parametrize("name", ["doeann_101_9001_work", "doeann_LATE_101_9001_counter-1"])
def test_canvas_is_told_its_own_number_of_a_student(name: str) -> None:
    (_, _, row) = rows_of(canvas.write([Row(name, FULL)]))
    assert row[:5] == ["doeann", "101", "", "", ""]


@pytest.mark.parametrize("other", ["doeann_101_9002_work-1", "anndoe_LATE_101_9003_more"])
def test_canvas_gets_no_student_twice(other: str) -> None:
    """As it is when results of an earlier download lie beside those of the last."""
    with pytest.raises(canvas.TwiceError, match="are both of one student"):
        canvas.write([Row("doeann_101_9001_work", FULL), Row(other, FULL)])


def test_canvas_finds_its_header() -> None:
    header, possible, *students = rows_of(canvas.write(CLASS, "Katas (12345)"))
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert header[2:5] == ["SIS User ID", "SIS Login ID", "Section"]
    assert re.fullmatch(r".+ \(\d+\)", header[5])
    assert possible[0].strip() == "Points Possible"
    assert possible[5] == "15"
    assert [(row[0], row[3], row[5]) for row in students][:2] == [
        ("ann", "ann", "2"),
        ("O'Neil, Bob", "O'Neil, Bob", "2"),
    ]


def test_nbgrader_has_a_row_for_each_kata() -> None:
    header, *rows = rows_of(nbgrader.write(CLASS[:2]))
    columns = (
        "assignment duedate timestamp student_id last_name first_name email raw_score late_submission_penalty score"
    )
    assert header == [*columns.split(), "max_score"]
    assert [(row[0], row[3], row[9], row[10]) for row in rows] == [
        ("01_first", "ann", "2", "6"),
        ("02_second", "ann", "0", "4"),
        ("03_third", "ann", "0", "5"),
        ("04_fourth", "ann", "0", "0"),
        ("01_first", "O'Neil, Bob", "2", "2"),
    ]


# Cells.


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Ann Doe", "Ann Doe"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\uff1d1", "'\uff1d1"),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        ("a;=1", "a;'=1"),
        ("a; -1", "a;' -1"),
        ("a - b = c", "a - b = c"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_formula_in_a_cell_gets_an_apostrophe_in_front(text: str, expected: str) -> None:
    assert cell(text) == expected


@pytest.mark.parametrize("text", ["x <= 5; -1", "= 1", "a;==b", "<=", "\\", "'\"", "&#61;"])
def test_html_in_a_cell_reads_as_the_text_and_is_no_formula(text: str) -> None:
    assert html.unescape(html_cell(text)) == text
    assert not is_formula(html_cell(text))
    assert "<" not in html_cell(text)


def test_a_teacher_is_told_of_whom_not_all_was_judged_and_of_unlike_sums() -> None:
    assert remarks(CLASS[1:]) == []
    assert remarks(CLASS) == [
        "ann: 11 points could not be given, as some checks were not judged. Grade it again.",
        "Not all results are out of the same number of points: 15 (ann), 2 (O'Neil, Bob and 1 more).",
        "There are notes in the results of: ann. Read them there.",
    ]


def test_points_that_a_result_claims_for_what_was_not_judged_count_nowhere() -> None:
    """The sums come from the checks, so that no format can differ from another."""
    odd = Verdict("01_a", "A", (), Status.FAILED, 9, 9, checks=(Check("test_a", "A.", Status.NOT_RUN, 9, 9),))
    assert wording.points(result(odd)) == (0, 0)


if __name__ == "__main__":
    for name, data in written().items():
        (GOLDEN / name).write_bytes(data)


def test_exercism_gets_a_reason_for_an_error_that_says_nothing() -> None:
    silent = Verdict("00_kata", "t", ("io",), Status.CRASHED, 0, 1, checks=(Check("_", "t", Status.CRASHED, 0, 1),))
    assert json.loads(exercism.write(result(silent)))["message"] == "Score: 0 of 1 points."


@pytest.mark.parametrize("size", [10, 20_000])
def test_the_output_of_a_step_fits_in_one_variable_of_the_environment(size: int) -> None:
    """That is how the reporter gets it; its points are all there, of texts what has room."""
    failed = replace(FULL.katas[0].checks[0], status=Status.FAILED, points=0, message="ä" * size, output="b" * size)
    kata = replace(FULL.katas[0], checks=tuple(replace(failed, name=f"test_{number}") for number in range(10)))
    line = classroom.output(replace(FULL, katas=(kata,) * 31))
    assert len(line) < 128 * 1024
    told = json.loads(base64.b64decode(line.removeprefix("result=")))
    assert len(told["tests"]) == 310
    assert {len(test["message"]) for test in told["tests"]} <= {size, 301, 1}
