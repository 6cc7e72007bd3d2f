"""Hostile answers: each is a file under ``attacks/answers``, and none gets a point, a grader's error, or away.

Most are graded in one run, side by side, with an honest answer among them. Each is a kata of its own in a tiny course.
"""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader import course, grading, submission
from grader.report import terminal
from grader.sandbox.survey import survey
from grader.verdict import Check, Result, Status, Verdict
from tests import tiny_course
from tests.leftovers import watched

ROOT = Path(__file__).parents[1]
ANSWERS = Path(__file__).parent / "attacks" / "answers"

CHECKS = '''\
"""The checks of answer.py."""


def test_total(learner, rng):
    """The total of numbers."""
    numbers = [rng.randrange(10**6) for _ in range(3)]
    learner.call("total", numbers, limit=LIMIT).returned(sum(numbers))


def test_say(learner, rng):
    """What is said is said once."""
    text = str(rng.random())
    run = learner.call("say", text, limit=LIMIT)
    assert run.text == f"{text}\\n", "It said something else."
    run.returned(None)
'''

IN_THE_BUBBLE = '''\
"""The checks of answer.py."""

import pytest


def test_waits_together(learner):
    """Two waits of a hundred seconds take a hundred."""
    run = learner.call("wait_twice", 100.0, limit=3.0)
    run.returned(2)
    assert run.seconds == 100.0, f"It took {run.seconds} s."


@pytest.mark.points(2)
@pytest.mark.real_time
def test_for_real(learner):
    """And so it is for real."""
    run = learner.call("wait_twice", 1.0, limit=3.0)
    run.returned(2)
    assert 0.99 <= run.seconds < 1.9, f"It took {run.seconds} s."
'''

WAITS = '''\
"""The checks of answer.py."""

import pytest


@pytest.mark.real_time
def test_waits_together(learner):
    """Two waits of a second take one."""
    run = learner.call("wait_twice", 1.0)
    run.returned(2)
    assert run.seconds >= 0.99, "It did not wait."
    assert run.seconds < 1.9, "It waited once after the other."
'''


@dataclass(frozen=True)
class Attack:
    """What is expected of a hostile answer.

    Attributes:
        name: of its file, or folder, under ``attacks/answers``.
        total, say: what comes of the two checks.
        words: what the message of the first that did not pass says.
        leaves: whether it leaves a process behind that the grader has to end.
        naive: what plain pytest, in one process with it, makes of the same wrong answer: "passed" is the canary that
            shows that the attack is real. "" where it is not tried, because it would hang or do harm there.
    """

    name: str
    total: Status
    say: Status
    words: str = ""
    leaves: bool = False
    naive: str = ""


PASSED, FAILED, CRASHED, TIMED_OUT = Status.PASSED, Status.FAILED, Status.CRASHED, Status.TIMED_OUT

