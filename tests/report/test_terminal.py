"""What a learner reads of a result: why it failed, the katas, the score, and one thing to do next."""

from __future__ import annotations

import io

import pytest
from msgspec.structs import replace

from grader.report import Exit, exit_code
from grader.report.terminal import console, show
from grader.verdict import AGAIN, Check, Event, Result, Status, Verdict, Where


def check(status: Status = Status.PASSED, **changes: object) -> Check:
    points = 2 if status is Status.PASSED else 0
    return replace(Check("test_a", "It adds up.", status, points, 2), **changes)


def verdict(*checks: Check, name: str = "01_first", status: Status | None = None, message: str = "") -> Verdict:
    found = status or (checks[0].status if checks else Status.NOT_STARTED)
    points = sum(check.points for check in checks)
    return Verdict(name, "First steps", ("io",), found, points, 2 * len(checks), 1.25, message, checks)


def result(*katas: Verdict, **changes: object) -> Result:
    return replace(
        Result(
            grader="1",
            commit=None,
            started="2026-01-01T00:00:00Z",
            submission="exercises",
            python="3.11.7",
            tier="B",
            guards={},
            score=sum(kata.points for kata in katas),
            max_score=sum(kata.max_points for kata in katas),
            seconds=1.0,
            katas=katas,
        ),
        **changes,
    )


def shown(of: Result) -> str:
    out = io.StringIO()
    show(of, console(out))
    return out.getvalue()


FAILED = check(
    Status.FAILED,
    message="add(1, 2) gave 4, it is 3.",
    where=Where("first.py", 7),
    output="hello\n",
    timeline=(Event(0, "worker", "start", "", "first.py", 3), Event(2, "worker", "end")),
)


def test_a_failure_points_to_the_hint_that_fits_it_and_each_hint_is_named_once() -> None:
    bad = [
        replace(FAILED, name=f"test_{number}", message=f"No {number}.", hint=hint)
        for number, hint in enumerate((2, 2, 0, 3))
    ]
    rows = shown(result(verdict(*bad))).splitlines()
    assert [row for row in rows if "is about" in row] == [
        f"  Hint {number} is about this: python -m grader hint 01 {number}" for number in (2, 3)
    ]


def test_a_failure_is_told_with_message_place_picture_and_output() -> None:
    assert shown(result(verdict(FAILED))).splitlines()[:11] == [
        "01_first: First steps",
        "  failed  It adds up.",
        "  | add(1, 2) gave 4, it is 3.",
        "  | See first.py:7.",
        "  | worker  |##############################################################|",
        "  |         +---------------+---------------+---------------+--------------+",
        "  |         0               0.5             1               1.5            2 s",
        "  | # runs or waits, which is not seen from outside   | starts or ends",
        "  |      0 s  worker is started (first.py:3)",
        "  | It printed:",
        "  | > hello",
    ]


def test_one_thread_that_did_nothing_but_run_is_not_drawn() -> None:
    alone = (Event(0, "MainThread", "start"), Event(2, "MainThread", "end"))
    assert "MainThread" not in shown(result(verdict(replace(FAILED, timeline=alone))))
    asleep = (*alone[:1], Event(1, "MainThread", "sleep"), *alone[1:])
    assert "MainThread" in shown(result(verdict(replace(FAILED, timeline=asleep))))


def test_a_picture_that_the_message_holds_already_is_not_drawn_twice() -> None:
    picture = "worker  |##############################################################|\n        +--"
    once = shown(result(verdict(replace(FAILED, message=f"Wrong.\n\n{picture}"))))
    assert once.count("worker") == 1


def test_the_table_has_status_points_and_seconds_of_each_kata() -> None:
    rows = shown(
        result(
            verdict(check(), check()),
            verdict(check(Status.NOT_STARTED), name="02_second"),
            verdict(check(Status.NOT_HERE), name="53_third", message="This kata needs Python 3.14 or later."),
        )
    ).splitlines()
    assert rows[:4] == [
        "kata       status           points  seconds",
        "01_first   passed              4/4      1.2",
        "02_second  not started         0/2      1.2",
        "53_third   not here                     1.2  This kata needs Python 3.14 or later.",
    ]


