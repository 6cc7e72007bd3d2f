"""Grades a folder of submissions: one result each, in any number of runs, and a table of all.

What grades one is `grade_one`, a function of plain data that any engine can call. A result is written by renaming; one
that is there already, of the same submission and course, is not made again. A submission that can't be graded stops
nothing: its row says why.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import hashlib
import os
import queue
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from grader import messages
from grader.course import EXERCISES, Kata, load
from grader.handed_in import (
    DEEPEST,
    HIDDEN,
    MOST_BYTES,
    HandedIn,
    Refused,
    answers_in,
    archive_in,
    holds_answer,
    is_answer,
    is_archive,
    is_class,
    lone_answer,
    names_in,
    submissions,
    told,
    unpack,
)
from grader.interrupts import TIED, ended_by_signals
from grader.judge.folders import run_folder
from grader.printable import line
from grader.report import Exit, gradebook
from grader.report.gradebook import cell
from grader.report.result import UnreadableError, decode
from grader.report.saving import save
from grader.state import locked
from grader.submission import notebook_of
from grader.verdict import Result

LIMIT: Final = 1800.0
"""Seconds that the grading of one submission may take."""

TABLE: Final = "scores.csv"
_BOM: Final = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for something else."""

_GRADED: Final = (Exit.PASSED, Exit.FAILED)


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """One submission to be graded: plain data.

    Attributes:
        course: the folder of the clone that grades.
        submission: the folder or archive that was handed in.
        result: the file to write.
        katas: which to grade, by name; all if there is none.
        options: more words for ``run``.
    """

    course: str
    submission: str
    result: str
    katas: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """What came of one submission: its points by kata and notes on it, or why it was not graded."""

    name: str
    person: str
    number: str
    score: int | None
    max_score: int | None
    points: dict[str, int]
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def came(self) -> str:
        """What came of it, in a few words."""
        return self.problem or messages.came_to(self.score, self.max_score, len(self.notes))


class Listener(Protocol):
    """Who is told how far a class is."""

    def planned(self, count: int) -> None:
        """Hear how many submissions are to come."""

    def graded(self, name: str, came: str, *, problem: bool) -> None:
        """Hear what came of one."""


class Graders:
    """The processes that grade at the moment; once these are ended, no other begins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = set[subprocess.Popen[bytes]]()
        self._ended = False

    def run(self, words: Sequence[str], course: str) -> tuple[int, bytes]:
        """Run the command line in `course`, and return its exit code and what it said on stderr.

        Raises:
            Refused: if it takes too long, or all were ended.
        """
        reads, writes = os.pipe()
        with open(reads, "rb") as theirs, open(writes, "wb"):  # noqa: PTH123 - numbers, no paths
            process = self._start(words, course, theirs)
            theirs.close()
            with process:
                try:
                    _, said = process.communicate(timeout=LIMIT)
                except subprocess.TimeoutExpired as error:
                    raise Refused(messages.endless(LIMIT / 60)) from error
                finally:
                    process.kill()
                    with self._lock:
                        self._running.remove(process)
        return process.returncode, said

    def _start(self, words: Sequence[str], course: str, theirs: BinaryIO) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._ended:
                raise Refused(messages.NOT_GRADED)
            process = subprocess.Popen(
                [sys.executable, "-m", "grader", *words],
                cwd=course,
                env=os.environ | {TIED: "1"},
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            self._running.add(process)
        return process

    def end(self) -> None:
        """End those that run; they tidy up."""
        with self._lock:
            self._ended = True
            for process in self._running:
                process.terminate()


def grade_one(task: Task, graders: Graders | None = None) -> str:
    """Grade one submission in a process of its own, write its result, and return ``""`` or what went wrong."""
    with run_folder() as scratch:
        try:
            option, place = _placed(*_laid_out(Path(task.submission), scratch), task)
        except Refused as reason:
            return str(reason)
        except OSError as error:
            return messages.submission_unreadable(error)
        made = scratch / "result.json"
        called = line(Path(task.result).stem).replace("\\", "_")  # what is called a\b is no b in a folder a
        words = ("run", *task.katas, option, place, f"--name={called}", "--json", str(made), *task.options)
        try:
            code, said = (graders or Graders()).run(words, task.course)
        except Refused as reason:
            return str(reason)
        if code not in _GRADED or not made.exists():
            return messages.not_graded(said.decode("utf-8", "replace").strip().splitlines(), code)
        save(Path(task.result), made.read_bytes())
    return ""


def _placed(path: Path, archive: Path | None, task: Task) -> tuple[str, str]:
    """Return the words that say where the answers are: those of one kata may lie there as they are, in no folder."""
    alone = path if path.is_file() else lone_answer(path)
    katas = [kata for kata in load(Path(task.course)).katas if not task.katas or kata.name in task.katas]
    if alone is None:
        _check_katas(path, archive, katas)
        return "--submission", str(path)
    if len(task.katas) != 1:
        raise Refused(messages.WHICH_KATA)
    _check_alone(alone, path, archive, katas[0])
    return "--answer", str(alone)


def _check_alone(alone: Path, path: Path, archive: Path | None, kata: Kata) -> None:
    """Refuse files of which none is called as the kata's: one may be called otherwise, if nothing else is there."""
    beside = alone != path and alone.is_file() and archive_in(alone.parent)
    if (beside and alone.name not in _names(kata)) or not _may_be_answer(kata, alone):
        place = alone if alone.is_dir() else alone.parent
        raise Refused(messages.no_file_in_it(kata.files[0], place.relative_to(path).as_posix(), _held(archive, place)))
    _check_readable(alone)


