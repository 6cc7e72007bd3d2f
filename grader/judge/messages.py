"""What the judge says to a reader, in one place.

In all of it `asked` is what was called, in words, and `why` a sentence more of the check's, or nothing.
"""

from __future__ import annotations

import signal
from typing import Final

# --- a call without a value

FENCED: Final = (
    "Answers run behind fences: they may use files in their own folder, their own processes, and servers that the "
    "check tells them of."
)
NO_REASON: Final = "it did not say why."
KEEPER_KILLED: Final = "its process was killed, and what watched over it too"
NOT_IMPORTED_IN_TIME: Final = (
    "Your file could not be imported in time: something in it, outside all functions, does not end."
)

_UNSEEN: Final = (
    "Waiting takes no real time in the bubble: so this computes without end, or waits for something that the bubble "
    "can't see, like a file, a socket or a process."
)

_BECAUSE: Final = {"SIGXCPU": " (it used up its CPU time)", "SIGXFSZ": " (it wrote a file that is too large)"}
"""Why the system sends what nobody sends by hand."""


def and_why(message: str, why: str) -> str:
    """Add a sentence to a message, if there is one."""
    return f"{message} {why}".rstrip()


def ended_since(asked: str, fault: str) -> str:
    """Say that a call was ended because of what it did."""
    return f"{asked}: {fault}, so it was ended."


def not_ended(asked: str, limit: float, *, real: bool) -> str:
    """Say that a call had not ended after `limit` seconds; in the bubble, what that means."""
    message = f"{asked} had not ended after {limit:g} s of real time, so it was ended."
    return message if real else f"{message} {_UNSEEN}"


def stood(message: str, stacks: str) -> str:
    """Add to a message where threads stood, if that is known."""
    return f"{message}\nThis is where its threads stood:\n{stacks}" if stacks else message


def ended_by_signal(number: int) -> str:
    """Say which signal ended a process."""
    try:
        name = signal.Signals(number).name
    except ValueError:  # of the real-time signals only the first and the last have one
        name = f"signal {number}"
    return f"its process was ended by {name}{_BECAUSE.get(name, '')}"


def ended_with(code: int) -> str:
    """Say with which exit code a process ended."""
    return f"its process ended with exit code {code}"


def no_answer(asked: str, how: str) -> str:
    """Say that a call gave no answer, since its process ended."""
    return f"{asked} gave no answer: {how}. A function must return: it may not end the program, nor close its files."


def ended_in_import(how: str) -> str:
    """Say that a process ended while it imported the answer."""
    return f"Your file can't be imported: {how} meanwhile. What stands outside all functions must come to its end."


def not_imported(what: str) -> str:
    """Say why the answer can't be imported."""
    return f"Your file can't be imported: {what}"


def no_end(asked: str, over: str) -> str:
    """Say that a call does not end in the bubble."""
    return f"{asked} does not end: {over}"


def hangs(asked: str, deadlock: str) -> str:
    """Say that a call hangs in the bubble."""
    return f"{asked} hangs for ever. {deadlock}"


def too_big(asked: str) -> str:
    """Say that a call returned too much."""
    return f"{asked} returned more data than can be looked at."


def no_method(owner: str, name: str) -> str:
    """Say that a class of the answer lacks what is asked for."""
    return f"Your class {owner} has no {name}. Is the name misspelt, or the method not inside the class?"


def no_function(name: str) -> str:
    """Say that the answer lacks a function or a class."""
    return f"Your file has no {'class' if name[:1].isupper() else 'function'} {name}. Is the name misspelt?"


def not_written(asked: str) -> str:
    """Say that the answer is still the stub."""
    return f"{asked} is not written yet: it raises NotImplementedError."


def raised(asked: str, told: str) -> str:
    """Say that a call raised an exception; `told` is that with the lines that led to it."""
    return f"{asked} raised an exception:\n{told}"


def not_asked(asked: str, error: str) -> str:
    """Say that a call is too large to be asked."""
    return f"{asked} can't be asked: {error}."


def forged(asked: str, what: str) -> str:
    """Say that a reply is none of ours; `what` is wrong with it."""
    return f"{asked}: its process answered in a way that only a forged answer can ({what})."


# --- a call that was ended

CUT_OFF: Final = "it closed the file that it answers by, and went on"
TOO_LONG: Final = "it did not end in time"
TOO_MUCH: Final = "it came to its end, but what it returned could not be sent in time"
PRINTED_TOO_MUCH: Final = "it printed more than 1 MiB"
OUT_OF_TURN: Final = "a message out of turn"


def wrote_to_us(error: str) -> str:
    """Say that a call wrote where only we do."""
    return f"it wrote into the grader's own channel ({error})"


# --- a call with another value than it should have