def test_the_score_says_how_many_checks_ran_where_some_did_not() -> None:
    assert "\nScore: 4 of 4 points.\n" in shown(result(verdict(check(), check())))
    partly = verdict(check(), check(Status.NOT_RUN), check(Status.NOT_HERE))
    assert "\nScore: 2 of 6 points, 1 of 3 checks run.\n" in shown(result(partly))


def test_one_reason_for_all_checks_is_told_once() -> None:
    reason = "Python can't read first.py:\n  x = (\n      ^\nSyntaxError: '(' was never closed"
    checks = (check(Status.CRASHED, message=reason), check(Status.CRASHED, message=reason))
    text = shown(result(verdict(*checks, message=reason)))
    assert text.count("never closed") == 1
    assert "  crashed  2 checks, for one reason" in text
    assert "  |       ^\n" in text, "the caret stays where it points"


def test_a_kata_that_crashed_without_any_check_is_told() -> None:
    assert "  | first.py is empty." in shown(result(verdict(status=Status.CRASHED, message="first.py is empty.")))


def test_checks_that_passed_without_points_say_why() -> None:
    withheld = check(points=0, message="Right in the bubble; its points count later.")
    rows = shown(result(verdict(FAILED, withheld, withheld))).splitlines()
    assert "  passed  2 more, without points" in rows
    assert "  | Right in the bubble; its points count later." in rows


def test_what_checks_print_alike_is_shown_once_and_only_its_end() -> None:
    loud = replace(FAILED, output="".join(f"line {number}\n" for number in range(50)))
    rows = shown(result(verdict(loud, loud))).splitlines()
    assert [row for row in rows if "> " in row] == [f"  | > line {number}" for number in range(30, 50)]
    assert rows.count("  | ... 30 lines before these") == 1


def test_a_command_to_be_copied_stays_in_one_row() -> None:
    command = f"{AGAIN} first 3.11-12345678-1:1 --answer {'long/' * 20}first.py"
    assert f"  | {command}" in shown(result(verdict(replace(FAILED, message=f"It hangs.\n\n{command}")))).splitlines()


def test_what_checks_say_alike_is_said_once() -> None:
    other = replace(FAILED, message="add(2, 2) gave 5, it is 4.")
    rows = shown(result(verdict(FAILED, other, FAILED))).splitlines()
    title = "  failed  It adds up."
    assert [row for row in rows if row == title or "gave" in row] == [
        title,
        title,
        "  | add(1, 2) gave 4, it is 3.",
        title,
        "  | add(2, 2) gave 5, it is 4.",
    ]


def test_after_twelve_failures_only_titles_are_told() -> None:
    other = replace(FAILED, message="add(1, 2) gave 4, too.")
    text = shown(result(*(verdict(FAILED, other, name=f"{number:02}_a") for number in range(1, 11))))
    assert text.count("  failed  It adds up.") == 20
    assert text.count("add(1, 2) gave 4") == 12


HOSTILE = "[bold]x[/bold] :smile: \x1b[2J\x1b]0;owned\x07 \u202e evil\r::error::x"


def test_text_of_an_answer_is_shown_as_text_and_never_acts() -> None:
    """Not on the terminal, not as rich's markup, and not as a workflow command at the start of a line."""
    hostile = replace(FAILED, title=HOSTILE, message=HOSTILE, output=HOSTILE, where=Where(HOSTILE, 1))
    text = shown(result(verdict(hostile), leftovers=(HOSTILE,), notes=(HOSTILE,)))
    assert "\x1b" not in text
    assert "\r" not in text
    assert "\u202e" not in text
    assert text.count("[bold]x[/bold] :smile:") == 6
    assert not any(row.lstrip().startswith("::") for row in text.splitlines())