def _check_katas(path: Path, archive: Path | None, katas: Sequence[Kata]) -> None:
    """Refuse a submission that has not one file that is judged: silently it would have no points."""
    found = [(kata, path / folder / kata.name) for kata in katas for folder in (EXERCISES, "")]
    there = [(kata, place) for kata, place in found if os.path.lexists(place)]
    for _, place in there:
        _check_readable(place)
    if any(_may_be_answer(kata, place) for kata, place in there):
        return
    if there:
        kata, place = there[0]
        where = place.relative_to(path).as_posix()
        raise Refused(messages.no_file_in_it(kata.files[0], where, _held(archive, place)))
    places = [place for place in (path, path / EXERCISES) if place.is_dir() and not place.is_symlink()]
    raise Refused(messages.nothing_in_it(f"{EXERCISES}/{katas[0].name}", _held(archive, *places)))


def _check_readable(place: Path) -> None:
    """Raise OSError if an answer can't be read: that is no fault of who handed it in, and shall cost no points."""
    for path in place.iterdir() if place.is_dir() and not place.is_symlink() else [place]:
        if is_answer(path):
            path.open("rb").close()


def _may_be_answer(kata: Kata, place: Path) -> bool:
    """Whether `place` holds a file of `kata`, or is no folder: what grades it says that better."""
    return place.is_symlink() or not place.is_dir() or any(os.path.lexists(place / name) for name in _names(kata))


def _names(kata: Kata) -> list[str]:
    return [*kata.files, *filter(None, (notebook_of(kata, name) for name in kata.files))]


def _held(archive: Path | None, *folders: Path) -> str:
    """Return what is in `folders`, or all of the archive that was unpacked there, which may be more."""
    return told(names_in(archive) if archive else (found.name for folder in folders for found in folder.iterdir()))


def _laid_out(path: Path, place: Path) -> tuple[Path, Path | None]:
    """Return the folder of answers in what was handed in at `path`, and the archive that was unpacked, into `place`.

    Of a folder that is one in it, if no answer lies beside it. What is a file of its own is returned as it is.
    """
    if path.is_symlink() or not (path.is_dir() or is_answer(path) or is_archive(path)):
        raise Refused(messages.NO_SUBMISSION)
    if is_answer(path):
        return path, None
    archive = path
    if path.is_dir():
        if is_class(path):
            raise Refused(messages.is_class(path.name))
        folder = answers_in(path)
        beside = None if holds_answer(folder) else archive_in(path)
        if beside is None:
            return folder, None
        archive = beside
    folder = place / "unpacked"
    folder.mkdir()
    unpack(archive, folder)
    return answers_in(folder), archive


