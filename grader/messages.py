"""What the modules that lie right in this package say, in one place."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

AGAIN: Final = "To see it again: "
"""How a line of a message begins that tells a command, which shows a schedule again."""


def left_out(characters: int) -> str:
    """Say how much of a text is not shown."""
    return f"... {characters} characters left out ..."


# --- the course

NO_COURSE: Final = "there is no exercises folder here or above. Go to your clone of the course."
NO_EXERCISES: Final = "there is no such folder. Get it back with: git checkout exercises"
NO_KATAS: Final = "there are no katas in it. A kata is a folder like 01_print_tasks."
NO_CHECKS: Final = "there are no checks in it. A check is a function test_…."
NO_SETTINGS: Final = "it is missing. Every kata has one: title, part, points, files and needs."
NO_UTF8: Final = "it is not UTF-8 text. Save it again as UTF-8."

SETTINGS: Final = {
    "title": "one line of text in quotes",
    "part": "a whole number, 1 to 9",
    "points": "a whole number, 1 to 1000",
    "files": 'a list of file names, like ["print_tasks.py"]',
    "needs": 'one of "waits", "cpu" and "io", or a list of them',
    "python": 'the oldest version that it runs on, like ">=3.14"',
    "packages": 'a list of packages to import, like ["numpy"]',
    "given": 'a list of what the stub has complete, like ["Outcome", "Pool.close"]',
}
"""What each setting of a kata must be."""


def needs_python(version: str) -> str:
    """Say that this Python is too old for a kata."""
    return f"This kata needs Python {version} or later."


def needs_packages(names: Sequence[str]) -> str:
    """Say which packages of a kata are not there."""
    return f"This kata needs a package that is not installed: {', '.join(names)}."


def can_mean(word: str, names: Sequence[str]) -> str:
    """Say that a word means several katas."""
    return f"{word!r} can mean {', '.join(names)}. Write more of the name, or its number."


def no_kata(word: str, near: Sequence[str]) -> str:
    """Say that a word means no kata, and which are near."""
    every = "`python -m grader list` shows all of them."
    return f"There is no kata {word!r}. " + (f"Did you mean {' or '.join(near)}? {every}" if near else every)


def number_taken(kata: str) -> str:
    """Say that two katas have one number."""
    return f"its number is taken by {kata}. Give it one of its own."


def whole_course_only(command: str) -> str:
    """Say that a command needs what a student's repository has not."""
    reason = "this repository is one for students, and has no such folder"
    return f"{reason}. `{command}` needs it: it works in the whole course only."


def no_python(reason: str) -> str:
    """Say why a file can't be parsed."""
    return f"it is not Python: {reason}."


def no_docstring(check: str) -> str:
    """Say that a check has no title."""
    return f"{check} has no docstring; it is the check's title."


def parametrized(check: str) -> str:
    """Say that a check is many."""
    return f"{check} is parametrized; a check is one function."


def course_unreadable(error: OSError) -> str:
    """Say why a file of the course can't be read."""
    return f"it can't be read: {error.strerror}."


def no_toml(reason: str) -> str:
    """Say why settings can't be read."""
    return f"it is not TOML: {reason}."


def no_setting(key: str, known: Iterable[str]) -> str:
    """Say that there is no such setting, and which there are."""
    return f"there is no setting {key!r}. There are: {', '.join(known)}."


def setting_missing(key: str) -> str:
    """Say what a setting has to be that is not there."""
    return f"{key} is missing; it must be {SETTINGS[key]}."


def setting_wrong(key: str, value: str) -> str:
    """Say what a setting has to be that is something else."""
    return f"{key} must be {SETTINGS[key]}, it is {value}."


# --- hints

NO_HINTS: Final = "there are no hints in it. Each step has a heading: `## First step`."
LAST_HINT: Final = "That was the last step; all of them are in hints.md beside the lesson."


def no_such_hint(kata: str, steps: int, asked: int) -> str:
    """Say which hints there are."""
    return f"{kata} has hints 1 to {steps}, and no hint {asked}."


