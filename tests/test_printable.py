"""What strangers write reaches a terminal as text only."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import printable


@pytest.mark.parametrize(
    "text, expected",
    [
        ("plain, ünï and 漢", "plain, ünï and 漢"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;bmV2ZXIgZW5kZWQ=", ""),
        ("\x1bPdevice\x1b\\after", "after"),
        ("\x1bcreset", "reset"),
        ("half \x1b", "half \\x1b"),
        ("nul \0 bell \a back \b", "nul \\x00 bell \\x07 back \\x08"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("line\u2028separator", "line\\u2028separator"),
        ("lone \ud800", "lone \\ud800"),
        ("##[error]x", "#\\#[error]x"),
        ("before ###[group]x##[endgroup]", "before ##\\#[group]x#\\#[endgroup]"),
        ("#\x1b[1m#[error]", "#\\#[error]"),
        ("::error::x\n \t::set-output name=a::b", ":\\:error::x\n \t:\\:set-output name=a::b"),
        ("\r::debug::x", "\n:\\:debug::x"),
        ("a::b, ## title, [1]", "a::b, ## title, [1]"),
    ],
)
def test_sequences_go_and_other_control_characters_are_spelt(text: str, expected: str) -> None:
    assert printable.clean(text) == expected


@given(st.text(alphabet=st.characters(), max_size=200))
def test_nothing_but_text_tabs_and_line_ends_is_left(text: str) -> None:
    for character in printable.clean(text):
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") or character in "\t\n"


@given(st.text(alphabet=st.sampled_from("\x1b[]\x07\\31m;Pc\x9b"), max_size=30))
def test_no_escape_is_made_of_what_is_left_around_one_that_went(text: str) -> None:
    assert "\x1b" not in printable.clean(text)


@given(st.text(alphabet=st.sampled_from("#[: \n\t\r\x1bmx\u3000"), max_size=60), st.integers(8, 40))
def test_no_command_to_the_reader_of_a_log_is_left(text: str, limit: int) -> None:
    """Nor is one made by what is left out, or by another cleaning."""
    told = printable.clean(text, limit)
    assert "##[" not in told
    assert not any(row.lstrip().startswith("::") for row in told.split("\n"))
    assert printable.clean(told) == told


def test_many_empty_rows_are_looked_at_once() -> None:
    assert printable.clean("\n" * 20_000) == "\n" * 20_000
    assert printable.clean(" " * 20_000) == " " * 20_000


def test_what_is_too_long_loses_its_middle_and_says_so() -> None:
    text = printable.clean("a" * 900 + "b" * 900, limit=400)
    assert text == "a" * 300 + "\n... 1400 characters left out ...\n" + "b" * 100


def test_a_flood_is_cut_before_it_is_searched() -> None:
    assert len(printable.clean("\x1b[" * 5_000_000, limit=1000)) < 1100


def test_a_line_is_one_line_of_bounded_length() -> None:
    assert printable.line(" two \n\x1b[1mlines ") == "two lines"
    assert printable.line("x" * 300, limit=10) == "xxxxxxx..."
