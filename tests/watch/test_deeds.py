"""What watch does for the learner, where files and folders do not let it."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from grader import course, stub
from grader.course import Course, Kata
from grader.watch import deeds, editing, messages, model
from tests import tiny_course


@pytest.fixture
def here(tmp_path: Path) -> Course:
    return course.load(tiny_course.make(tmp_path / "clone"))


def page(events: object) -> model.Page:
    assert isinstance(events, list)
    shown = events[0]
    assert isinstance(shown, model.Shown)
    return shown.page


def test_a_hint_names_keys_and_no_commands(here: Course) -> None:
    first = page(deeds.show_hint(here, here.katas[0], None))
    assert "Try 1." in first.text
    assert "One step more: h" in first.text
    assert "python -m grader" not in first.text
    assert "Use `2 *`." in page(deeds.show_hint(here, here.katas[0], 2)).text


def test_a_hint_that_there_is_not_is_told(here: Course) -> None:
    assert deeds.show_hint(here, here.katas[0], 7) == [model.Said("01_double has hints 1 to 2, and no hint 7.")]


def test_the_next_hint_is_the_one_after_those_of_this_session(here: Course) -> None:
    (here.root / ".grader").write_text("in the way", encoding="utf-8")
    for seen, title, known in ((0, "Hint 1 of 2", 1), (1, "Hint 2 of 2", 2), (2, "Hint 2 of 2", 2)):
        shown, told, *_ = deeds.show_hint(here, here.katas[0], None, seen)
        assert title in page([shown]).text
        assert isinstance(told, model.Known)
        assert told.hints_seen == {"01_double": known}


def test_a_damaged_memory_is_told_beside_a_hint(here: Course) -> None:
    (here.root / ".grader").mkdir()
    (here.root / ".grader/state.json").write_text("{", encoding="utf-8")
    *_, last = deeds.show_hint(here, here.katas[0], None)
    assert isinstance(last, model.Said)
    assert "was damaged and is now" in last.sentence


def test_how_many_hints_were_seen_is_known_after_each(here: Course) -> None:
    known = deeds.show_hint(here, here.katas[0], None)[1]
    assert isinstance(known, model.Known)
    assert (known.hints_seen, known.hints) == ({"01_double": 1}, {"01_double": 2})


def test_the_reference_is_shown_and_in_a_repository_for_students_it_says_why_not(here: Course) -> None:
    assert "return 2 * number" in page(deeds.show_reference(here, here.katas[0])).text
    (here.root / "solutions").rename(here.root / "elsewhere")
    known = deeds.survey(here)[0]
    assert isinstance(known, model.Known)
    assert not known.references
    said = deeds.show_reference(here, here.katas[0])[0]
    assert isinstance(said, model.Said)
    assert "one for students" in said.sentence


def test_a_stub_that_cannot_be_written_is_told_and_nothing_is_lost(
    here: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    kata = here.katas[0]
    monkeypatch.setattr(stub, "original", lambda *_: {"double.py": b"new"})

    def refuse(kata: Kata, _: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(kata.folder / "double.py"))

    monkeypatch.setattr(stub, "put_back", refuse)
    said = deeds.reset(here, kata)
    assert said == [model.Said(messages.unwritten(f"{kata.folder / 'double.py'}: Read-only file system"))]


def test_where_the_folder_has_gone_nothing_else_is_said_of_hints_the_stub_and_the_answer(here: Course) -> None:
    kata = here.katas[0]
    kata.folder.rename(here.root / "elsewhere")
    for said in (deeds.show_hint(here, kata, None), deeds.reset(here, kata), deeds.missing(kata)):
        assert said == [model.Said(messages.no_folder(kata.folder))]


def test_a_stub_that_was_put_back_is_told_for_longer_than_the_change_of_its_file(
    here: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stub, "original", lambda *_: {"double.py": b"new"})
    told = messages.put_back(["double.py"], ["double.py.1"])
    assert deeds.reset(here, here.katas[0]) == [model.Said(told, about_files=True)]


def test_a_stub_that_is_as_it_was_is_left_alone(here: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    kata = here.katas[0]
    data = (kata.folder / "double.py").read_bytes()
    monkeypatch.setattr(stub, "original", lambda *_: {"double.py": data})
    assert deeds.reset(here, kata) == [model.Said(messages.AT_THE_BEGINNING)]


@pytest.mark.parametrize(
    "named,windowed",
    [
        ({}, True),
        ({"EDITOR": " "}, True),
        ({"EDITOR": "vim"}, False),
        ({"EDITOR": "/usr/bin/nano -w"}, False),
        ({"EDITOR": "vim", "VISUAL": "code --wait"}, True),
        ({"VISUAL": '"C:/Program/code.cmd" -n'}, True),
        ({"VISUAL": "emacs -nw", "EDITOR": "code", "DISPLAY": ":0"}, False),
        ({"VISUAL": "emacs"}, False),
        ({"VISUAL": "emacs", "DISPLAY": ":0"}, True),
        ({"VISUAL": "emacsclient -c", "WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"VISUAL": "emacsclient -t", "DISPLAY": ":0"}, False),
        ({"VISUAL": "emacsclient", "DISPLAY": ":0"}, True),
        ({"EDITOR": "vim -g", "DISPLAY": ":0"}, True),
        ({"EDITOR": "zeditor --wait"}, True),
        ({"EDITOR": "neovide"}, True),
        ({"EDITOR": "nvim-qt"}, True),
        ({"EDITOR": "'/opt/my editors/gvim' -f"}, True),
        ({"EDITOR": "'/opt/code/vim' -f"}, False),
        ({"EDITOR": "vim 'x"}, False),
        ({"EDITOR": "flatpak run org.gnome.gedit"}, True),
    ],
)
def test_editors_with_a_window_are_known(named: dict[str, str], *, windowed: bool) -> None:
    assert editing.has_window(named) is windowed