def hint_title(number: int, steps: int, title: str) -> str:
    """Say which hint it is."""
    return f"## Hint {number} of {steps}: {title}"


def more_hints(kata: str) -> str:
    """Say how to get the next hint."""
    return f"One step more: `python -m grader hint {kata[:2]}`"


# --- how far a learner is

COLUMNS_OF_STATS: Final = ("kata", "done", "attempts", "hints")
YES: Final = "yes"


def katas_done(number: int, every: int) -> str:
    """Say how many katas are done."""
    return f"Katas     {number} of {every} done"


def points_gained(gained: int, most: int) -> str:
    """Say how many points those give."""
    return f"Points    {gained} of {most}"


def days(number: str) -> str:
    """Say on how many days there was work."""
    return f"Days      {number}"


def last_in_a_row(number: int, row: int) -> str:
    """Say on how many days there was work, and how many of the last are a `row`."""
    return f"{number}, the last {row} of them in a row"


def attempts(number: int) -> str:
    """Say how often an answer was graded."""
    return f"Attempts  {number}"


def hints_shown(shown: int, steps: int) -> str:
    """Say how many hints were shown."""
    return f"{shown} of {steps}"


def unkept(path: str, reason: object) -> str:
    """Say why nothing can be remembered."""
    return f"Hints, attempts and days can't be kept in {path}: {reason}. Ask for hints by number. All else works."


def in_the_way(folder: str) -> str:
    """Say that something that is no folder has the name of the one in which it is remembered."""
    return f"{folder} is not a folder"


def damaged_and(reason: object) -> str:
    """Say that what is remembered is damaged, and why nothing can be done about it."""
    return f"damaged, and {reason}"


NEWER: Final = "a newer version of the course wrote it, and it is left as it is"


def ungraded(katas: Sequence[str]) -> str:
    """Say which answers nothing is remembered of, and how they count."""
    return f"Not graded yet: {', '.join(katas)}. What passes is done: python -m grader"


def damaged(path: str, target: str) -> str:
    """Say where what was remembered is now."""
    kept = "Your answers are untouched. What passes is done again: python -m grader. All else is counted anew."
    return f"{path} was damaged and is now {target}. {kept}"


# --- editors


def no_editor(path: Path) -> str:
    """Say that no editor is known."""
    return f"No editor is known here: set EDITOR to the name of yours, or open {path} yourself."


def editor_unstarted(command: str, error: OSError) -> str:
    """Say why the editor can't be started."""
    return f"{command} can't be started: {error.strerror}. Set EDITOR to your editor."


def editor_ended(command: str, code: int, path: Path) -> str:
    """Say that the editor failed."""
    how = f"was ended by {_signal(-code)}" if code < 0 else f"ended with exit code {code}"
    return f"{command} {how}. The file is {path}."


def _signal(number: int) -> str:
    """Return what a signal is called; who typed Ctrl-C knows it by that."""
    if number == signal.SIGINT:
        return "Ctrl-C"
    return signal.Signals(number).name if number in {*signal.Signals} else f"signal {number}"


def no_command(reason: object) -> str:
    """Say why what is set as editor is no command."""
    return f"VISUAL or EDITOR is not a command: {reason}."


# --- git and stubs


NO_GIT: Final = "git is not installed here, or not on the PATH."


def git_unrun(reason: object) -> str:
    """Say why git can't be run."""
    return f"git can't be run: {reason}."


def git_says(folder: Path, reason: object) -> str:
    """Say what git says."""
    return f"git says of {folder}: {reason}"


def stub_without_git(kata: str, reason: object) -> str:
    """Say why git can't give a stub back."""
    return f"The stub of {kata} can't be put back without git's help: {reason}"


def stub_unknown(kata: str) -> str:
    """Say that git has no stub to give back."""
    return f"The stub of {kata} can't be put back: git knows no older version of it."