MANY_DIGITS: Final = "a value with a number of thousands of digits"
NO_VALUE: Final = "no value"


def cut(text: str, length: int) -> str:
    """Say how long a text was, of which `text` is the beginning."""
    return f"{text} … ({length} characters)"


def returned(asked: str, value: str) -> str:
    """Say what a call returned."""
    return f"{asked} returned {value}."


def should_return(asked: str, expected: str, value: str) -> str:
    """Say what a call should return, and what it did."""
    return f"{asked} should return {expected}, it returned {value}."


def of_other_type(message: str, expected: str, given: str) -> str:
    """Add to a message that two values which are equal have different types."""
    return f"{message} They are equal but of different types: {expected} is asked for, not {given}."


def type_of(name: str, inside: list[str]) -> str:
    """Call the type of a value, and those of what is `inside`."""
    return f"{name} of {', '.join(inside)}" if inside else name


def should_raise(asked: str, name: str, did: str) -> str:
    """Say what a call should raise, and what it did."""
    return f"{asked} should raise {name}, it {did}."


def did_return(value: str) -> str:
    """Say what a call returned, within a sentence."""
    return f"returned {value}"


def did_raise(error: str) -> str:
    """Say what a call raised, within a sentence."""
    return f"raised {error}"


# --- what a call did


def process(number: int) -> str:
    """Call a process by its number."""
    return f"process {number}"


def computes(seconds: float) -> str:
    """Say how long a process computed."""
    return f"computes {seconds:.2f} s"


def one_after_the_other(first: str, later: str, starts: str, waits: str = "") -> str:
    """Say that a thread was only started when another had ended; places are file and line.

    Args:
        first: the thread that had ended.
        later: the other.
        starts: where that was started.
        waits: where the first was waited for, if that is known.
    """
    told = f"{later} (started at {starts}) was only started when {first} had ended"
    return f"{told}: {waits} waits for {first} before {starts} starts {later}." if waits else f"{told}."


def running(file: str) -> str:
    """Call the run of a notebook."""
    return f"Running {file} from top to bottom"


def on_stderr(text: str) -> str:
    """Say what a call printed on stderr, if it did."""
    return f"On stderr stands: {text}" if text else ""


# --- schedules that were chosen

NOT_RUN: Final = "not run"
NOT_AS_IT_SHOULD: Final = "gave what it should not"


def hopeless(asked: str) -> str:
    """Say that no schedule may be run."""
    return f"no schedule of {asked} can come to its end"


def explored(asked: str, words: str, doubts: list[str]) -> str:
    """Say what was done with the schedules of a call, and why it is no proof."""
    return f"{asked}: {words} ({'; '.join(doubts)})" if doubts else f"{asked}: {words}"


def should_give(value: str) -> str:
    """Say what a call should give."""
    return f"should give {value}"


def wrong_value(asked: str, wanted: str, came: str) -> str:
    """Say what should have come of a call, and what came."""
    return f"{asked} {wanted}; {came}."


def under_the_one(value: str) -> str:
    """Say what came under the only schedule that was run."""
    return f"under the schedule that was run it gave {value}"


def under_one(schedules: int, value: str) -> str:
    """Say what came under one of the schedules, while others gave what they should."""
    return f"under one of {schedules} schedules it gave {value}"


def under_each(schedules: int, value: str) -> str:
    """Say what came under all schedules."""
    return f"under each of {schedules} schedules it gave {value}"


def under_none(schedules: int, value: str) -> str:
    """Say that no schedule gave what it should, and what came under one."""
    return f"under none of {schedules} schedules it did: under one of them it gave {value}"


def at_schedule(asked: str, number: int, message: str) -> str:
    """Say what was wrong with which schedule."""
    return f"{asked}, at schedule {number}: {message}"


def under_this(value: str) -> str:
    """Say what comes under the schedule that was asked for."""
    return f"under this schedule it gives {value}."


def replayed(asked: str, message: str) -> str:
    """Say what came under the schedule that was asked for."""
    return f"{asked}: {message}"


# --- locks of a schedule

NO_LOCKS: Final = "Under this schedule no thread took a lock."


def took_no_lock(lanes: list[str]) -> str:
    """Say which threads took no lock while others did."""
    return f"Under this schedule {' and '.join(lanes)} took no lock."


def locks_of_one_each(number: int) -> str:
    """Say that no two threads took the same lock."""
    return f"Under this schedule {number} locks were taken, and each by one thread only."


def several_locks(names: list[str]) -> str:
    """Say which locks there are, where one was expected."""
    return f"Under this schedule {len(names)} locks were taken: {', '.join(names)}."


def read_without_lock(lane: str) -> str:
    """Say that a thread held nothing when it read what it then changed."""
    return f"Under this schedule {lane} had taken no lock before that reading."


