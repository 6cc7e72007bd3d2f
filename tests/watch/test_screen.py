"""What is shown: everything that matters at 80 × 24, nothing that acts on the terminal, and never a row too many."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.verdict import Check, Excerpt, Status
from grader.watch import messages, model
from grader.watch.screen import Look, frame
from tests.watch import small

LONG = "\n".join(f"line {number}" for number in range(100))


def text(state: model.State, look: Look | None = None) -> str:
    return "\n".join(row.plain.rstrip() for row in frame(state, look or Look()).rows)


def test_a_failure_shows_what_failed_why_what_is_next_and_the_keys() -> None:
    shown = text(small.failed())
    first, second = shown.splitlines()[:2]
    assert first == f"Katas {34 * '░'} 0 of 3 done   Score 4 of 15"
    assert second == f"01_apples: Apples{40 * ' '}{'✘ failed 4/5 12:00:00':>23}"
    assert "✔ passed       It does b." in shown
    assert "✘ failed       It does a." in shown
    assert "  | a gave 1, not 2." in shown
    assert "Next: edit and save. A hint: h" in shown
    assert shown.splitlines()[-1].startswith("n next  h hint  l list  t lanes  s reference")


def test_where_there_is_little_room_checks_that_passed_share_a_row() -> None:
    shown = text(small.failed(), Look(80, 14))
    assert "✔ passed       2 checks" in shown
    assert "It does b." not in shown
    assert "  | a gave 1, not 2." in shown


def test_a_pass_shows_each_check_and_that_n_goes_on() -> None:
    shown = text(small.passed())
    assert "✔ passed       It works for real." in shown
    assert "Next: n goes on" in shown
    assert "█" in shown


def test_while_a_kata_is_judged_whose_checks_were_unknown_nothing_is_said_of_what_is_to_come() -> None:
    first, *others = small.entries()
    state, _ = model.begin((dataclasses.replace(first, planned=()), *others), 0)
    state = small.after(state, model.Found("01_apples", small.answer()))
    assert "judging: 0 so far" in text(state)
    assert not state.ends
    state = small.after(state, model.Judged(state.run, small.check("test_a")))
    assert "judging: 1 so far" in text(state)
    assert not state.settled


def test_a_failure_names_the_key_of_the_hint_that_fits_it() -> None:
    state = small.failed()
    first, *others = state.entries
    entries = (dataclasses.replace(first, fitting={"test_a": 2}), *others)
    fitted = text(dataclasses.replace(state, entries=entries))
    assert "  Hint 2 is about this: press 2" in fitted
    assert "Next: edit and save. Hint 2 is about this: press 2" in fitted
    assert "is about this" not in text(state)


def test_a_hint_may_be_for_one_end_of_a_check_only() -> None:
    state = small.failed()
    first, *others = state.entries
    fitting = {"test_a": 2, "test_a failed": 3, "test_a timed out": 1}
    shown = text(dataclasses.replace(state, entries=(dataclasses.replace(first, fitting=fitting), *others)))
    assert "  Hint 3 is about this: press 3" in shown


def unjudged(*others: Check) -> model.State:
    busy = small.check("test_real", Status.GRADER_ERROR, "This machine was too busy.")
    return small.judged(*(others or (small.check("test_a"), small.check("test_b"))), busy)


def test_where_the_machine_could_not_judge_all_nothing_is_to_be_mended() -> None:
    shown = text(unjudged()).splitlines()
    assert "  | This machine was too busy." in shown
    assert shown[-2] == messages.NOT_ALL_JUDGED
    assert "edit" not in shown[-2]
    failing = text(unjudged(small.check("test_a", Status.FAILED, LONG), small.check("test_b"))).splitlines()
    assert "  | This machine was too busy." in failing, "what is short and ours stands before what is long"
    assert failing[-2] == "Next: edit and save. A hint: h"


def test_a_lost_file_is_said_with_the_key_that_helps() -> None:
    lost = dataclasses.replace(small.answer("", status=Status.NOT_STARTED), lacking=("apples.py",))
    state = small.after(small.begun(), model.Found("01_apples", lost))
    verdict = small.verdict(small.check("test_a", Status.NOT_STARTED, "It is not there."))
    shown = text(small.after(state, model.Finished(state.run, verdict, "12:00:00")))
    assert "apples.py is not there. x puts the stub back." in shown


def test_no_hint_fits_an_answer_of_which_no_check_was_run() -> None:
    state = small.after(small.begun(), model.Found("01_apples", small.answer("x =", status=Status.CRASHED)))
    first, *others = state.entries
    state = dataclasses.replace(state, entries=(dataclasses.replace(first, fitting={"test_a": 2}), *others))
    verdict = small.verdict(small.check("test_a", Status.CRASHED, "It can't be read."))
    shown = text(small.after(state, model.Finished(state.run, verdict, "12:00:00")))
    assert "It can't be read." in shown
    assert messages.MEND in shown
    assert "is about this" not in shown


def test_what_is_longer_than_the_screen_says_so_and_can_be_scrolled() -> None:
    state = small.failed(LONG)
    shown = text(state)
    assert "more: m" in shown
    assert "line 99" not in shown
    down = small.press(state, "end")[0]
    assert "line 99" in text(down)
    assert "more: m" not in text(down)
    assert frame(down, Look()).scroll < 200


def test_a_long_row_is_cut_between_words() -> None:
    state = small.after(small.failed(), model.Shown(model.Page("hint", "", "word " * 40)))
    rows = text(state).splitlines()[3:6]
    assert all(set(row.split()) == {"word"} for row in rows)


def test_a_long_notice_is_shown_whole() -> None:
    shown = text(small.after(small.failed(), model.Said(f"It was damaged. {'Nothing is lost. ' * 10}The end.")))
    assert "It was damaged." in shown
    assert "The end." in shown
    assert shown.splitlines()[-1].startswith("n next")


def test_what_an_answer_wrote_does_nothing_to_the_terminal() -> None:
    state = small.failed("\x1b[2J\x1b]0;title\x07 gave \x9b31m [red]1[/red]")
    shown = text(state)
    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert "[red]1[/red]" in shown


def test_while_it_is_judged_it_says_how_far_it_is() -> None:
    state = small.after(small.begun(), model.Found("01_apples", small.answer()))
    assert "judging: 0 of 3 checks" in text(state)
    state = small.after(state, model.Judged(state.run, small.check("test_a")))
    assert "judging: 1 of 3 checks" in text(state)
    assert messages.REAL_TIME_RUNS not in text(state)
    state = small.after(state, model.Judged(state.run, small.check("test_b")))
    assert messages.REAL_TIME_RUNS in text(state)
    assert "… real time    It works for real." in text(state)


def test_where_nothing_was_begun_it_says_where_to_begin() -> None:
    state = small.after(small.begun(), model.Found("01_apples", small.answer(status=Status.NOT_STARTED)))
    checks = [small.check(one.name, Status.NOT_STARTED, "Write it.") for one in small.PLANNED]
    verdict = small.verdict(*checks, status=Status.NOT_STARTED, message="Write it.")
    shown = text(small.after(state, model.Finished(state.run, verdict, "12:00:00")))
    assert "The lesson: exercises/01_apples/README.md" in shown
    assert "Your answer: exercises/01_apples/apples.py" in shown


def test_the_list_shows_what_is_done_and_where_one_is() -> None:
    shown = text(small.press(small.passed(), "l")[0]).splitlines()
    assert shown[3] == "> ✔ 01_apples  Apples                                          part 1,  5 points"
    assert shown[4].startswith("    02_pears   Pears ")
    assert messages.NOT_FOUND in text(small.press(small.passed(), "l", "/", "z")[0])


def test_the_list_tells_which_were_tried() -> None:
    known = model.Known(frozenset(), frozenset(), {}, {}, tried=frozenset({"02_pears"}))
    shown = text(small.after(small.press(small.failed(), "l", "f")[0], known)).splitlines()
    assert shown[4].startswith("  ✘ 02_pears   Pears ")
    assert shown[5].startswith("    03_plums   Plums ")
    assert shown[-2].endswith("only: to be done (f)")
    narrow = text(small.press(small.failed(), "l")[0], Look(40, 12))
    assert "points" not in narrow.partition("apples")[2]


def test_the_place_of_the_answer_is_always_shown_with_the_line_of_a_failure() -> None:
    path = "── exercises/01_apples/apples.py"
    assert text(small.passed()).splitlines()[2].startswith(f"{path} ─")
    where = Excerpt("apples.py", 12, 12, ("x = 1",))
    bad = msgspec.structs.replace(small.check("test_a", Status.FAILED, "No."), excerpt=where)
    assert text(small.judged(bad, small.check("test_b"))).splitlines()[2].startswith(f"{path}:12 ─")


def test_what_is_bad_so_far_is_said_while_other_checks_are_judged() -> None:
    state = small.after(small.begun(), model.Found("01_apples", small.answer()))
    state = small.after(state, model.Judged(state.run, small.check("test_a", Status.FAILED)))
    assert text(state).splitlines()[-2] == messages.BAD_SO_FAR
    state = small.after(state, model.Judged(state.run, small.check("test_b")))
    assert text(state).splitlines()[-2] == "Next: edit and save. A hint: h"


def test_code_that_is_folded_keeps_what_it_is_indented_by() -> None:
    code = f"## a.py\n\n~~~~~python\ndef f():\n    x = '{'word ' * 30}'\n~~~~~"
    page = model.Shown(model.Page("reference", "", code, markdown=True))
    for look in (Look(), Look(unicode=False)):
        rows = [row for row in text(small.after(small.failed(), page), look).splitlines() if "word" in row]
        assert len(rows) == 3
        assert len({len(row) - len(row.lstrip()) for row in rows}) == 1


def test_pictures_of_a_lesson_are_left_as_they_are() -> None:
    row = f"{'─' * 60}│  as wide as a row"
    page = model.Shown(model.Page("lesson", "", f"# A\n\n```text\n{row}\n  {row[:78]}\n```\n\nEnd.", markdown=True))
    rows = text(small.after(small.failed(), page)).splitlines()
    assert row in rows
    assert f"  {row[:78]}" in rows


def test_a_row_of_a_check_that_is_folded_keeps_its_bar() -> None:
    rows = [row for row in text(small.failed("中" * 100)).splitlines() if "中" in row]
    assert len(rows) > 2
    assert all(row.startswith("  | ") for row in rows)


def test_without_unicode_a_paragraph_of_a_hint_is_folded_as_a_whole() -> None:
    words = "## Think\n\nIt is\nshort `a ==\nb`.\n\n- one\n- two\n  goes on\n\n```\nx\ny\n```\nThe\nend."
    page = model.Shown(model.Page("hint", "", words, markdown=True))
    rows = text(small.after(small.failed(), page), Look(unicode=False)).splitlines()[3:15]
    assert rows[:3] == ["Think", "", "It is short a == b."]
    assert [row for row in rows[3:] if row] == [" * one", " * two goes on", "x", "y", "The end."]


def test_without_unicode_pictures_of_a_lesson_are_drawn_in_ascii() -> None:
    page = model.Shown(model.Page("lesson", "", "# 01 · A\n\n```text\n┌──┐\n│ a│ → b\n└──┘\n```", markdown=True))
    rows = text(small.after(small.failed(), page), Look(unicode=False)).splitlines()
    assert any(row.strip() == "01 * A" for row in rows)
    assert [row for row in rows if row in ("+--+", "| a| > b")] == ["+--+", "| a| > b", "+--+"]


def test_the_pages_name_the_keys_that_help_on_them() -> None:
    lanes = text(small.press(small.failed(), "t")[0]).splitlines()
    assert lanes[3] == "Picture 1 of 3. The next one: t"
    assert "t the next lanes" in lanes[-1]
    keys = text(small.press(small.failed(), "?")[0])
    assert all(meaning in keys for _, meaning in (*messages.KEYS, *messages.MORE_KEYS))


def test_a_search_is_shown_only_where_there_is_one() -> None:
    assert text(small.press(small.failed(), "l")[0]).splitlines()[-2] == ""
    assert text(small.press(small.failed(), "l", "f")[0]).splitlines()[-2] == messages.ONLY["open"]
    assert text(small.press(small.failed(), "l", "/")[0]).splitlines()[-2] == "Search: _"
    assert text(small.press(small.failed(), "l", "/", "a", "enter")[0]).splitlines()[-2] == "Search: a"


def test_what_is_printed_is_shown_once() -> None:
    names = ("test_a", "test_b", "test_real")
    printed = ("tick", "tick", "other")
    bad = [small.check(name, Status.FAILED, f"No {name}.", out) for name, out in zip(names, printed, strict=True)]
    shown = text(small.judged(*bad), Look(80, 60))
    assert (shown.count("> tick"), shown.count("> other"), shown.count("| No test_")) == (1, 1, 3)


def test_where_the_answer_is_gone_no_text_is_said_to_be_kept() -> None:
    lost = dataclasses.replace(small.answer("", status=Status.NOT_STARTED), lacking=("apples.py",))
    state = small.press(small.after(small.begun(), model.Found("01_apples", lost)), "x")[0]
    assert text(state).splitlines()[-2] == "Put the stub of apples.py back? (y/n)"


def test_a_long_list_follows_its_cursor() -> None:
    many = tuple(model.Entry(small.kata(f"{number:02}_kata"), small.PLANNED) for number in range(1, 60))
    state = small.press(model.begin(many, 0)[0], "l", "end")[0]
    assert "> " in text(state)
    assert "59_kata" in text(state)


def test_the_lanes_of_a_check_are_drawn_with_its_name() -> None:
    shown = text(small.press(small.failed(), "t")[0])
    assert "01_apples test_a: failed" in shown
    assert "MainThread  |......" in shown


def test_a_question_stands_where_the_eye_is_and_names_its_keys() -> None:
    shown = text(small.press(small.failed(), "x")[0]).splitlines()
    assert shown[-2] == messages.ask_reset("apples.py")
    assert shown[-1] == "y yes  n no"


def test_on_a_narrow_screen_the_bar_gives_way_to_the_score() -> None:
    assert text(small.passed(), Look(40, 12)).startswith("Katas 1 of 3 done   Score 5 of 15\n")


@pytest.mark.parametrize("look", [Look(), Look(40, 12), Look(40, 8)])
def test_a_sentence_that_is_too_long_for_a_row_goes_on_in_the_next(look: Look) -> None:
    shown = text(dataclasses.replace(small.failed(), notice=messages.no_reference(0, 5)), look)
    assert "The next hint: h" in " ".join(shown.split()) or look.height < 12
    assert len(shown.splitlines()) == look.height


@pytest.mark.parametrize("state", [small.failed("é – ✘ 中"), small.passed(), small.press(small.passed(), "l")[0]])
def test_without_unicode_everything_is_ascii(state: model.State) -> None:
    assert text(state, Look(unicode=False)).isascii()


@given(
    st.builds(Look, st.integers(1, 220), st.integers(1, 70), st.booleans()),
    st.sampled_from([small.passed(), small.failed(LONG), small.failed("中" * 300), small.begun()]),
    st.lists(st.sampled_from("lhtsxm/f"), max_size=3),
)
def test_a_frame_fits_every_terminal(look: Look, state: model.State, keys: list[str]) -> None:
    shown = frame(small.press(state, *keys)[0], look)
    assert len(shown.rows) == look.height
    assert all(cell_len(row.plain) <= look.width for row in shown.rows)


@pytest.mark.parametrize("unicode", [True, False])
def test_markdown_of_a_hint_is_rendered(unicode: bool) -> None:  # noqa: FBT001 - a parameter of the test
    page = model.Shown(model.Page("hint", "", "## Think\n\nUse `2 *`.\n\n- one\n\n> so", markdown=True))
    shown = text(small.after(small.failed(), page), Look(unicode=unicode))
    assert "Use 2 *." in shown
    assert not any(mark in shown for mark in ("##", "`", "> so", "- one"))


@pytest.mark.parametrize("width", [40, 60, 80])
def test_without_unicode_nothing_is_lost_by_what_gets_longer(width: int) -> None:
    message = "Two tasks wait 5 × 0.992 s each – so it took λ 4.96 s … " + "é中 word " * 20 + "and this is the END"
    shown = text(small.failed(message), Look(width, 60, unicode=False))
    assert shown.isascii()
    assert "END" in shown
    assert shown.count("word") == 20
    told = " ".join(shown.replace("  |", "").split())
    assert "5 x 0.992 s each - so it took \\u03bb 4.96 s ..." in told
    state = dataclasses.replace(small.failed(), notice="é" * 30 + " END")
    assert "END" in text(state, Look(width, 24, unicode=False))


def test_without_unicode_what_is_printed_is_not_taken_for_what_is_like_it() -> None:
    failed = small.judged(small.check("test_a", Status.FAILED, "No.", "5 × 1"), small.check("test_b"))
    assert "  | > 5 \\xd7 1" in text(failed, Look(unicode=False))


@pytest.mark.parametrize("unicode, mark", [(True, "…"), (False, "...")])
def test_a_title_that_is_cut_says_so(unicode: bool, mark: str) -> None:  # noqa: FBT001 - as above
    planned = (dataclasses.replace(small.PLANNED[0], title="It does ï " + "and so on " * 20), *small.PLANNED[1:])
    state = small.judged(small.check("test_a"), small.check("test_b"))
    entry = dataclasses.replace(state.entry, planned=planned, kata=small.kata("01_apples", "Apples " * 30))
    state = dataclasses.replace(state, entries=(entry, *state.entries[1:]))
    rows = text(state, Look(unicode=unicode)).splitlines()
    assert f"{mark} 1/1" in next(row for row in rows if "It does" in row)
    assert f"{mark} " in rows[1]
    listed = text(small.press(state, "l")[0], Look(unicode=unicode)).splitlines()
    assert mark in next(row for row in listed if row.startswith("> "))


def test_a_fault_of_the_grader_is_told_in_place_of_a_verdict() -> None:
    state = small.after(small.begun(), model.Found("01_apples", small.answer()))
    shown = text(small.after(state, model.Broke(state.run, messages.unjudged("The disk is full."))))
    assert "The disk is full." in shown
    assert "press r" in shown


def test_notes_of_an_answer_are_shown() -> None:
    noted = dataclasses.replace(small.passed(), notes=("It reaches for the insides.",))
    assert "It reaches for the insides." in text(noted)