def test_a_flood_is_cut() -> None:
    flood = replace(FAILED, message="m" * 10**6, output="o" * 10**6)
    assert len(shown(result(verdict(flood)))) < 20_000


def test_long_rows_are_wrapped_and_short_ones_left_as_they_are() -> None:
    rows = shown(result(verdict(replace(FAILED, message="word " * 60 + "\n  a  b")))).splitlines()
    assert all(len(row) <= 100 for row in rows)
    assert "  |   a  b" in rows


@pytest.mark.parametrize(
    "of,expected",
    [
        (result(verdict(check()), verdict(FAILED, name="02_b")), "mend 02_b. A hint: python -m grader hint 02"),
        (result(verdict(check(Status.NOT_STARTED)), verdict(FAILED, name="02_b")), "mend 02_b."),
        (result(verdict(check(Status.NOT_STARTED))), "read the lesson of 01_first: python -m grader lesson 01"),
        (result(verdict(check(Status.GRADER_ERROR)), verdict(FAILED)), "the grader itself failed here."),
        (result(verdict(check())), "all of this is done."),
        (result(verdict(check()), practice=True), "grade it for real, without --only-bubble."),
        (result(verdict(check(Status.NOT_HERE))), "nothing here can be graded on this machine."),
        (result(verdict(check()), interrupted=True), "grade again, and let it end"),
    ],
)
def test_the_last_line_is_the_one_thing_to_do_next(of: Result, expected: str) -> None:
    assert shown(of).splitlines()[-1].startswith(f"Next: {expected}")


def test_what_was_left_behind_and_the_notes_are_told() -> None:
    text = shown(result(verdict(check()), leftovers=("a child, pid 7",), notes=("Limits were widened.",), tier="C"))
    assert "Left behind and cleaned up: a child, pid 7" in text
    assert "Limits were widened." in text
    assert "Practice, not isolated (tier C)" in text


@pytest.mark.parametrize(
    "of,expected",
    [
        (result(verdict(check())), Exit.PASSED),
        (result(verdict(check()), verdict(check(Status.NOT_STARTED))), Exit.PASSED),
        (result(verdict(check()), verdict(check(Status.NOT_HERE)), verdict(check(Status.NOT_RUN))), Exit.PASSED),
        (result(verdict(check()), verdict(FAILED)), Exit.FAILED),
        (result(verdict(check(Status.CRASHED))), Exit.FAILED),
        (result(verdict(check(Status.TIMED_OUT))), Exit.FAILED),
        (result(verdict(check(Status.NOT_STARTED))), Exit.FAILED),
        (result(verdict(check(Status.NOT_RUN))), Exit.FAILED),
        (result(), Exit.FAILED),
        (result(verdict(check()), verdict(check(Status.GRADER_ERROR))), Exit.FAILED),
        (result(verdict(check(Status.GRADER_ERROR)), verdict(check(Status.NOT_STARTED))), Exit.FAULT),
        (result(verdict(check()), interrupted=True), Exit.INTERRUPTED),
    ],
)
def test_the_shell_is_told_what_came_of_it(of: Result, expected: Exit) -> None:
    assert exit_code(of) is expected


def test_how_much_is_proved_is_told() -> None:
    proof, search = "f(): proved: all 6 different schedules", "g(2): searched 500 schedules (it uses exec())"
    told = shown(result(verdict(check(schedules=(proof, search)), check(schedules=(proof,)))))
    assert "Schedules: 2 of 3 explorations are proofs; only searched: g(2)." in told
    many = tuple(f"f({number}): searched 500 schedules (it uses exec())" for number in range(7))
    told = " ".join(shown(result(verdict(check(schedules=many)))).split())
    assert "0 of 7 explorations are proofs; only searched: f(0), f(1), f(2), f(3), f(4) and 2 more." in told
    assert "Schedules" not in shown(result(verdict(check())))