def stub_in_the_way(name: str) -> str:
    """Say that something lies in the place of a stub which is no file."""
    return f"{name} is not a file. Move away what lies there, then put the stub back."


# --- what is read as an answer

A_FOLDER: Final = "a folder"
A_SYMLINK: Final = "a symlink"
A_FILE: Final = "a file"
A_PIPE: Final = "a named pipe"
A_SOCKET: Final = "a socket"
A_DEVICE: Final = "a device"

ALL_TO_WRITE: Final = "Every function still raises NotImplementedError: write the first one."
ALL_TO_FILL_IN: Final = "All that is to be filled in is still empty."


def no_answer(kata: str, folder: str) -> str:
    """Say that a folder holds no answer to a kata."""
    return f"There is no {kata} in {folder}."


def misnamed(kata: str, folder: str) -> str:
    """Say which folder was handed in that might be meant for `kata`, but is not called so."""
    return f"The folder {folder} is of no kata: if it is the answer to {kata}, give it that name."


def missing(names: Sequence[str], source: str) -> str:
    """Say which files of an answer are not there."""
    verb, them = ("is", "it") if len(names) == 1 else ("are", "them")
    return f"{', '.join(names)} {verb} not there: put {them} into {source}."


def name_the_folder(kata: str, names: Sequence[str]) -> str:
    """Say that one file is not all of an answer."""
    return f"{kata} asks for {' and '.join(names)}: name the folder that they are in."


def unreadable(name: object, error: OSError) -> str:
    """Say why a file can't be read."""
    return f"{name} can't be read: {error.strerror}."


def file_is_judged(kata: str, name: str, notebook: str) -> str:
    """Say that a notebook is not looked at."""
    return f"{kata}: {name} is judged, and not {notebook} beside it."


def notebook_is_judged(kata: str, name: str, notebook: str) -> str:
    """Say that a notebook is taken for the answer."""
    return f"{kata}: {notebook} is judged, as {name} beside it is still to be written."


def no_code(notebook: str) -> str:
    """Say that a notebook is no answer yet."""
    return f"{notebook} has no cell with code: write the answer into it."


def too_much_code(notebook: str, limit: int) -> str:
    """Say that the cells hold more code than `limit`, KiB."""
    return f"The code in {notebook} is larger than {limit} KiB: an answer is a few hundred lines."


def too_large(name: str, limit: int, *, outputs: bool) -> str:
    """Say that a file is larger than `limit`, KiB; that of a notebook may be due to the `outputs` of its cells."""
    advice = "clear the outputs of its cells" if outputs else "an answer is a few hundred lines"
    return f"{name} is larger than {limit} KiB: {advice}."


def in_cell(notebook: str, number: int) -> str:
    """Name a cell of a notebook."""
    return f"{notebook}, cell {number}"


def too_deep(name: str, error: BaseException) -> str:
    """Say that Python can't compile what is nested so deeply."""
    return f"{name} can't be compiled: {type(error).__name__}. It is nested too deeply."


def long_name(most: int) -> str:
    """Say that a name has too many parts."""
    return f"a name has more than {most} dots"


def not_python(name: str, error: BaseException) -> str:
    """Say that a file can't be read as Python."""
    return f"{name} can't be read: {error}."


def no_real_folder(path: str, kind: str) -> str:
    """Say that there is a link, a pipe or a device where a folder should be."""
    return f"{path} is {kind}: hand in a real folder in its place."


def no_regular_file(name: str, kind: str) -> str:
    """Say that there is a link, a pipe or a device where a file should be."""
    return f"{name} is {kind}: hand in a regular file in its place."


def too_many_helpers(found: int, file: str, most: int) -> str:
    """Say that there are more files beside an answer than are taken along."""
    return f"There are {found} Python files beside {file}: at most {most} are allowed."


def changed_meanwhile(name: str) -> str:
    """Say that a file is another one than a moment ago."""
    return f"{name} changed while it was read: try again."


def empty(name: str) -> str:
    """Say that there is nothing in a file."""
    return f"{name} is empty: get the stub back, or write it anew."


