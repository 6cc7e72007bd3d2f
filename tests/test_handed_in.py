"""Folders of submissions as platforms make them, and archives that strangers made."""

from __future__ import annotations

import contextlib
import stat
import tempfile
import tracemalloc
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import handed_in
from grader.handed_in import Refused, answers_in, lone_answer, submissions, unpack


def archive(path: Path, **files: str | bytes) -> Path:
    """Make a zip archive; a double underscore in a name is a slash, ``_DOT_`` a dot."""
    with zipfile.ZipFile(path, "w") as made:
        for name, data in files.items():
            made.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return path


def test_a_persons_name_and_number_are_read_off_the_platforms_names(tmp_path: Path) -> None:
    for name in ("Ann O'Neil_12345_assignsubmission_file_", "Bob_678_assignsubmission_file", "threads-cid", ".git"):
        (tmp_path / name).mkdir()
    archive(tmp_path / "Cid_9_assignsubmission_file_my-work.zip", a_DOT_py="")
    archive(tmp_path / "Dan_7_assignsubmission_file_x_8_assignsubmission_y.zip", a_DOT_py="")  # the rest is a student's
    archive(tmp_path / "devdora_LATE_77_4242_katas.zip", a_DOT_py="")
    archive(tmp_path / "mary_anndoe_103_9003_double.zip", a_DOT_py="")
    archive(tmp_path / "mary_anndoe_LATE_104_9004_x_5_6_y.zip", a_DOT_py="")
    archive(tmp_path / "eve_78_4243_katas-1.zip", a_DOT_py="")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "threads-cid")
    assert [(one.name, one.person, one.number) for one in submissions(tmp_path)] == [
        ("Ann O'Neil_12345_assignsubmission_file_", "Ann O'Neil", "12345"),
        ("Bob_678_assignsubmission_file", "Bob", "678"),
        ("Cid_9_assignsubmission_file_my-work", "Cid", "9"),
        ("Dan_7_assignsubmission_file_x_8_assignsubmission_y", "Dan", "7"),
        ("devdora_LATE_77_4242_katas", "devdora", "77"),
        ("eve_78_4243_katas-1", "eve", "78"),
        ("link", "link", ""),
        ("mary_anndoe_103_9003_double", "mary_anndoe", "103"),
        ("mary_anndoe_LATE_104_9004_x_5_6_y", "mary_anndoe", "104"),
        ("notes", "notes", ""),
        ("threads-cid", "threads-cid", ""),
    ]


def test_two_submissions_are_never_called_the_same(tmp_path: Path) -> None:
    (tmp_path / "ann").mkdir()
    for name in ("ann.zip", "ann.zip.py", "bob.zip", "bob.zip.py", "cid.ipynb", "cid.py"):
        (tmp_path / name).write_text("")
    names = [one.name for one in submissions(tmp_path)]
    assert names == ["ann", "ann.zip", "ann.zip (py)", "bob", "bob.zip (py)", "cid (ipynb)", "cid (py)"]