def grade_all(
    course: Path,
    folder: Path,
    out: Path,
    *,
    katas: Sequence[str] = (),
    options: Sequence[str] = (),
    jobs: int = 1,
    shard: tuple[int, int] = (1, 1),
    listener: Listener | None = None,
) -> list[Row]:
    """Grade what is handed in in `folder`, and write results and the table of all to `out`.

    Args:
        course: the folder of the clone that grades.
        folder: the submissions.
        out: where ``NAME.json`` and ``scores.csv`` go; made, for its owner alone, if it is not there.
        katas: which to grade; all if there is none.
        options: more words for ``run``.
        jobs: how many at once.
        shard: ``(i, n)``: only each n-th submission, from the i-th on, counted from 1.
        listener: hears how many there are, and of each that is done.

    Returns:
        The rows of this run, in the order of names.

    Raises:
        OSError: if nothing can be written to `out`; its ``filename`` is that.
    """
    _make(out)
    every = [
        (one, Task(str(course), str(one.path.absolute()), str(out / f"{one.name}.json"), tuple(katas), tuple(options)))
        for one in submissions(folder)
    ]
    mine = every[shard[0] - 1 :: shard[1]]
    rows: dict[str, Row] = {}
    if listener is not None:
        listener.planned(len(mine))
    grader = "".join(_content(course / name) for name in (EXERCISES, "grader"))
    pool, graders = concurrent.futures.ThreadPoolExecutor(jobs), Graders()
    heard: queue.SimpleQueue[concurrent.futures.Future[Row] | None] = queue.SimpleQueue()
    with ended_by_signals(lambda: heard.put(None)):
        try:
            for one, task in mine:
                pool.submit(_row, one, task, grader, graders).add_done_callback(heard.put)
            while len(rows) < len(mine):
                row = _next(heard)
                rows[row.name] = row
                if listener is not None:
                    listener.graded(row.name, row.came, problem=bool(row.problem))
        finally:  # interrupted, no other is begun, those that run are ended, and those that are done are in the table
            pool.shutdown(wait=False, cancel_futures=True)
            graders.end()
            _close(every, mine, rows, grader, out / TABLE)
    return [rows[one.name] for one, _ in mine]


def _make(out: Path) -> None:
    """Make the folder of results, and see that there is room in it, so that nothing is graded in vain."""
    with _blaming(out):
        out.mkdir(mode=0o700, parents=True, exist_ok=True)  # there are names and marks in it
        with tempfile.TemporaryFile(dir=out) as probe:
            probe.write(b"\n")


@contextlib.contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Let an OSError name `path`: that of a full disk names nothing, and some a file that is there for a moment."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def gone(out: Path, folder: Path) -> list[str]:
    """Return the names of results in `out` of what lies in `folder` no more."""
    names = {f"{one.name}.json" for one in submissions(folder)}
    return [path.name for path in out.glob("*.json") if path.name not in names and path.with_suffix(".of").exists()]


def _close(
    every: Sequence[tuple[HandedIn, Task]],
    mine: Sequence[tuple[HandedIn, Task]],
    rows: Mapping[str, Row],
    grader: str,
    table: Path,
) -> None:
    """Write the table of `rows` and of what other runs came to, one run at a time: the last one knows of all.

    Of `mine`, what this run did not come to and is another by now has no result any more.
    """
    digests = {one.name: _digest(task, grader) for one, task in every if one.name not in rows}
    with locked(table.parent), _blaming(table):
        whole = [rows[one.name] if one.name in rows else _known(one, task, digests[one.name]) for one, task in every]
        save(table, scores(whole))
    for one, task in mine:
        if one.name not in rows and not _mark(task).startswith(digests[one.name]):
            Path(task.result).unlink(missing_ok=True)


def _next(heard: queue.SimpleQueue[concurrent.futures.Future[Row] | None]) -> Row:
    """Wait for the next row.

    Raises:
        KeyboardInterrupt: if there shall be no other.
    """
    while True:
        with contextlib.suppress(queue.Empty):  # on Windows no wait without an end hears Ctrl-C
            done = heard.get(timeout=1.0)
            if done is None:
                raise KeyboardInterrupt
            return done.result()


def _row(one: HandedIn, task: Task, grader: str, graders: Graders) -> Row:
    """Return the row of one submission, graded now if it was not yet by what `grader` tells from any other."""
    try:
        return _of(one, _graded(task, grader, graders))
    except (Refused, UnreadableError) as reason:
        return _problem(one, str(reason))
    except OSError as error:  # reading what was handed in has a sentence of its own
        return _problem(one, messages.result_unwritten(Path(task.result).parent, error))
    except Exception as error:  # noqa: BLE001 - one submission stops nothing, whatever a stranger put into it
        return _problem(one, messages.grader_fault(error))