def no_utf8(name: str, row: int) -> str:
    """Say in which line a file is no text."""
    return f"{name} is not UTF-8 text (line {row}): save it as UTF-8."


def another_coding(name: str, coding: str) -> str:
    """Say that a file names a coding of its own."""
    return f"{name} says in its first lines that it is {coding}: leave that out, and save it as UTF-8."


def no_coding(name: str, reason: str) -> str:
    """Say that a file names a coding that there is not, in the words of Python."""
    return f"{name} can't be read: {reason}. Leave the coding out of its first lines, and save it as UTF-8."


def holds_nul(name: str) -> str:
    """Say that a file holds what Python refuses."""
    return f"{name} holds a NUL character: save it as plain text."


def python_cannot_read(name: str, shown: str) -> str:
    """Say what Python says of a file."""
    return f"Python can't read {name}:\n{shown}"


# --- notebooks that are answers: the name of the file stands before

NO_JSON: Final = "is no notebook: it is not JSON. Open it in Jupyter and save it again."
NO_CELLS: Final = "is no notebook: it has no list of cells. Open it in Jupyter and save it again."
NO_TEXT_IN_CELL: Final = "is no notebook: a cell of it has no text. Open it in Jupyter and save it again."
NUL_IN_CELL: Final = "holds a NUL character in a cell. Remove it."


def other_format(known: int) -> str:
    """Say which format of notebooks is read."""
    return f"is no notebook of format {known}. Open it in Jupyter and save it again."


# --- grading

PRACTICE: Final = "Practice: the real-time checks were not run, and points of the bubble count only with them."
NOT_FOR_REAL: Final = "Right in the bubble; its points count once the real-time check passes too."
NOT_CONFIRMED: Final = "Right in the bubble, but the real-time check that has to confirm it could not be judged."
NOT_ASKED_FOR: Final = "Not asked for."
NOT_IN_PRACTICE: Final = "A real-time check: left out by --only-bubble."
NOT_RUN: Final = "Not run."
NOT_RUN_AFTER_ANOTHER: Final = "Not run: an earlier check did not pass (-x)."
WAITS: Final = "Waiting for another grader of yours: here or there a check has to be alone. It goes on by itself."
NEVER_ALONE: Final = (
    "Something was used up, and another grader of yours was there all the time, maybe a stopped one. So this check is "
    "not judged, which costs no points. End the other one, as from its terminal with Ctrl-C, and grade again. It said:"
)
JUDGE_ENDED: Final = "The grader's judge ended before this check did. That is not your fault, and costs no points."


def widened(times: float) -> str:
    """Say by how much limits of real time were widened."""
    return f"Real-time limits were widened {times:g} times."


# --- what an answer reaches for

FRAMES: Final = "frames of running code"
FUNCTIONS: Final = "the insides of functions"
OBJECTS: Final = "all objects of the process"
TRACING: Final = "tracing"
MEMORY: Final = "memory, by ctypes"
MODULES: Final = "the table of modules"
FINDING: Final = "how modules are found"
THREADS: Final = "threads below threading"
THE_GRADER: Final = "the grader"
PYTHON: Final = "the insides of Python"
CODE: Final = "code made of text"
MADE_UP_MODULES: Final = "modules by names that are made up"
OPEN_FILES: Final = "descriptors of open files"
PROCESSES: Final = "what the system tells of processes"
PROBES: Final = "the probes that try it out"
A_BASE: Final = "the base of a class"


def library(name: str) -> str:
    """Name a part of the standard library that all use."""
    return f"what {name} is for all others"


def reaches_for(kata: str, name: str, row: int, what: str) -> str:
    """Say which line reaches for what."""
    return f"{kata}: {name}, line {row} reaches for {what}."


def more_reach(kata: str, lines: int) -> str:
    """Say how many lines do so that are not told."""
    return f"{kata}: {lines} more lines do."