def test_results_are_not_one_file_where_large_letters_are_small_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor where an accent is part of its letter: macOS, Windows, shared folders."""
    composed, decomposed = (unicodedata.normalize(form, "Zoë") for form in ("NFC", "NFD"))
    paths = [tmp_path / name for name in ("Ann", "ANN", "ann", "Ann (2)", composed, decomposed, "bob", "Bob.py")]
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(paths))  # the system of the tests may be such a one
    names = [one.name for one in submissions(tmp_path)]
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(paths)
    assert {"ANN", "Ann (2)", "ann (3)", decomposed, f"{composed} (2)", "bob"} <= set(names)


@pytest.mark.parametrize("place", ["", "threads-main", "Ann/threads-main"])
@pytest.mark.parametrize("below", ["exercises/01_double", "01_double"])
def test_answers_are_found_a_few_folders_down(tmp_path: Path, place: str, below: str) -> None:
    (tmp_path / place / below).mkdir(parents=True)
    assert answers_in(tmp_path) == tmp_path / place


def test_a_folder_without_answers_is_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "a/b/c/d/e/exercises").mkdir(parents=True)
    (tmp_path / "exercises").symlink_to(tmp_path / "a/b/c/d/e/exercises")
    assert answers_in(tmp_path) == tmp_path


def test_an_archives_regular_files_are_unpacked(tmp_path: Path) -> None:
    made = archive(tmp_path / "a.zip", exercises__01_double__double_DOT_py="x = 1\n")
    with zipfile.ZipFile(made, "a") as opened:
        link = zipfile.ZipInfo("exercises/link.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(link, "/etc/passwd")
        opened.writestr("back\\slash.py", "x = 2\n")
    unpack(made, tmp_path / "out")
    files = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if not path.is_dir()}
    assert files == {"exercises/01_double/double.py", "back/slash.py"}


def test_only_what_can_be_part_of_an_answer_is_unpacked_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A student who packs the whole folder, with ``.venv`` and pictures in it, has handed in what was asked for."""
    monkeypatch.setattr(handed_in, "MOST_FILES", 2)
    installed = (".venv/lib/a.py", "venv/Lib/site-packages/b/c.py")
    names = ("exercises/01_double/double.py", *installed, "a/.git/b.py", "__MACOSX/._c.py", "At 10:30.png")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        for name in (*names, "exercises/01_double/answer.ipynb", f"{'long' * 80}.txt"):
            opened.writestr(name, "x = 1\n")
    unpack(tmp_path / "a.zip", tmp_path / "out")
    files = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if not path.is_dir()}
    assert files == {"exercises/01_double/double.py", "exercises/01_double/answer.ipynb"}


@pytest.mark.parametrize("name", ["../evil.py", "a/../../evil.py", "/evil.py", "C:/evil.py", "..\\evil.py"])
def test_nothing_is_unpacked_elsewhere(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        opened.writestr(name, "x = 1\n")
    with pytest.raises(Refused, match="outside"):
        unpack(tmp_path / "a.zip", tmp_path / "deep" / "out")
    assert not list(tmp_path.rglob("evil.py"))


def test_an_archive_of_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it says of its sizes."""
    monkeypatch.setattr(handed_in, "MOST_BYTES", 10_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a.py", b"0" * 1_000_000)
    with pytest.raises(Refused, match="larger than"):
        unpack(tmp_path / "bomb.zip", tmp_path / "out")
    monkeypatch.setattr(handed_in, "MOST_FILES", 3)
    many = archive(tmp_path / "many.zip", **{f"f{number}_DOT_py": "" for number in range(4)})
    with pytest.raises(Refused, match="more than 3 files"):
        unpack(many, tmp_path / "out")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_python_unpacks_without_a_bound_is_refused_unread(
    tmp_path: Path, method: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two KiB of bzip2 can be many GiB, and `zipfile` makes all of them at once, however few it is asked for."""
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", method) as opened:
        opened.writestr("a.py", b" " * 2**20)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it is unpacked"))
    with pytest.raises(Refused, match="another method than deflate: pack it anew"):
        unpack(tmp_path / "bomb.zip", tmp_path / "out")


def test_what_is_not_unpacked_may_be_packed_in_any_way(tmp_path: Path) -> None:
    made = archive(tmp_path / "a.zip", a_DOT_py="x = 1")
    with zipfile.ZipFile(made, "a", zipfile.ZIP_LZMA) as opened:
        opened.writestr("film.mp4", b"0" * 1000)
    unpack(made, tmp_path / "out")
    assert (tmp_path / "out/a.py").read_text() == "x = 1"


def test_a_bomb_takes_no_more_memory_than_an_archive_may_hold(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as opened,
        opened.open("a.py", "w", force_zip64=True) as file,
    ):
        for _ in range(20):
            file.write(bytes(16 * 2**20))
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="larger than 32 MiB"):
            unpack(tmp_path / "bomb.zip", tmp_path / "out")
        assert tracemalloc.get_traced_memory()[1] < 4 * handed_in.MOST_BYTES
    finally:
        tracemalloc.stop()