def gave_back_between(lane: str) -> str:
    """Say that a thread did not hold its lock from reading to writing."""
    return f"Under this schedule {lane} gave the lock back between that reading and that writing."


# --- a schedule that the answer wrote


def schedule_of(function: str, problem: str) -> str:
    """Say what is wrong with the schedule of a program."""
    return f"The schedule of {function} {problem}"


def under(asked: str, names: str) -> str:
    """Call a program with its schedule."""
    return f"{asked} under {names}"


NO_ENTRY: Final = "No entry was followed."
ENTRIES: Final = "Where each entry led:"
AFTER_ENTRIES: Final = "After the list:"

_SHAPE: Final = 'It has to be a list of names of threads, like ["ann", "bob", "ann"].'


def no_value(hang: str) -> str:
    """Say that a program came to no value under a schedule, and how it hangs or what it raised."""
    return f"came to no value. {hang}"


def gave(value: str, why: str) -> str:
    """Say what a program returned under a schedule."""
    return f"gave {value}. {why}"


def came_to_its_end(value: str) -> str:
    """Say what a program returned under a schedule that should make it hang."""
    return f"it came to its end and gave {value}."


def no_hang(came: str, why: str) -> str:
    """Say that a program does not hang under a schedule, and what came of it."""
    return f"does not hang: {came} {why}"


def not_followed(impossible: str) -> str:
    """Say that a schedule can't be followed."""
    return f"can't be followed. {impossible}"


def more_entries(count: int) -> str:
    """Say how many entries are left out."""
    return f"… and {count} more"


def no_list(value: str) -> str:
    """Say that a schedule is no list."""
    return f"is {value}. {_SHAPE}"


def no_name(value: str, number: int) -> str:
    """Say that an entry of a schedule is no name."""
    return f"has {value} as entry {number}. {_SHAPE}"


def too_many_entries(count: int, most: int) -> str:
    """Say that a schedule is too long."""
    return f"has {count} entries; {most} are allowed."


# --- the judge itself

DISTURBED: Final = (
    "This machine was too busy with other things to measure real time: a process that only looks at a clock was kept "
    "waiting. So this check can't be judged now, and costs no points. Close what else runs, or use --time-scale 2."
)
STDERR: Final = "--- stderr ---"


def not_usable(described: str, error: str) -> str:
    """Say that a check can't use what a call returned."""
    return f"{described} The check can't use that: {error}."


def our_fault(error: str) -> str:
    """Say that the grader failed."""
    return f"The grader's own code failed, which costs you nothing: {error}"


UNKNOWN_LETTERS: Final = (
    "the path of this clone has letters that are unknown here. Set PYTHONUTF8=1 and start again, or move the clone."
)


def not_started(error: str) -> str:
    """Say that a judge could not be started."""
    return f"A judge could not be started: {error}."


def left_out(count: int) -> str:
    """Say how many bytes of what was printed are left out."""
    return f"… {count} bytes left out …"


# --- what is left behind


def at(file: str, number: int, function: str) -> str:
    """Say where a thread stands; the function is not always known."""
    return f"{file}, line {number}{f', in {function}' if function else ''}"


def left_process(told: str, where: str) -> str:
    """Say where a process stood that was left, if that is known; `told` is what the sandbox calls it."""
    return f"{told}, at {where}" if where else told


def left_thread(name: str, asked: str, where: str) -> str:
    """Say that a thread that is no daemon still ran when a call returned, and where it stood, if that is known."""
    return f"thread {name}, which is no daemon, still ran when {asked} had returned{f', at {where}' if where else ''}"


def in_the_way(name: str) -> str:
    """Say that the check could not lay something down."""
    return (
        f"The check could not make {name!r}: something that your program has left in the check's folder is in its way. "
        "Leave nothing there but what you are asked for."
    )


# --- the register

_NOBODY: Final = (
    "the judge saw nobody. Does something in your file keep the check's threads from running, or answer in their place?"
)


def unfit(fault: str) -> str:
    """Say that something else than a probe talks to the register."""
    return f"Something in your program talks to the judge's register, and not as the check does: {fault}."


def met(count: int, place: str, there: int) -> str:
    """Say how many of `count` threads were at the place where they were to meet."""
    told = f"the judge saw {there} of them there at the same time." if there else _NOBODY
    return f"{count} threads were to meet ({place}): {told}"


def no_question(words: str) -> str:
    """Say what nobody can ask the register for."""
    return f"nobody can ask it for {words}"


def no_line(data: str) -> str:
    """Say what is no line for the register."""
    return f"a line like {data}"


def too_many_lines(most: int) -> str:
    """Say that more came to the register than it keeps."""
    return f"more than {most} lines"


def too_many_connections(most: int) -> str:
    """Say that more came to the register than it can serve."""
    return f"more than {most} connections"