def not_looked_through(kata: str, names: Sequence[str]) -> str:
    """Say which files are too long to be searched for such lines."""
    return f"{kata}: {', '.join(names)} {'is' if len(names) == 1 else 'are'} too long to be looked through."


# --- pictures of threads

LANES: Final = {
    "#": "runs",
    ".": "sleeps",
    "~": "waits",
    "-": "could go on, but another does",
    "*": "prints",
    "[": "takes a lock",
    "]": "gives it back",
    "|": "starts or ends",
}
"""What the marks of a picture mean."""

NOT_SEEN: Final = "runs or waits, which is not seen from outside"
HAS_A_LOCK: Final = "has a lock"
TAKES: Final = "takes"
GIVES_BACK: Final = "gives back"
BY_STEPS: Final = "one step after the other"
NO_TIME: Final = f"{BY_STEPS}; no time passed"
WITHOUT_END: Final = "without end"


NOT_KEPT: Final = " not kept"
"""How a note ends that says that a picture is not of all events: this one, and that of `grader.bubble`."""


def mostly(first: int) -> str:
    """Say that of the events after so many only the most telling ones are there."""
    return f"blank: most of what came after the first {first} events was{NOT_KEPT}"


def who_did_what(names: Sequence[str]) -> str:
    """Say what a picture shows."""
    return f"Who did what when: {', '.join(names)}"


def has_locks(name: str, locks: Sequence[str]) -> str:
    """Say which locks a thread has."""
    return f"{name} has {' and '.join(locks)}"


def not_drawn(lanes: int) -> str:
    """Say how many threads are not in the picture."""
    return f"(and {lanes} more that are not drawn)"


def times_more(number: int) -> str:
    """Say how often it happens again."""
    return f", and {number} time{'s' if number > 1 else ''} more"


def waits(name: str, how_long: str, what: str) -> str:
    """Say that a thread waits, how long, if that is told, and for what."""
    long = f" {how_long}" if how_long else ""
    return f"{name} waits{long} {what or 'for something'}"


def is_started(name: str, detail: str) -> str:
    """Say that a thread is started."""
    return f"{name} is started {detail}".rstrip()


# --- pictures of schedules

DEEDS: Final = {
    "data": "reads or writes",
    "lock": "takes or gives back a lock",
    "wait": "waits",
    "other": "does something else",
    "hit": "collides",
}
"""What the colours of a schedule mean."""


def waits_for(name: str, what: str, held_by: str) -> str:
    """Say for what a thread waits, and who has it."""
    return f"{name} waits {for_what(what, held_by)}"


def for_what(what: str, held_by: str) -> str:
    """Say what is waited for, and who has it."""
    return f"for {what}, held by {held_by}" if held_by else f"for {what}"


def a_schedule(names: Sequence[str]) -> str:
    """Say what the picture of a schedule shows."""
    return f"A schedule of {', '.join(names)}. It is told in words below."


# --- submissions of a class

NO_SUBMISSION: Final = "it is neither a folder, nor a zip archive, nor a Python file or notebook"
WHICH_KATA: Final = "it is the answer to one kata, and has no folder that says to which: name one with --kata"
NOT_GRADED: Final = "not graded yet"
LIES_OUTSIDE: Final = "the archive holds a file that would lie outside its folder"
ENCRYPTED: Final = "the archive can't be read without a password"
OTHER_METHOD: Final = (
    "the archive is packed by another method than deflate: pack it anew, as your system does by default"
)


def came_to(score: int | None, most: int | None, notes: int = 0) -> str:
    """Say what a submission came to, and how many notes there are on it."""
    return f"{score} of {most} points" + (f", {notes} note{'s' * (notes != 1)}" if notes else "")


def more_notes(number: int) -> str:
    """Say how many notes have no room in a cell."""
    return f"And {number} more."


def submission_unreadable(error: OSError) -> str:
    """Say why a submission can't be read, and where in it."""
    reason = error.strerror or type(error).__name__
    return f"it can't be read: {reason}" + (f": {error.filename}" if error.filename else "")