def test_entries_are_counted_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs an object, whatever it is called, and the smallest is 46 bytes of the archive."""
    monkeypatch.setattr(handed_in, "MOST_ENTRIES", 3)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    (tmp_path / "many.zip").write_bytes((b"PK\x01\x02" + bytes(42)) * 4)
    with pytest.raises(Refused, match="more than 3 files"):
        unpack(tmp_path / "many.zip", tmp_path / "out")


def test_bytes_that_many_entries_share_are_not_unpacked_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that unpack to nothing would cost time for each entry, and never come up to the bound of what is made."""
    monkeypatch.setattr(handed_in, "MOST_BYTES", 10_000)
    made = archive(tmp_path / "a.zip", a_DOT_py=b"x" * 4000)
    data = made.read_bytes()
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    count = (3).to_bytes(2, "little")
    size = (3 * (end - at)).to_bytes(4, "little")
    made.write_bytes(data[:end] + data[at:end] * 2 + data[end : end + 8] + count + count + size + data[end + 16 :])
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it is unpacked"))
    with pytest.raises(Refused, match="damaged"):
        unpack(made, tmp_path / "out")


def test_what_lies_too_deep_for_an_answer_is_not_unpacked(tmp_path: Path) -> None:
    """Thousands of folders in one another are made and removed by functions that call themselves."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        opened.writestr("b/" * 11 + "a.py", "x = 1")
        opened.writestr("a/" * 2000 + "a.py", "x = 1")
    unpack(tmp_path / "a.zip", tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b"]
    assert len(list((tmp_path / "out").rglob("*.py"))) == 1


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18 + b"x", b"PK\x03\x04" + b"\xff" * 60])
def test_what_is_no_archive_is_refused_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    try:
        unpack(tmp_path / "a.zip", tmp_path / "out")
    except Refused as reason:
        told = str(reason)
    else:
        told = ""
    assert len(told.splitlines()) <= 1
    assert not (tmp_path / "out").exists()


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
)
def test_a_damaged_archive_is_refused_or_unpacked(method: int, damages: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "a.zip")
        with zipfile.ZipFile(path, "w", method) as opened:
            opened.writestr("a.py", bytes(range(256)))
        data = bytearray(path.read_bytes())
        for place, value in damages:
            data[place % len(data)] = value
        path.write_bytes(data)
        with contextlib.suppress(Refused):
            unpack(path, Path(name, "out"))


def test_an_archive_with_a_password_is_refused_by_that_name(tmp_path: Path) -> None:
    data = bytearray(archive(tmp_path / "a.zip", a_DOT_py="x = 1").read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(Refused, match="without a password"):
        unpack(tmp_path / "a.zip", tmp_path / "out")


def test_a_name_in_the_archive_that_is_a_file_and_a_folder_is_refused(tmp_path: Path) -> None:
    made = archive(tmp_path / "a.zip", a_DOT_py="x", a_DOT_py__b_DOT_py="y")
    with pytest.raises(Refused, match="can't be unpacked"):
        unpack(made, tmp_path / "out")


def test_whatever_was_handed_in_has_a_row(tmp_path: Path) -> None:
    for name in ("devdora_77_4242_double-1.py", "eve.ipynb", "fin_78_4243_work.rar", "notes.pdf", ".ann.py"):
        (tmp_path / name).write_text("")
    assert [(one.name, one.number) for one in submissions(tmp_path)] == [
        ("devdora_77_4242_double-1", "77"),
        ("eve", ""),
        ("fin_78_4243_work", "78"),
        ("notes", ""),
    ]


@pytest.mark.parametrize(
    "files, found",
    [
        (["double.py"], "double.py"),
        (["my answer.py", "notes.txt", "__MACOSX/._my answer.py"], "my answer.py"),
        (["work/double.py", "work/helper.py"], "work"),
        (["src/double.py", "tests/conftest.py", "tests/test_double.py"], "src/double.py"),
        (["exercises/01_double/double.py", "setup.py"], None),
        (["notes.txt"], None),
    ],
)
def test_files_of_one_kata_are_found_where_no_folder_says_to_which(
    tmp_path: Path, files: list[str], found: str | None
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert lone_answer(tmp_path) == (None if found is None else tmp_path / found)
