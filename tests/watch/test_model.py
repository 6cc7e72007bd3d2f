"""What follows from what happens while a kata is watched."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from grader.verdict import Status
from grader.watch import messages, model
from tests.watch import small


def test_the_first_kata_that_is_not_done_and_can_be_run_here_is_watched() -> None:
    first, second, third = small.entries("01_apples")
    assert model.first_open((first, second, third)) == 1
    assert model.first_open((first, dataclasses.replace(second, lacking="Python 3.99"), third)) == 2
    assert model.first_open(small.entries("01_apples", "02_pears", "03_plums")) is None


def test_what_is_found_is_judged_and_the_same_again_is_not() -> None:
    state, todo = model.step(small.begun(), model.Found("01_apples", small.answer()))
    assert todo == (model.Judge(state.run, state.kata, small.answer()),)
    assert model.step(state, model.Found("01_apples", small.answer())) == (state, ())
    after, todo = model.step(state, model.Found("01_apples", small.answer("x = 2")))
    assert todo == (model.Judge(after.run, state.kata, small.answer("x = 2")),)
    assert after.run > state.run


def test_what_is_asked_for_is_judged_though_it_is_the_same() -> None:
    state = small.passed()
    asked = model.Found("01_apples", small.answer(), asked=True)
    assert model.step(state, asked)[1] == (model.Judge(state.run + 1, state.kata, small.answer()),)


def test_the_answer_to_another_kata_is_not_heard() -> None:
    state = small.begun()
    assert model.step(state, model.Found("02_pears", small.answer(name="02_pears"))) == (state, ())


def test_what_an_earlier_run_tells_is_not_heard() -> None:
    state = small.after(small.begun(), model.Found("01_apples", small.answer()))
    newer = small.after(state, model.Found("01_apples", small.answer("x = 2")))
    late: list[model.Event] = [
        model.Judged(state.run, small.check("test_a")),
        model.Finished(state.run, small.verdict(small.check("test_a")), "12:00:00"),
        model.Broke(state.run, "No room."),
    ]
    assert small.after(newer, *late) == newer


def test_a_pass_makes_the_kata_done_and_a_later_failure_takes_that_back() -> None:
    state = small.passed()
    assert state.entry.done
    state = small.after(state, model.Found("01_apples", small.answer("x = 3")))
    bad = small.verdict(small.check("test_a", Status.FAILED))
    assert not small.after(state, model.Finished(state.run, bad, "12:00:01")).entry.done


def test_n_goes_on_only_after_a_pass() -> None:
    state, todo = small.press(small.failed(), "n")
    assert todo == ()
    assert state.notice == messages.not_passed("01_apples")
    running = small.after(small.begun(), model.Found("01_apples", small.answer()))
    assert small.press(running, "n")[0].notice == messages.STILL_RUNS
    state, todo = small.press(small.passed(), "n")
    assert state.kata.name == "02_pears"
    assert todo == (model.Survey(), model.Follow(state.kata))


def test_what_n_says_of_a_run_does_not_outlive_it() -> None:
    running = small.after(small.begun(), model.Found("01_apples", small.answer()))
    asked = small.press(running, "n")[0]
    every = [small.check(planned.name) for planned in small.PLANNED]
    assert small.after(asked, model.Finished(asked.run, small.verdict(*every), "12:00:00")).notice == ""


def test_n_says_that_nothing_is_to_be_mended_where_the_machine_could_not_judge_all() -> None:
    busy = small.check("test_real", Status.GRADER_ERROR, "Too busy.")
    state = small.judged(small.check("test_a"), small.check("test_b"), busy)
    asked = small.press(state, "n")[0]
    assert asked.notice == messages.NOT_ALL_JUDGED
    again = small.after(asked, model.Found("01_apples", small.answer(), asked=True))
    assert again.notice == ""
    failed = small.judged(small.check("test_a", Status.FAILED), small.check("test_b"), busy)
    assert small.press(failed, "n")[0].notice == messages.not_passed("01_apples")


def test_hints_go_on_in_a_session_though_none_can_be_remembered() -> None:
    known = model.Known(frozenset(), frozenset(), {"01_apples": 1}, {"01_apples": 3})
    state = small.after(small.failed(), known)
    forgotten = small.after(state, dataclasses.replace(known, hints_seen={"01_apples": 0}))
    state, todo = small.press(forgotten, "h")
    assert todo == (model.ShowHint(state.kata, None, 1),)
    there = small.after(small.press(forgotten, "l", "down", "enter")[0], dataclasses.replace(known, hints_seen={}))
    assert there.hints_seen == {"01_apples": 1}


def test_a_pass_by_itself_goes_nowhere() -> None:
    assert small.passed().kata.name == "01_apples"


def test_n_after_the_last_says_that_all_is_done() -> None:
    state = small.passed()
    done = tuple(dataclasses.replace(entry, done=True) for entry in state.entries)
    after, todo = small.press(dataclasses.replace(state, entries=done), "n")
    assert (after.notice, todo) == (messages.ALL_DONE, ())


def test_n_passes_by_a_kata_that_cannot_be_run_here() -> None:
    first, *others = small.entries()
    state, _ = model.begin((dataclasses.replace(first, lacking="This kata needs Python 3.99."), *others), 0)
    assert small.press(state, "n")[0].kata.name == "02_pears"


def test_what_an_old_run_of_another_kata_tells_is_not_heard_after_n() -> None:
    state = small.passed()
    there = small.press(state, "n")[0]
    assert small.after(there, model.Judged(state.run, small.check("test_a"))) == there


@pytest.mark.parametrize(
    "key,deed",
    [("h", model.ShowHint), ("e", model.Edit), ("r", model.Look), ("q", model.Quit), ("H", model.ShowHint)],
)
def test_a_key_has_its_deed(key: str, deed: type) -> None:
    assert [type(one) for one in small.press(small.failed(), key)[1]] == [deed]


def test_a_number_shows_the_hint_of_that_number() -> None:
    state = small.failed()
    assert small.press(state, "2")[1] == (model.ShowHint(state.kata, 2),)


def test_a_reset_is_asked_for_and_everything_but_yes_is_no() -> None:
    state, todo = small.press(small.failed(), "x")
    assert todo == ()
    assert state.question is not None
    assert small.press(state, "y")[1] == (model.Reset(state.kata),)
    for key in ("n", "escape", "enter", "q"):
        answered, todo = small.press(state, key)
        assert (answered.question, todo, answered.notice) == (None, (), messages.NO)
    assert small.press(state, "z", "up", "paste")[0].question is not None


def test_what_a_reset_says_is_still_there_when_the_stub_is_judged_and_gone_with_the_next_save() -> None:
    said = small.after(small.failed(), model.Said("Yours is apples.py.1.", about_files=True))
    judged = small.after(said, model.Found("01_apples", small.answer("x = 2")))
    assert judged.notice == "Yours is apples.py.1."
    assert small.after(judged, model.Found("01_apples", small.answer("x = 3"))).notice == ""


def test_the_reference_is_there_after_a_pass() -> None:
    state, todo = small.press(small.passed(), "s")
    assert todo == (model.ShowReference(state.kata),)


def test_before_a_pass_the_reference_wants_all_hints_and_two_yes() -> None:
    state = small.after(small.failed(), model.Known(frozenset(), frozenset(), {"01_apples": 1}, {"01_apples": 2}))
    refused, todo = small.press(state, "s")
    assert (todo, refused.notice) == ((), messages.no_reference(1, 2))
    state = small.after(state, model.Known(frozenset(), frozenset(), {"01_apples": 2}, {"01_apples": 2}))
    assert small.press(state, "s", "n")[1] == ()
    assert small.press(state, "s", "y", "n")[1] == ()
    assert small.press(state, "s", "y", "y")[1] == (model.ShowReference(state.kata),)


def test_where_there_are_no_references_that_is_said_at_once() -> None:
    known = model.Known(frozenset(), frozenset(), {"01_apples": 2}, {"01_apples": 2}, references=False)
    for state in (small.failed(), small.passed()):
        told, todo = small.press(small.after(state, known), "s")
        assert (todo, told.question, told.notice) == ((), None, messages.NO_REFERENCE_HERE)


def test_a_save_brings_the_verdict_back_in_front_but_leaves_a_question_open() -> None:
    state = small.after(small.failed(), model.Shown(model.Page("hint", "", "Think.")))
    assert small.after(state, model.Found("01_apples", small.answer("x = 2"))).page is None
    asked = small.press(small.failed(), "x")[0]
    assert small.after(asked, model.Found("01_apples", small.answer("x = 2"))).question == asked.question


def test_q_and_escape_leave_a_page_and_only_then_watch() -> None:
    state = small.after(small.failed(), model.Shown(model.Page("hint", "", "Think.")))
    for key in ("q", "escape"):
        back, todo = small.press(state, key)
        assert (back.page, todo) == (None, ())
    assert small.press(state, "q", "q")[1] == (model.Quit(),)


def test_ctrl_c_ends_at_every_question_and_page() -> None:
    for state in (small.failed(), small.press(small.failed(), "x")[0], small.press(small.failed(), "l")[0]):
        assert model.step(state, model.Ended())[1] == (model.Quit(interrupted=True),)
        assert small.press(state, "interrupt")[1] == (model.Quit(interrupted=True),)


def test_the_lanes_are_those_of_a_failed_check_first_and_then_of_the_others() -> None:
    state = small.press(small.failed(), "t")[0]
    names = []
    for _ in range(3):
        assert state.page is not None
        names.append(state.page.text)
        state = small.press(state, "t")[0]
    assert names[0] == "test_a"
    assert sorted(names) == ["test_a", "test_b", "test_real"]
    assert small.press(small.passed(), "t")[0].page == model.Page(
        "lanes", "Picture 1 of 3. The next one: t", "test_real"
    )
    assert small.press(small.begun(), "t")[0].notice == messages.NOTHING_TO_SHOW
    unseen = small.judged(msgspec.structs.replace(small.check("test_a"), timeline=()))
    assert small.press(unseen, "t")[0].notice == messages.NO_LANES


def test_the_list_is_searched_and_filtered() -> None:
    state, todo = small.press(small.passed(), "l")
    assert todo == (model.Survey(),)
    found = small.press(state, "/", "p", "l", "u", "m")[0]
    assert found.picker is not None
    assert model.listed(found, found.picker) == [2]
    there, todo = small.press(found, "enter", "enter")
    assert there.kata.name == "03_plums"
    assert todo == (model.Survey(), model.Follow(there.kata))
    undone = small.press(state, "f")[0]
    assert undone.picker is not None
    assert model.listed(undone, undone.picker) == [1, 2]
    done = small.press(undone, "f")[0]
    assert done.picker is not None
    assert model.listed(done, done.picker) == [0]


def test_letters_that_are_searched_for_are_no_commands() -> None:
    state, todo = small.press(small.passed(), "l", "/", "q", "x", "n")
    assert todo == ()
    assert state.picker is not None
    assert state.picker.search == "qxn"
    assert small.press(state, "backspace", "backspace", "backspace", "escape", "escape")[0].picker is None


def test_the_kata_that_is_watched_is_not_begun_anew_by_the_list() -> None:
    state = small.passed()
    assert small.press(state, "l", "enter") == (state, ())


def test_a_damaged_memory_is_told_until_the_next_key() -> None:
    state = small.after(small.failed(), model.Said("It was damaged."))
    assert state.notice == "It was damaged."
    assert small.press(state, "z")[0].notice == ""


def test_what_has_passed_stays_done_where_it_cannot_be_kept() -> None:
    state = small.passed()
    assert small.after(state, model.Known(frozenset(), frozenset(), {}, {})).entry.done
    state = small.failed()
    assert not small.after(state, model.Known(frozenset(), frozenset(), {}, {})).entry.done