ATTACKS = (
    Attack("honest", PASSED, PASSED, naive="passed"),
    Attack(
        "exits_at_import", CRASHED, CRASHED, "can't be imported: its process ended with exit code 0", naive="passed"
    ),
    Attack("sys_exit_at_import", CRASHED, CRASHED, "can't be imported: SystemExit: 0"),
    Attack("exits_in_the_call", CRASHED, CRASHED, "A function must return", naive="passed"),
    Attack("exits_by_atexit", FAILED, FAILED, "it returned 0", naive="passed"),
    Attack("raises_system_exit", FAILED, FAILED, "raised an exception:\nSystemExit: 0"),
    Attack("raises_what_cannot_be_shown", FAILED, FAILED, "(its text could not be made: SystemExit)"),
    Attack("hangs_at_import", TIMED_OUT, TIMED_OUT, "something in it, outside all functions, does not end"),
    Attack("hangs_and_swallows", TIMED_OUT, TIMED_OUT, "had not ended after 3 s of real time"),
    Attack("floods", CRASHED, CRASHED, "it printed more than 1 MiB, so it was ended"),
    Attack("drops_files", FAILED, FAILED, "it returned 0", naive="passed"),
    Attack("forges_a_reply_at_import", CRASHED, CRASHED, "it wrote into the grader's own channel"),
    Attack("closes_files", CRASHED, CRASHED, "nor close its files"),
    Attack("kills_its_parent", PASSED, PASSED),
    Attack("kills_its_group", CRASHED, CRASHED, "ended by SIGKILL"),
    Attack("kills_everything", PASSED, PASSED),
    Attack("detaches_a_child", PASSED, PASSED, leaves=True),
    Attack("equals_everything", FAILED, FAILED, "it returned <an object of type Anything>", naive="passed"),
    Attack("is_a_kind_of_int", FAILED, FAILED, "it returned <an object of type Number>", naive="passed"),
    Attack("lies_about_its_class", FAILED, FAILED, "a value that can't be read (SystemExit"),
    Attack("returns_deep", FAILED, FAILED, "<a value nested too deeply>"),
    Attack("returns_huge", FAILED, FAILED, "returned more data than can be looked at"),
    Attack("returns_more_than_there_is", CRASHED, FAILED, "so it was ended"),
    Attack("forks_and_returns_twice", PASSED, PASSED),
    Attack("lets_a_fork_answer", CRASHED, CRASHED, "gave no answer: its process ended with exit code 0"),
    Attack("aborts", CRASHED, CRASHED, "ended by SIGSEGV"),
    Attack("recurses", FAILED, FAILED, "RecursionError: maximum recursion depth exceeded"),
    Attack("stops_itself", CRASHED, CRASHED, "it stopped itself (SIGSTOP)"),
    Attack("deletes_its_folder", PASSED, PASSED),
    Attack("takes_rights_away", PASSED, PASSED),
    Attack("takes_rights_around", PASSED, PASSED),
    Attack("links_out", PASSED, PASSED),
    Attack("digs_deep", PASSED, PASSED),
    Attack("writes_into_the_clone", FAILED, FAILED, "PermissionError"),
    Attack("reads_the_solution", CRASHED, CRASHED, "PermissionError", naive="passed"),
    Attack("reads_its_parents", FAILED, FAILED, "PermissionError"),
    Attack("imports_the_grader", FAILED, PASSED, "No module named 'grader'"),
    Attack("reads_standard_input", FAILED, FAILED, "EOFError"),
    Attack("leaves_threads", PASSED, PASSED),
    Attack("blinds_its_keeper", PASSED, PASSED, leaves=True),
    Attack("leaves_shared_memory", PASSED, PASSED),
    Attack("fills_the_disk", FAILED, PASSED, "File too large"),
    Attack("holds_the_gil", TIMED_OUT, TIMED_OUT, "had not ended after 3 s of real time"),
    Attack("hangs_at_exit", PASSED, PASSED),
    Attack("patches_pytest", FAILED, FAILED, "it returned 0", naive="passed"),
    Attack("connects_out", FAILED, FAILED, "PermissionError"),
    Attack("commands_its_reader", FAILED, FAILED, "raised an exception"),
    Attack("raises_a_huge_trace", FAILED, FAILED, "raised an exception"),
    Attack("leaves_semaphores", PASSED, PASSED),
    Attack("dumps_core", CRASHED, CRASHED, "ended by SIGQUIT"),
    Attack("hides_its_work", PASSED, PASSED, leaves=True),
)
SLOW = (
    Attack("bombs_memory", CRASHED, PASSED, "it used more than 1024 MiB of memory, so it was ended"),
    Attack("bombs_forks", CRASHED, PASSED, "it had more than 600 processes and threads, so it was ended"),
    Attack("bombs_threads", CRASHED, PASSED, "it had more than 600 processes and threads, so it was ended"),
)
TIMES = {
    "waits": (PASSED, ""),
    "waits_in_turn": (FAILED, "It waited once after the other."),
    "fakes_clocks": (FAILED, "It did not wait."),
    "finishes_early": (CRASHED, "it wrote into the grader's own channel"),
    "answers_early": (FAILED, "It waited once after the other."),
    "waits_at_import": (CRASHED, "it wrote into the grader's own channel"),
}
"""Answers to the check of real time: what comes of it, and what the message says."""

BUBBLE: Mapping[str, tuple[Status, Status, int]] = {
    "waits": (PASSED, PASSED, 3),
    "waits_in_turn": (FAILED, FAILED, 0),
    "fakes_clocks": (FAILED, FAILED, 0),
    "forges_in_the_bubble": (PASSED, FAILED, 0),
    "works_in_the_bubble_only": (PASSED, FAILED, 0),
    "blocks_for_real_in_the_bubble": (TIMED_OUT, TIMED_OUT, 0),
    "never_ends_in_the_bubble": (TIMED_OUT, TIMED_OUT, 0),
    "exits_at_import": (CRASHED, CRASHED, 0),
}
"""Answers to the check in the bubble: what comes of that, of the same for real, and the points of both."""

