"""Days in a row are counted as people do."""

from __future__ import annotations

import datetime

import pytest

from grader import stats

TODAY = datetime.date(2026, 3, 2)


def before(*days: int) -> list[datetime.date]:
    return [TODAY - datetime.timedelta(days=number) for number in days]


@pytest.mark.parametrize(
    "days,expected",
    [
        ([], 0),
        (before(0), 1),
        (before(0, 1, 2), 3),
        (before(1, 2), 2),  # today is still open
        (before(2, 3), 0),
        (before(0, 2, 3), 1),
        (before(-1), 0),  # a clock that was wrong
    ],
)
def test_a_row_of_days_ends_today_or_yesterday(days: list[datetime.date], expected: int) -> None:
    assert stats.streak(days, TODAY) == expected


def test_a_row_is_told_from_two_days_on() -> None:
    assert stats._days(before(0, 1, 5), TODAY) == "3, the last 2 of them in a row"
    assert stats._days(before(0, 5), TODAY) == "2"
