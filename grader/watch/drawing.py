"""Which checks of a run can be drawn as lanes, and the scene of one."""

from __future__ import annotations

from collections.abc import Mapping

from grader.course import Kata
from grader.timeline.scene import NothingToDrawError, Scene, choose
from grader.verdict import Check, Verdict


def scene_of(kata: Kata, check: Check, files: Mapping[str, bytes]) -> Scene | None:
    """Return what was done in `check`; None if nothing was that a picture would tell.

    Args:
        kata: whose check it is.
        check: as it was judged.
        files: of the answer, whose lines are shown.
    """
    alone = Verdict(kata.name, kata.title, kata.needs, check.status, check.points, check.max_points, checks=(check,))
    try:
        return choose(alone, files, check.name)
    except NothingToDrawError:
        return None