FORGED: Mapping[str, str] = {
    "30": "4 threads were to meet (start): the judge saw nobody.",
    "31": "4 threads were to meet (start): the judge saw nobody.",
    "32": "4 threads were to meet (start): the judge saw nobody.",
    "36": "3 threads were to meet (gate of phase 0): the judge saw nobody.",
    "37": "6 threads were to meet (start): the judge saw nobody.",
    "40": "3 threads were to meet (inside): the judge saw nobody.",
    "43": "and to tell the judge. It was told: []",
    "45": "",
}
"""Katas that live in memory, whose values `forges_values` makes up: what the real check says, "" if there is none."""

IN_TURN: Mapping[str, tuple[str, str]] = {
    "10": (
        """
import time
def label_all(numbers, workers=3, delay=1.0):
    time.sleep(-(-len(numbers) // workers) * delay)
    return [f"Number: {n}" for n in numbers]
""",
        "label_all with 3 workers had 1 thread at the most",
    ),
    "12": (
        """
as_asked, log = run_all, []
def run_all(tasks, workers):
    class Once(type(log)):
        def __len__(self):
            return workers
    for task in tasks:
        task.__closure__ and [
            setattr(cell.cell_contents, "begun", Once())
            for cell in task.__closure__ if hasattr(cell.cell_contents, "begun")
        ]
    return as_asked(tasks, 1)
""",
        "the judge saw 1 of them there at the same time",
    ),
    "16": (
        """
as_asked = handle_all
def handle_all(requests, workers):
    return as_asked(requests, 1)
""",
        "the judge saw 1 of them there at the same time",
    ),
}
"""What makes the references of these katas do all in turn, whatever the checks say of it, and what that is told."""

OF_REGISTERS = {"forges_values", "runs_threads_in_turn", "talks_to_the_register"}

FRAMES: Mapping[str, object] = {
    "no JSON": b"\xff\xff",
    "no object": [],
    "unknown": {"hello": 1},
    "reply is no object": {"reply": 1},
    "value of an unknown kind": {"reply": {"value": {"?": 1}}},
    "value of a wrong shape": {"reply": {"value": {"i": "six"}}},
    "events of no kind": {"reply": {"events": 5}},
    "an event at no number": {"reply": {"events": [[float("nan"), "a", "end", "", "", 0]]}},
    "an event at a number without end": {"reply": {"events": [[10**400, "a", "end", "", "", 0]]}},
    "an event on a line without end": {"reply": {"events": [[1.0, "a", "end", "", "", 10**400]]}},
    "a name that nobody can print": {"reply": {"events": [[1.0, "\ud800", "end", "", "", 0]]}},
    "a trace that nobody can print": {"reply": {"raised": {"e": ["E", "", [], []]}, "traceback": "\udfff"}},
    "an exception with a text of bytes": {"reply": {"raised": {"e": [{"b": "00"}, "", [], []]}}},
    "a line that is none": {"reply": {"raised": {"e": ["E", "t", [], []]}, "where": ["a.py", 10**400]}},
    "left of no kind": {"reply": {"left": 7}},
    "surrogates in an exception": {"reply": {"raised": {"e": [{"x": "eda080"}, {"x": "eda080"}, [], []]}}},
    "a deadlock of no kind": {"reply": {"deadlock": {"a": 1}, "not_loaded": True}},
    "nested without end": {"reply": {"events": json.loads("[" * 400 + "]" * 400)}},
    "too long": struct.pack(">I", 2**32 - 1),
}
"""What forges_a_frame writes; text stands for itself, bytes that are no frame too."""


class Silent:
    """Listens to nothing."""

    def planned(self, kata: str, count: int) -> None: ...
    def check(self, kata: str, check: Check) -> None: ...
    def verdict(self, verdict: Verdict) -> None: ...
    def waits(self, sentence: str) -> None: ...


def grade(clone: Path, answers: Mapping[str, Path], checks: str, needs: str = "io") -> Result:
    """Grade each of `answers` as the kata of its name."""
    katas, judged = handed_in(clone, answers, checks, needs)
    return grading.grade(katas, judged, grading.Options(), Silent())


