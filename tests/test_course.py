"""Folders become katas, and what is wrong with a folder is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import course
from tests import tiny_course

TOML = "exercises/01_double/kata.toml"


def test_a_kata_is_read_from_its_two_folders(tmp_path: Path) -> None:
    found = course.load(tiny_course.make(tmp_path))
    (kata,) = found.katas
    assert (kata.name, kata.number, kata.title) == ("01_double", 1, "Double: a first kata")
    assert (kata.part, kata.points, kata.files, kata.needs) == (1, 3, ("double.py",), ("io",))
    assert (kata.module, kata.test_file.name, kata.probes) == ("double", "test_double.py", None)
    assert kata.solution == tmp_path / "solutions/01_double"
    assert [path.name for path in kata.wrong_answers()] == ["off_by_one.py", "squares.py", "text.py"]
    assert course.missing(kata) == course.strays(kata) == course.stray_folders(found) == []


def test_katas_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    found = course.load(tiny_course.make(tmp_path, "10_b", "02_c", "03_a"))
    assert [kata.number for kata in found.katas] == [2, 3, 10]


def test_what_a_change_of_branch_leaves_behind_is_no_kata(tmp_path: Path) -> None:
    root = tiny_course.make(tmp_path)
    (root / "exercises/02_gone/__pycache__").mkdir(parents=True)
    found = course.load(root)
    assert [kata.name for kata in found.katas] == ["01_double"]
    assert course.stray_folders(found) == []


@pytest.mark.parametrize(
    "line, number, expected",
    [
        ('points = "ten"', 3, "points must be a whole number, 1 to 1000, it is 'ten'."),
        ("points = true", 3, "points must be a whole number, 1 to 1000, it is True."),
        ("points = 0", 3, "points must be a whole number, 1 to 1000, it is 0."),
        ('  "points" = -1', 3, "points must be a whole number, 1 to 1000, it is -1."),
        ("points = ", 3, "it is not TOML: Invalid value."),
        ('pionts = 3\npoints = 3\nneds = "io"', 3, "there is no setting 'pionts'. There are: title, part,"),
        ("", 0, "points is missing; it must be a whole number, 1 to 1000."),
    ],
)
def test_a_broken_setting_is_told_with_file_line_and_what_is_expected(
    tmp_path: Path, line: str, number: int, expected: str
) -> None:
    text = tiny_course.KATA_TOML.replace("points = 3", line)
    root = tiny_course.make(tmp_path, changes={TOML: text})
    with pytest.raises(course.CourseError) as caught:
        course.load(root)
    place = f"{TOML}:{number}: " if number else f"{TOML}: "
    assert str(caught.value).startswith(place + expected)
    assert caught.value.line == number


@pytest.mark.parametrize(
    "setting, line",
    [
        ("title", 'title = ""'),
        ("title", 'title = "two\\nlines"'),
        ("part", "part = 1.5"),
        ("files", "files = []"),
        ("files", 'files = "double.py"'),
        ("files", 'files = ["../double.py"]'),
        ("files", 'files = ["test_double.py"]'),
        ("needs", 'needs = "sleep"'),
        ("needs", "needs = []"),
        ("needs", 'needs = ["io", "io"]'),
        ("python", 'python = "3.14"'),
        ("packages", 'packages = ["numpy>1"]'),
        ("given", 'given = ["a.b.c"]'),
    ],
)
def test_every_setting_is_looked_at(tmp_path: Path, setting: str, line: str) -> None:
    others = [row for row in tiny_course.KATA_TOML.splitlines() if not row.startswith(setting)]
    root = tiny_course.make(tmp_path, changes={TOML: "\n".join([*others, line])})
    with pytest.raises(course.CourseError, match=rf"kata\.toml:\d: {setting} must be "):
        course.load(root)


def test_the_optional_settings_are_read(tmp_path: Path) -> None:
    more = 'python = ">=3.11"\npackages = ["json"]\ngiven = ["Outcome", "Pool.close"]\n'
    root = tiny_course.make(tmp_path, changes={TOML: tiny_course.KATA_TOML + more})
    (kata,) = course.load(root).katas
    assert (kata.python, kata.packages, kata.given) == (">=3.11", ("json",), ("Outcome", "Pool.close"))
    assert kata.missing_here() == ""


@pytest.mark.parametrize(
    "more, expected",
    [
        ('python = ">=3.99"', "This kata needs Python 3.99 or later."),
        ('packages = ["json", "no_such_package"]', "This kata needs a package that is not installed: no_such_package."),
    ],
)
def test_what_this_machine_lacks_is_said(tmp_path: Path, more: str, expected: str) -> None:
    root = tiny_course.make(tmp_path, changes={TOML: tiny_course.KATA_TOML + more})
    assert course.load(root).katas[0].missing_here() == expected


def test_a_kata_without_its_toml_is_an_error(tmp_path: Path) -> None:
    root = tiny_course.make(tmp_path, changes={TOML: None})
    with pytest.raises(course.CourseError, match=r"01_double/kata\.toml: it is missing"):
        course.load(root)


def test_a_toml_that_is_not_text_is_an_error(tmp_path: Path) -> None:
    root = tiny_course.make(tmp_path)
    (root / TOML).write_bytes(b'title = "\xff"')
    with pytest.raises(course.CourseError, match="it is not UTF-8 text"):
        course.load(root)


def test_two_katas_cannot_have_one_number(tmp_path: Path) -> None:
    with pytest.raises(course.CourseError, match="its number is taken by 01_a"):
        course.load(tiny_course.make(tmp_path, "01_a", "01_b"))


def test_a_clone_without_katas_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(course.CourseError, match="there is no such folder"):
        course.load(tmp_path)
    (tmp_path / "exercises").mkdir()
    with pytest.raises(course.CourseError, match="there are no katas in it"):
        course.load(tmp_path)


def test_the_clone_is_found_from_any_folder_in_it(tmp_path: Path) -> None:
    root = tiny_course.make(tmp_path)
    assert course.root_of(root / "exercises/01_double") == root.resolve()


def test_from_elsewhere_the_clone_is_the_graders_own(tmp_path: Path) -> None:
    assert course.root_of(tmp_path) == Path(course.__file__).resolve().parents[1]


@pytest.fixture
def three(tmp_path: Path) -> course.Course:
    return course.load(tiny_course.make(tmp_path, "01_print_tasks", "10_thread_pool", "11_thread_local"))


@pytest.mark.parametrize(
    "word", ["10", "10_thread_pool", "pool", "POOL", "exercises/10_thread_pool/", "exercises\\10_thread_pool"]
)
def test_a_kata_is_meant_by_number_name_part_or_folder(three: course.Course, word: str) -> None:
    assert [kata.name for kata in three.find([word])] == ["10_thread_pool"]


@pytest.mark.parametrize("word", ["1", "01", "001"])
def test_zeros_before_a_number_do_not_matter(three: course.Course, word: str) -> None:
    assert [kata.number for kata in three.find([word])] == [1]


def test_katas_are_found_once_each_and_in_order(three: course.Course) -> None:
    assert [kata.number for kata in three.find(["local", "1", "01"])] == [1, 11]


def test_no_words_mean_all_katas(three: course.Course) -> None:
    assert three.find([]) == three.katas


@pytest.mark.parametrize(
    "word, expected",
    [
        ("thread", "'thread' can mean 10_thread_pool, 11_thread_local. Write more of the name"),
        ("tread_pool", "There is no kata 'tread_pool'. Did you mean 10_thread_pool"),
        ("99", "There is no kata '99'. `python -m grader list` shows"),
        ("", "There is no kata ''."),
        ("9" * 5000, "There is no kata '999"),
        ("²", "There is no kata '²'."),
    ],
)
def test_a_word_that_means_no_single_kata_is_told(three: course.Course, word: str, expected: str) -> None:
    with pytest.raises(course.UnknownKata) as caught:
        three.find(["01", word])
    assert str(caught.value).startswith(expected)


def test_hints_come_in_steps_and_headings_in_code_are_no_steps(tmp_path: Path) -> None:
    text = "# Hints\n\nIntro.\n\n## One\n\n```sh\n## not a step\n```\n\n## Two\n\n### Part\n\ntext\n"
    root = tiny_course.make(tmp_path, changes={"exercises/01_double/hints.md": text})
    first, second = course.hints(course.load(root).katas[0])
    assert (first.title, first.text) == ("One", "```sh\n## not a step\n```")
    assert (second.title, second.text) == ("Two", "### Part\n\ntext")


def test_a_hint_names_the_checks_that_it_fits_and_does_not_show_it(tmp_path: Path) -> None:
    text = (
        "## One\n<!-- Fits: test_a -->\nText.\n\n## Two\n\n<!--Fits: test_b,test_c-->  \n<!-- aside -->\n\n"
        "## Three\n\n<!-- Fits: test_a -->\n"
    )
    kata = course.load(tiny_course.make(tmp_path, changes={"exercises/01_double/hints.md": text})).katas[0]
    assert [(hint.fits, hint.text) for hint in course.hints(kata)] == [
        (("test_a",), "Text."),
        (("test_b", "test_c"), "<!-- aside -->"),
        (("test_a",), ""),
    ]
    assert course.fitting(kata) == {"test_a": 1, "test_b": 2, "test_c": 2}


def test_strays_and_missing_files_are_named(tmp_path: Path) -> None:
    changes = {
        "exercises/01_double/hints.md": None,
        "exercises/01_double/old.py": "",
        "solutions/01_double/double.py": None,
        "solutions/01_double/wrong/notes.txt": "",
        "solutions/02_triple/triple.py": "",
    }
    found = course.load(tiny_course.make(tmp_path, changes=changes))
    (kata,) = found.katas
    assert [path.name for path in course.missing(kata)] == ["hints.md", "double.py"]
    assert [path.name for path in course.strays(kata)] == ["old.py", "notes.txt"]
    assert [path.name for path in course.stray_folders(found)] == ["02_triple"]