def _graded(task: Task, grader: str, graders: Graders) -> Result:
    """Return the result; one that is damaged, or was made of something else, is gone, even if there is no new one.

    Beside it stands of what it was made, and if there is none, why.
    """
    result, digest = Path(task.result), _digest(task, grader)
    mark = result.with_suffix(".of")
    with contextlib.suppress(OSError, UnreadableError):  # there is none yet, or it can't be read any more
        if _mark(task) == digest:
            return decode(result.read_bytes())
    mark.unlink(missing_ok=True)
    result.unlink(missing_ok=True)
    problem = grade_one(task, graders)
    save(mark, (digest + problem).encode("utf-8", "backslashreplace"))
    if problem:
        raise Refused(problem)
    return decode(result.read_bytes())


def _digest(task: Task, grader: str) -> str:
    """Return what is another as soon as the result is."""
    try:
        content = _content(Path(task.submission))
    except OSError as error:
        content = messages.submission_unreadable(error)
    asked = f"{task.katas} {task.options} {content}{grader}"
    return hashlib.sha256(asked.encode("utf-8", "surrogateescape")).hexdigest()


def _mark(task: Task) -> str:
    """Return the digest of what a result was made of, and why there is none; "" if nothing was graded."""
    try:
        return Path(task.result).with_suffix(".of").read_text("utf-8", "replace")
    except OSError:
        return ""


def _problem(one: HandedIn, problem: str) -> Row:
    return Row(one.name, one.person, one.number, None, None, {}, problem)


def _known(one: HandedIn, task: Task, digest: str) -> Row:
    """Return the row of a submission that this run did not come to, as far as it is graded as it is now."""
    mark = _mark(task)
    if mark == digest:
        with contextlib.suppress(OSError, UnreadableError):
            return _of(one, decode(Path(task.result).read_bytes()))
    return _problem(one, (mark.startswith(digest) and mark.removeprefix(digest)) or messages.NOT_GRADED)


def _of(one: HandedIn, result: Result) -> Row:
    points = {verdict.kata: verdict.points for verdict in result.katas}
    return Row(one.name, one.person, one.number, result.score, result.max_score, points, notes=result.notes)


def _content(root: Path) -> str:
    """Return names and contents of the files in `root`, in short: the same for a copy, whenever and wherever made.

    Of what can be no part of an answer or a course, like a film, the size is enough.
    """
    return "".join(f"{path.relative_to(root)} {_told(path)} " for path in sorted(_files(root)))


def _told(path: Path) -> str:
    seen = path.lstat()
    if not stat.S_ISREG(seen.st_mode) or seen.st_size > MOST_BYTES:
        return f"{seen.st_mode} {seen.st_size}"
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except PermissionError:  # it may be no part of the answer; if it is, who reads that says so
        return "unreadable"


def _files(root: Path) -> Iterator[Path]:
    """Yield all that is at or below `root` and neither a folder nor hidden, nor too deep for an answer; links too."""
    level = [root]
    for _ in range(DEEPEST + 1):
        folders = [path for path in level if path.is_dir() and not path.is_symlink()]
        yield from (path for path in level if path.is_symlink() or (path.exists() and not path.is_dir()))
        level = [path for folder in folders for path in _seen(folder)]


def _seen(folder: Path) -> list[Path]:
    """Return what is in `folder` and not hidden; nothing of one that may not be read."""
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(HIDDEN)]
    except PermissionError:
        return []


def _notes(row: Row) -> str:
    """Return the notes in a cell, as many as there is room for, and how many are left out."""
    more = [messages.more_notes(len(row.notes) - gradebook.MOST_NOTES)] if len(row.notes) > gradebook.MOST_NOTES else []
    return " ".join([*(cell(note) for note in row.notes[: gradebook.MOST_NOTES]), *more])


def scores(rows: Sequence[Row]) -> bytes:
    """Return the rows as CSV with a header, one column a kata; texts are no formulas."""
    katas = sorted({kata for row in rows for kata in row.points})
    lines: list[list[str | int]] = [["submission", "name", "id", "score", "max_score", *katas, "problem", "notes"]]
    for row in rows:
        points: list[str | int] = ["" if value is None else value for value in (row.score, row.max_score)]
        points += [row.points.get(kata, "") for kata in katas]
        lines.append([*map(cell, (row.name, row.person, row.number)), *points, cell(row.problem), _notes(row)])
    return _BOM + gradebook.table(lines)