def result_unwritten(out: Path, error: OSError) -> str:
    """Say why a result can't be written to the folder `out`, or where it is made: the submission is not to blame."""
    place = Path(error.filename).parent if error.filename else out
    return f"its result can't be written to {place}: {error.strerror or type(error).__name__}"


def several_answers(places: str) -> str:
    """Say that it can't be known in which of these places the answer is that counts."""
    return f"there are answers in more than one place: {places}. Put what counts into one"


def is_class(name: str) -> str:
    """Say that what should be one submission, the folder `name`, is a platform's folder of many."""
    return f"it holds the submissions of several people: grade the folder {name} itself"


def endless(minutes: float) -> str:
    """Say that the grading of a submission was ended."""
    return f"its grading did not end within {minutes:g} minutes"


def not_graded(said: Sequence[str], code: int) -> str:
    """Say why a submission was not graded: what its grading `said` last, or its exit code."""
    return f"it could not be graded: {said[-1] if said else f'exit code {code}'}"


def nothing_in_it(folder: str, held: str) -> str:
    """Say that a submission has no `folder` of an answer, and what it has."""
    where = f"there is no answer in a folder like {folder}"
    return f"{where}, but: {held}" if held else f"{where}, nor any other"


def no_file_in_it(file: str, folder: str, held: str) -> str:
    """Say that a kata's `folder`, or what was handed in itself, lacks the `file` that is judged, and what it has."""
    where = f"there is no {file} in " + ("it" if folder == "." else f"the folder {folder}")
    return f"{where}, but: {held}" if held else f"{where}, nor anything else"


def grader_fault(error: Exception) -> str:
    """Say that the grader failed."""
    return f"a fault of the grader: {type(error).__name__}: {error}"


def archive_too_large(limit: int) -> str:
    """Say that an archive is larger than `limit`, MiB."""
    return f"the archive is larger than {limit} MiB: it should hold only the answers"


def content_too_large(limit: int) -> str:
    """Say that what is in an archive is larger than `limit`, MiB."""
    return f"what the archive holds is larger than {limit} MiB"


def too_many_files(most: int) -> str:
    """Say that there are more files in an archive than `most`."""
    return f"the archive holds more than {most} files"


def no_archive(reason: str | None) -> str:
    """Say why an archive can't be unpacked."""
    return f"it is no zip archive, or can't be unpacked ({reason or 'damaged'})"


# --- exports


def writes_one(reader: str) -> str:
    """Say what the command of a format does."""
    return f"Write one result as {reader}."


def no_format(word: str, known: Iterable[str]) -> str:
    """Say that a word is no format, and which there are."""
    return f"There is no format {word!r}. The formats are: {', '.join(known)}."


def format_lacks(name: str, lacking: str) -> str:
    """Say why a format can't be written."""
    return f"{name} can't be written here. {lacking}"


def no_row(name: str) -> str:
    """Say that a worksheet has no row of a submission."""
    return f"No row of the worksheet is about {name}."


def is_a_folder(path: Path) -> str:
    """Say that a file can't be written where a folder is."""
    return f"-o: {path} is a folder. Name a file in it."


def is_read(path: Path) -> str:
    """Say that what an export is made of is not written over."""
    return f"-o: {path} is read for this, and would be overwritten. Name another file."


def export_unwritten(error: OSError) -> str:
    """Say why a file can't be written."""
    return f"It can't be written: {error.strerror}"


# --- repositories and notebooks for students

_ABOUT_PART: Final = """\
# Part {number} of the course

Lessons to read, code to run and change, and a cell for your answer to each kata. Start Jupyter in the folder of the
course, so that what is said of paths holds.

Write an answer into its cell and try it there. To hand it in, take the `# ` in front of `%%writefile` away and run the
cell: that writes the file. Then grade it, in a terminal or in a cell:

    import sys
    !{{sys.executable}} -m grader run {first}

Code that starts processes is shown and can't be run here: its place is a file, as kata 07 tells."""