def handed_in(
    clone: Path, answers: Mapping[str, Path], checks: str, needs: str = "io"
) -> tuple[tuple[course.Kata, ...], dict[str, submission.Answer]]:
    """Make a clone in which each of `answers` is handed in for the kata of its name; return the katas and what is."""
    files: dict[str, str | None] = {}
    folders = {f"{number:02}_{name}": path for number, (name, path) in enumerate(answers.items(), start=1)}
    for folder in folders:
        files[f"exercises/{folder}/kata.toml"] = tiny_course.KATA_TOML.replace("double.py", "answer.py").replace(
            '"io"', f'"{needs}"'
        )
        files[f"exercises/{folder}/test_answer.py"] = checks
        files[f"solutions/{folder}/answer.py"] = (ANSWERS / "honest.py").read_text(encoding="utf-8")
    tiny_course.make(clone, changes=files)
    shutil.rmtree(clone / "exercises" / "01_double")
    found = course.load(clone)
    judged = {}
    for kata in found.katas:
        place = clone / "handed_in" / kata.name
        place.mkdir(parents=True)
        lay(folders[kata.name], place, clone)
        judged[kata.name] = submission.read(kata, place)
    return found.katas, judged


def lay(answer: Path, place: Path, clone: Path) -> None:
    """Copy a file of ``attacks/answers``, or what is in a folder of it, into the folder `place`."""
    for path in [answer] if answer.is_file() else sorted(answer.iterdir()):
        name = "answer.py" if answer.is_file() else path.name
        text = path.read_text(encoding="utf-8").replace("@CLONE@", str(clone))
        (place / name).write_text(text, encoding="utf-8")


def of(result: Result, name: str) -> Verdict:
    return next(verdict for verdict in result.katas if verdict.kata[3:] == name)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for clones, and for temporary files: the path of a run's folder must be short."""
    tmp_path_factory.getbasetemp()  # before the next line moves the place where it is made
    with tempfile.TemporaryDirectory(prefix="t-") as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", name)
        yield Path(name)


@dataclass(frozen=True)
class Seen:
    """A run and what it left behind."""

    result: Result
    left: list[str]


def judged(clone: Path, answers: Mapping[str, Path], checks: str, needs: str = "io") -> Seen:
    with watched() as left:
        result = grade(clone, answers, checks, needs)
    return Seen(result, left)


def named(attacks: tuple[Attack, ...]) -> dict[str, Path]:
    paths = {attack.name: ANSWERS / attack.name for attack in attacks}
    return {name: path if path.is_dir() else path.with_suffix(".py") for name, path in paths.items()}


@pytest.fixture(scope="module")
def together(clone: Path) -> Seen:
    """All attacks that are no danger to the speed of others, in one run."""
    return judged(clone / "all", named(ATTACKS), CHECKS.replace("LIMIT", "3.0"))


needs_fences = pytest.mark.skipif(
    survey().tier == "C", reason="nothing keeps an answer in here: practice, not isolated"
)


def assert_as_expected(attack: Attack, verdict: Verdict) -> None:
    total, say = verdict.checks
    assert (total.status, say.status) == (attack.total, attack.say), (total.message, say.message)
    assert attack.words in (say if total.status is PASSED else total).message
    assert verdict.points == [total.status, say.status].count(PASSED)


@needs_fences
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_is_judged_by_what_its_answer_is_worth(together: Seen, attack: Attack) -> None:
    assert_as_expected(attack, of(together.result, attack.name))


@needs_fences
def test_every_attack_is_in_the_table() -> None:
    known = {attack.name for attack in (*ATTACKS, *SLOW)} | set(TIMES) | set(BUBBLE) | OF_REGISTERS | {"forges_a_frame"}
    assert {path.stem for path in ANSWERS.iterdir() if path.name != "__pycache__"} == known


@needs_fences
def test_attacks_leave_nothing_behind(together: Seen) -> None:
    assert together.left == []


@needs_fences
def test_what_attacks_left_running_is_told(together: Seen) -> None:
    telling = {sentence.split(":")[0][3:] for sentence in together.result.leftovers}
    assert telling == {attack.name for attack in ATTACKS if attack.leaves}


