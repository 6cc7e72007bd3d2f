"""What strangers write reaches a terminal as text only."""

from __future__ import annotations

import re
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
        ("a\u034fb\u3164c\u206ad\xade", "a\\u034fb\\u3164c\\u206ad\\xade"),
        ("tag \U000e0041\U000e007f", "tag \\U000e0041\\U000e007f"),
        ("\u2764\ufe0f \U0001f469\u200d\U0001f4bb", "\u2764\ufe0f \U0001f469\u200d\U0001f4bb"),
        ("##[error]x", "#\\#[error]x"),
        ("before ###[group]x##[endgroup]", "before ##\\#[group]x#\\#[endgroup]"),
        ("#\x1b[1m#[error]", "#\\#[error]"),
        ("::error::x\n \t::set-output name=a::b", ":\\:error::x\n \t:\\:set-output name=a::b"),
        ("\r::debug::x", "\n:\\:debug::x"),
        ("a::b, ## title, [1]", "a::b, ## title, [1]"),
        ("a ##vso[task.complete]b", "a #\\#vso[task.complete]b"),
        ("##teamcity[buildStop]###VSO[x]", "#\\#teamcity[buildStop]##\\#VSO[x]"),
        ("##v\x1b[1mso[x]", "#\\#vso[x]"),
    ],
)
def test_sequences_go_and_other_control_characters_are_spelt(text: str, expected: str) -> None:
    assert printable.clean(text) == expected


@given(st.text(alphabet=st.characters(), max_size=200))
def test_nothing_but_text_tabs_and_line_ends_is_left(text: str) -> None:
    for character in printable.clean(text):
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") or character in "\t\n"


DEFAULT_IGNORABLE = [
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
    *range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE1000),
]  # fmt: skip
"""As DerivedCoreProperties.txt of Unicode has them: `unicodedata` does not."""


def test_what_nobody_sees_is_spelt_but_for_what_words_and_emoji_are_joined_by() -> None:
    left = [code for code in DEFAULT_IGNORABLE if chr(code) in printable.clean(f"a{chr(code)}b")]
    assert left == [0x200C, 0x200D, 0xFE0E, 0xFE0F]


@given(st.text(alphabet=st.sampled_from("\x1b[]\x07\\31m;Pc\x9b"), max_size=30))
def test_no_escape_is_made_of_what_is_left_around_one_that_went(text: str) -> None:
    assert "\x1b" not in printable.clean(text)


@given(st.text(alphabet=st.sampled_from("#[: \n\t\r\x1bmx\u3000-."), max_size=60), st.integers(8, 40))
def test_no_command_to_the_reader_of_a_log_is_left(text: str, limit: int) -> None:
    """Nor is one made by what is left out, or by another cleaning."""
    told = printable.clean(text, limit)
    assert not re.search(r"##[\w.-]*\[", told)
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