def about_part(number: int, first: int) -> str:
    """Say what the notebook of a part is for, and how to grade its first kata."""
    return _ABOUT_PART.format(number=number, first=f"{first:02}")


def no_part(number: int, there: Sequence[str]) -> str:
    """Say which parts there are."""
    return f"There is no part {number}. There are: {', '.join(there)}."


def your_answer_in(kata: str, path: str) -> str:
    """Say where an answer is written."""
    return f"Your answer to `{kata}`: open `{path}`."


def your_answer(kata: str) -> str:
    """Head the cell in which an answer is written."""
    return f"## Your answer to `{kata}`"


def target_in_the_course(folder: Path) -> str:
    """Say that a repository is not made among the katas."""
    return f"{folder} is among the course's katas. Name a folder elsewhere."


def target_not_empty(folder: Path) -> str:
    """Say that a repository is not made where something is."""
    return f"{folder} is not empty. Name a folder that is, or a new one."


def no_stubs(katas: Sequence[str]) -> str:
    """Say that answers would be given away."""
    reason = "Students would be given these answers: make it from a new clone"
    return f"{reason}, or get the stubs back. No stub any more: {', '.join(katas)}."


# --- a new kata

ASKED_OF_AUTHORS: Final = (
    "say in one sentence what it is about",
    "say here all that is asked for",
    "Say why it matters",
)
"""What the files of a new kata ask their author to write in place of these words."""


def new_number_taken(number: str, kata: str) -> str:
    """Say that there is a kata of this number."""
    return f"The number {number} is taken by {kata}. Give the new kata one of its own."


def folder_is_there(folder: Path) -> str:
    """Say that the folder of the new kata is there."""
    return f"There is a folder {folder} already. Remove it, or take another name."


def no_name(word: str) -> str:
    """Say how a kata is named."""
    return f"{word!r} is no name for a kata. It is two digits and a name, small letters: 50_spin_lock."


def is_a_keyword(name: str) -> str:
    """Say that no module can be imported by this name."""
    return f"{name} is a word of Python's own, and no module can be imported by it. Take another name."


def hides_another(name: str) -> str:
    """Say that Python has a module of this name."""
    return f"{name}.py would hide another module of that name. Take another name."


# --- the proof of a kata

NO_KATAS_FOLDER: Final = "it is no kata's. Name it like 01_print_tasks and give it a kata.toml, or remove it."
MISSING: Final = "it is missing. Every kata has one."
STRAY: Final = "it does not belong here. Remove it, or name it in the kata.toml's files."
EMPTY_LESSON: Final = "it is empty. Write the lesson."
HOW_A_STUB_IS_KNOWN: Final = (
    "Each function raises NotImplementedError and no more, or without functions all data is empty lists and dicts; "
    "name what is complete in kata.toml's given."
)
ASK_FOR_MORE: Final = "Let it ask for more."
NAMES_NO_CHECK: Final = "its docstring names no check. Add a line to it: Fails: test_…"


def of_the_template(sentence: str) -> str:
    """Say that a new kata's file still asks for words of its author."""
    return f"it still says {sentence!r}. Write it."


def not_tried(kata: str, lacking: str) -> str:
    """Say why a kata is not proved here."""
    return f"{kata} is not tried. {lacking}"


def references(katas: int) -> str:
    """Say that references are graded now."""
    return f"References: {katas} katas."


def stubs(katas: int) -> str:
    """Say that stubs are graded now."""
    return f"Stubs: {katas} katas."


def wrong_answers(number: int) -> str:
    """Say that wrong answers are graded now."""
    return f"Wrong answers: {number}."


def it_says(message: str) -> str:
    """Quote what a check says."""
    return f"It says: {message}"


def few_wrong_answers(number: int, least: int) -> str:
    """Say that there are fewer wrong answers than `least`."""
    return f"it has {number} wrong answers. Write {least} or more, a beginner's mistake each."


