"""What watch says, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

KEYS: Final = (
    ("n", "next"),
    ("h", "hint"),
    ("l", "list"),
    ("t", "lanes"),
    ("s", "reference"),
    ("x", "reset"),
    ("e", "edit"),
    ("?", "keys"),
    ("q", "quit"),
)
"""What stands in the last row of the verdict's screen."""

PAGE_KEYS: Final = (("up/down", "scroll"), ("esc", "back"), ("h", "next hint"), ("t", "lanes"), ("q", "back"))
LANES_KEYS: Final = (("up/down", "scroll"), ("esc", "back"), ("t", "the next lanes"), ("q", "back"))
LIST_KEYS: Final = (
    ("up/down", "move"),
    ("enter", "go there"),
    ("/", "search"),
    ("f", "filter"),
    ("c", "check all"),
    ("esc", "back"),
)
SEARCH_KEYS: Final = (("type", "a part of the name"), ("enter", "keep"), ("esc", "show all"))
ASKED_KEYS: Final = (("y", "yes"), ("n", "no"))

MORE_KEYS: Final = (
    ("i", "the lesson"),
    ("r", "judge again"),
    ("1-9", "the hint of that number"),
    ("c", "check all katas, in this terminal"),
    ("m", "what is below; also the arrow and page keys"),
    ("ctrl-l", "draw the screen anew"),
    ("ctrl-c", "end watch at any moment; nothing is lost"),
)
"""What has no room in the last row."""

ONLY: Final = {"open": "only: to be done (f)", "done": "only: done (f)"}
"""What is said of a list that leaves katas out."""

NO_TERMINAL: Final = "There is no terminal here to watch in, so this grades once."
TRY_AGAIN: Final = "To try again: r"
NOT_ALL_JUDGED: Final = "Nothing to mend: not all could be judged. Again: r (or: watch --time-scale 2)"
ALL_DONE: Final = "All katas are done. Choose one to look at again: l"
LOOKING: Final = "Looking at your answer ..."
NOTHING_TO_SHOW: Final = "There is nothing to draw yet: no run has told what threads did."
NO_LANES: Final = "No check of this run tells what threads did, so there are no lanes to draw."
NOT_FOUND: Final = "Nothing in the list is like that."
AT_THE_BEGINNING: Final = "It is as it was at the beginning: nothing to do."
OPENED: Final = "It opens in your editor. Save there, and it is judged here."
EDITOR_HAS_IT: Final = "The terminal is your editor's until it ends; what you save is judged then."
NO_REFERENCE_HERE: Final = "This repository is one for students: the reference is not in it."
NO: Final = "Nothing was changed."
STILL_RUNS: Final = "Not passed yet: checks are still running."
BAD_SO_FAR: Final = "Not right yet. Other checks are still being judged; you can edit on."
MEND: Final = "Next: mend the file and save, or put the stub back: x"
ASK_CHECK_ALL: Final = "Check all katas? It takes a while; Ctrl-C ends it. (y/n)"
CHECKS_ALL: Final = "All answers are graded:"
TO_GO_BACK: Final = "Press Enter to go back to watch. "
REAL_TIME_RUNS: Final = "Right so far. Real-time checks go on in the background; you can edit on."


def not_passed(kata: str) -> str:
    """Say why there is no next kata yet."""
    return f"{kata} is not passed yet. Another one all the same: l"


def saved_elsewhere(kata: str, watched: str) -> str:
    """Say that an answer was saved which is not the one that is watched."""
    return f"You saved {kata}, but it is {watched} that is watched here. To go there: l"


def no_reference(seen: int, every: int) -> str:
    """Say when the reference may be seen."""
    return f"The reference comes after a pass, or after all hints ({seen} of {every} seen). The next hint: h"


def ask_reference(kata: str) -> str:
    """Ask whether the reference is wanted before a pass."""
    return f"{kata} is not passed. Show the reference all the same? (y/n)"


def ask_reference_again() -> str:
    """Ask once more."""
    return "You learn more by one more try. Really show it? (y/n)"


def ask_reset(file: str, *, kept: bool = True) -> str:
    """Ask whether the stub is wanted back; `kept` if there is any text of the learner's."""
    return f"Put the stub of {file} back?{' Your text is kept beside it.' if kept else ''} (y/n)"


def more(rows: int) -> str:
    """Say how much is below what is shown."""
    return f"... {rows} more: m"


def what_is_next(*, passed: bool, last: bool, hint: int = 0) -> str:
    """Say what a learner does next; `hint` fits what failed, if it is not 0."""
    if passed:
        return ALL_DONE if last else "Next: n goes on to the next kata."
    return f"Next: edit and save. Hint {hint} is about this: press {hint}" if hint else "Next: edit and save. A hint: h"


def fault(reason: str) -> str:
    """Say that the grader itself failed."""
    return f"This is a fault of the grader, not of your answer. Please report it. To try again: r\n{reason}"


def unjudged(reason: str) -> str:
    """Say why nothing can be judged."""
    return f"This can't be judged here: {reason} Mend that, and press r."


def to_begin(lesson: Path, answer: Path) -> tuple[str, ...]:
    """Say where a learner begins."""
    return (f"The lesson: {short(lesson)}  (i shows it)", f"Your answer: {short(answer)}  (e opens it)")


def lanes_of(number: int, every: int) -> str:
    """Say which of the pictures of a run this is."""
    return f"Picture {number} of {every}. The next one: t" if every > 1 else ""


def worth(part: int, points: int) -> str:
    """Say which part of the course a kata is of, and what it is worth."""
    return f"part {part}, {points:>2} points"


def short(path: Path, parts: int = 3) -> str:
    """Return the end of a path, which tells enough to who is in the clone."""
    return "/".join(path.parts[-parts:])


def not_opened(told: str) -> str:
    """Say that the editor could not be opened; `told` is what it said, its last line counts."""
    last = next((row for row in reversed(told.splitlines()) if row.strip()), "")
    return f"It could not be opened: {last.strip()}" if last else "It could not be opened."


def put_back(names: Sequence[str], kept: Sequence[str]) -> str:
    """Say that the stub is back, and where the text is that was there."""
    there = f" What you wrote is kept beside it: {', '.join(kept)}" if kept else ""
    return f"{', '.join(names)} is as it was at the beginning.{there}"


def lost(names: Sequence[str]) -> str:
    """Say that files of the answer are not there."""
    return f"{', '.join(names)} is not there. x puts the stub back."


def unwritten(reason: str) -> str:
    """Say that something could not be written or read."""
    return f"That did not work: {reason}. Nothing is lost."


def no_folder(folder: Path) -> str:
    """Say that a kata's folder is gone."""
    return f"The folder {short(folder, 2)} is gone, or has another name. Put it back, and this goes on."


def incomplete(reason: str) -> str:
    """Say that a kata's author has not completed it."""
    return f"not complete: {reason.rstrip('.')}"


def fits(hint: int) -> str:
    """Say which hint is about a check that failed; its number is the key that shows it."""
    return f"  Hint {hint} is about this: press {hint}"


def for_one_reason(checks: int) -> str:
    """Say that many checks did not pass, with one and the same message."""
    return f"{checks} checks, for one reason"


def ended(done: int, every: int) -> str:
    """Say how many katas are done, at the end."""
    return f"{done} of {every} katas are done.\nWatch has ended. Nothing is lost: your answers are in your files."