@needs_fences
def test_attacks_change_nothing_in_the_clone(together: Seen, clone: Path) -> None:
    assert together.result.tier != "C"
    assert (clone / "all" / "exercises" / "01_honest" / "test_answer.py").read_text(encoding="utf-8").strip()
    assert not (clone / "all" / "conftest.py").exists()


@needs_fences
@pytest.mark.parametrize("attack", SLOW, ids=lambda attack: attack.name)
def test_an_attack_on_the_machine_is_ended(clone: Path, attack: Attack) -> None:
    seen = judged(clone / attack.name, named((attack,)), CHECKS.replace("LIMIT", "60.0"))
    assert_as_expected(attack, of(seen.result, attack.name))
    assert seen.left == []


@pytest.fixture(scope="module")
def timed(clone: Path) -> Seen:
    """All answers to the check of real time, in one run."""
    return judged(clone / "timed", {name: ANSWERS / f"{name}.py" for name in TIMES}, WAITS)


@needs_fences
@pytest.mark.parametrize("name", TIMES)
def test_time_is_measured_where_no_answer_can_turn_the_clock(timed: Seen, name: str) -> None:
    (check,) = of(timed.result, name).checks
    status, words = TIMES[name]
    assert check.status is status, check.message
    assert words in check.message


@pytest.fixture(scope="module")
def bubbled(clone: Path) -> Seen:
    """All answers to the check in the bubble, in one run."""
    return judged(clone / "bubble", {name: ANSWERS / f"{name}.py" for name in BUBBLE}, IN_THE_BUBBLE, "waits")


@needs_fences
@pytest.mark.parametrize("name", BUBBLE)
def test_what_is_forged_in_the_bubble_earns_nothing(bubbled: Seen, name: str) -> None:
    verdict = of(bubbled.result, name)
    bubble, real = verdict.checks
    assert (bubble.status, real.status, verdict.points) == BUBBLE[name], (bubble.message, real.message)
    assert bubbled.left == []


@needs_fences
@pytest.mark.parametrize("number", FORGED)
def test_values_that_are_forged_earn_nothing_where_the_judge_looks_itself(tmp_path: Path, number: str) -> None:
    """In the bubble it can pass, which is the canary (30). For real, the judge's register has seen nobody."""
    kata = next(kata for kata in course.load(ROOT).katas if kata.name.startswith(number))
    shutil.copyfile(ANSWERS / "forges_values.py", tmp_path / kata.files[0])
    answers = {kata.name: submission.read(kata, tmp_path)}
    (verdict,) = grading.grade((kata,), answers, grading.Options(), Silent()).katas
    names = {planned.name for planned in course.checks(kata) if planned.real_time}
    told = [check.message for check in verdict.checks if check.name in names]
    assert verdict.points == 0, [check.message for check in verdict.checks]
    assert all(FORGED[number] in message for message in told), told
    assert {check.status for check in verdict.checks if check.name in names} == ({FAILED} if names else set())
    if number == "30":
        assert PASSED in {check.status for check in verdict.checks if check.name not in names}


def in_the_real_check(place: Path, number: str, answer: Path) -> Check:
    """Return what the real check of a kata says of an answer, which is judged in no other."""
    kata = next(kata for kata in course.load(ROOT).katas if kata.name.startswith(number))
    shutil.copyfile(answer, place / kata.files[0])
    names = frozenset(planned.name for planned in course.checks(kata) if planned.real_time)
    options = grading.Options(checks={kata.name: names})
    result = grading.grade((kata,), {kata.name: submission.read(kata, place)}, options, Silent())
    (found,) = [check for check in result.katas[0].checks if check.name in names]
    return found


@needs_fences
@pytest.mark.parametrize("number", [number for number, words in FORGED.items() if words])
def test_whatever_an_answer_tells_the_register_is_no_fault_of_the_grader(tmp_path: Path, number: str) -> None:
    """It meets where threads should, but what it says there is not what they would say."""
    check = in_the_real_check(tmp_path, number, ANSWERS / "talks_to_the_register.py")
    assert check.status is FAILED, check.message
    assert "the judge saw nobody" not in check.message


@needs_fences
def test_threads_that_are_made_to_run_in_turn_do_not_meet(tmp_path: Path) -> None:
    """A counter without a lock loses nothing then, and its sums are right."""
    check = in_the_real_check(tmp_path, "30", ANSWERS / "runs_threads_in_turn.py")
    assert check.status is FAILED
    assert "the judge saw 1 of them there at the same time" in check.message