def points_differ(points: int, told: int) -> str:
    """Say that checks give other points than the kata's settings tell."""
    expected = f"the points of its checks sum to {points}, kata.toml says {told}"
    return f"{expected}. Change @pytest.mark.points or kata.toml."


def few_hints(steps: int, least: int) -> str:
    """Say that there are fewer hints than `least`."""
    return f"it has {steps} steps. Write {least} or more, each under a `## ` heading."


def empty_hint(title: str) -> str:
    """Say that a hint has a heading and no more."""
    return f"the step {title!r} is empty. Write the hint under its heading."


def fits_no_check(name: str) -> str:
    """Say that a hint names a check that is none."""
    return f"there is no check {name}. Correct the line <!-- Fits: … -->."


def many_fit(steps: int, name: str) -> str:
    """Say that a check is named by several hints."""
    return f"{steps} steps fit {name}. Name it in the one that helps most."


def none_fits(names: Sequence[str]) -> str:
    """Say which checks no hint names."""
    advice = f"Name each beneath the heading of the hint that helps most: <!-- Fits: {names[0]} -->"
    return f"no step fits {', '.join(names)}. {advice}"


def reference_unjudged(status: str, reason: str) -> str:
    """Say why the reference can't be judged."""
    return f"the reference can't be judged, it is {status}. {reason}"


def reference_fails(check: str, status: str, told: str) -> str:
    """Say which check the reference does not pass."""
    return f"the reference does not pass {check} ({status}). {told}"


def stub_counts(advice: str) -> str:
    """Say that a stub is taken for an answer, and what makes it one."""
    return f"the stub does not count as not started. {advice}"


def stub_passes(check: str, status: str, told: str) -> str:
    """Say that a check does not fail for the stub."""
    return f"{check} does not fail for the stub, it is {status}. {told or ASK_FOR_MORE}"


def wrong_unjudged(status: str, reason: str) -> str:
    """Say why a wrong answer can't be judged."""
    return f"it can't be judged, it is {status}. {reason}"


def fails_no_check(name: str, file: str) -> str:
    """Say that a wrong answer names a check that is none."""
    return f"there is no check {name} in {file}. Correct its Fails: line."


def wrong_passes(check: str, status: str, failing: Sequence[str], told: str) -> str:
    """Say that a check does not fail for a wrong answer, and which do."""
    return f"{check} does not fail, it is {status}; {', '.join(failing) or 'nothing'} fails. {told}".rstrip()


def fails_silently(check: str) -> str:
    """Say that a check does not tell what is wrong."""
    return f"{check} fails without a message. Let the check say what is wrong."


# --- the machine

TIERS: Final = {
    "A": "each answer runs as a user of its own, and the kernel keeps it in its folder. Fit for grading strangers.",
    "B": "answers run as you, and the kernel keeps them in their folder. Fit for your own, and for most others.",
    "C": "practice, not isolated: answers run as you and may do what you may. Grade only code that you trust.",
}
NOTHING_MISSING: Final = "Nothing is missing."
NO: Final = "NO"


def runs_on(version: str, executable: str) -> str:
    """Say which Python it is."""
    return f"Python    {version}, {executable}"


def system(name: str, release: str, machine: str) -> str:
    """Say which system it is."""
    return f"System    {name} {release}, {machine}"


def cores(usable: int, here: int) -> str:
    """Say how many processors there are, and may be used."""
    if usable < here:
        return f"Cores     {usable} of {here} may be used"
    alone = "" if usable > 1 else ": katas that compare processes will be slow, and still be right"
    return f"Cores     {usable}{alone}"


def start_methods(names: Sequence[str]) -> str:
    """Say how processes can be started."""
    return f"Processes start by {', '.join(names)}"


def tier(name: str) -> str:
    """Say how well answers are kept in."""
    return f"Tier      {name}: {TIERS.get(name, 'unknown to this version of the grader.')}"


def guards_missing(names: Sequence[str]) -> str:
    """Say which guards are not here."""
    return f"Missing: {', '.join(names)}. Katas are graded all the same; the lines above say what it means."