@needs_fences
@pytest.mark.parametrize("number", IN_TURN)
def test_what_is_done_in_turn_for_real_is_seen_by_the_judge_itself(tmp_path: Path, number: str) -> None:
    """It may be right where it is looked at from inside, which is the bubble."""
    kata = next(kata for kata in course.load(ROOT).katas if kata.name.startswith(number))
    reference = (ROOT / "solutions" / kata.name / kata.files[0]).read_text(encoding="utf-8")
    more, words = IN_TURN[number]
    (tmp_path / "answer.py").write_text(reference + more, encoding="utf-8")
    check = in_the_real_check(tmp_path, number, tmp_path / "answer.py")
    assert check.status is FAILED
    assert words in " ".join(check.message.split())


@pytest.fixture(scope="module")
def framed(clone: Path) -> Seen:
    """All forged frames, in one run."""
    source = (ANSWERS / "forges_a_frame.py").read_text(encoding="utf-8")
    answers = {}
    for name, content in FRAMES.items():
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        frame = body if content is FRAMES["too long"] else struct.pack(">I", len(body)) + body
        answers[name.replace(" ", "_").lower()] = path = clone / f"{name.replace(' ', '_')}.py"
        path.write_text(source.replace("@FRAME@", repr(frame)), encoding="utf-8")
    return judged(clone / "framed", answers, CHECKS.replace("LIMIT", "5.0"))


@needs_fences
@pytest.mark.parametrize("name", FRAMES)
def test_a_forged_frame_is_no_fault_of_the_grader(framed: Seen, name: str) -> None:
    """A grader's error takes a check out of the score: who can make one gets rid of what he can't do."""
    for check in of(framed.result, name.replace(" ", "_").lower()).checks:
        assert check.status in (CRASHED, FAILED), check.message
        assert json.dumps(check.message).isascii()


JUNK = ("None", "[None]")


@needs_fences
@pytest.mark.parametrize("value", JUNK)
def test_no_check_of_the_course_is_at_a_loss_with_what_it_gets(tmp_path: Path, value: str) -> None:
    """An answer that returns the same to everything: a grader's error would take the check out of the score."""
    found = course.load(ROOT)
    answers = {}
    for kata in found.katas:
        place = tmp_path / kata.name
        place.mkdir()
        for name in kata.files:
            (place / name).write_text(f"def __getattr__(_): return lambda *_, **__: {value}\n", encoding="utf-8")
        answers[kata.name] = submission.read(kata, place)
    result = grading.grade(found.katas, answers, grading.Options(), Silent())
    judged = [(verdict.kata, one.name, one.message) for verdict in result.katas for one in verdict.checks if _lost(one)]
    assert judged == []
    assert PASSED not in {verdict.status for verdict in result.katas}


def _lost(check: Check) -> bool:
    return check.status is Status.GRADER_ERROR


NAIVE = """\
from answer import say, total


def test_total():
    assert total([1, 2]) == 3


def test_say(capsys):
    assert say("hello") == None or say("hello") != 0
"""


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack.naive], ids=lambda attack: attack.name)
def test_the_attack_is_real_where_one_process_judges(tmp_path: Path, attack: Attack) -> None:
    """The same answer, in a plain pytest beside it: no failure is told."""
    clone = tiny_course.make(
        tmp_path / "clone", changes={"solutions/01_honest/answer.py": "total = sum\nsay = print\n"}
    )
    place = tmp_path / "place"
    place.mkdir()
    lay(named((attack,))[attack.name], place, clone)
    (place / "test_naive.py").write_text(NAIVE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=place,
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_of_many_things_left_behind_ten_are_told_and_how_many_more() -> None:
    """Else an answer fills the terminal with names of its own making."""
    left = tuple(f"process {number}: told" for number in range(300))
    out = io.StringIO()
    of = Result("1", None, "", "", "3.11", "B", {}, 0, 0, 1.0, (), leftovers=left)
    terminal.show(of, terminal.console(out))
    rows = [row for row in out.getvalue().splitlines() if row.startswith("Left behind")]
    assert len(rows) == 11
    assert rows[-1] == "Left behind and cleaned up: 290 more."
