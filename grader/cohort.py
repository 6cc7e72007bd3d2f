"""Grades a folder of submissions: one result each, in any number of runs, and a table of all.

What grades one is `grade_one`, a function of plain data that any engine can call. A result is written by renaming; one
that is there already, of the same submission and course, is not made again. A submission that can't be graded stops
nothing: its row says why.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from grader.handed_in import HandedIn, Refused, answers_in, archive_in, lone_answer, submissions, unpack
from grader.report import Exit, gradebook
from grader.report.gradebook import cell
from grader.report.result import UnreadableError, decode
from grader.report.saving import save
from grader.verdict import Result

LIMIT: Final = 1800.0
"""Seconds that the grading of one submission may take."""

TABLE: Final = "scores.csv"
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
    """What came of one submission: its points by kata, or why it was not graded."""

    name: str
    person: str
    number: str
    score: int | None
    max_score: int | None
    points: dict[str, int]
    problem: str = ""


def grade_one(task: Task) -> str:
    """Grade one submission in a process of its own, write its result, and return ``""`` or what went wrong."""
    with tempfile.TemporaryDirectory(prefix="grader-") as name:
        try:
            place = _placed(_laid_out(Path(task.submission), Path(name)), task.katas)
        except (Refused, OSError) as reason:
            return str(reason)
        made = Path(name, "result.json")
        called = f"--name={Path(task.result).stem}"  # an unpacked archive lies in a folder that says nothing
        words = ("run", *task.katas, *place, called, "--json", str(made), *task.options)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "grader", *words],
                cwd=task.course,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"its grading did not end within {LIMIT / 60:g} minutes"
        if done.returncode not in _GRADED or not made.exists():
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            return f"it could not be graded: {said[-1] if said else f'exit code {done.returncode}'}"
        save(Path(task.result), made.read_bytes())
    return ""


def _placed(path: Path, katas: Sequence[str]) -> tuple[str, str]:
    """Return the words that say where the answers are: those of one kata may lie there as they are, in no folder."""
    alone = path if path.is_file() else lone_answer(path)
    if alone is None:
        return "--submission", str(path)
    if len(katas) != 1:
        raise Refused("it is the answer to one kata, and has no folder that says to which: name one with --kata")
    return "--answer", str(alone)


def _laid_out(path: Path, place: Path) -> Path:
    """Return the folder of answers in what was handed in at `path`, unpacked into `place` where it is an archive.

    What is a file of its own is returned as it is.
    """
    if path.is_file() and path.suffix.lower() != ".zip":
        return path
    archive = path if path.is_file() else None
    folder = path if archive is None else place / "unpacked"
    if archive is None and answers_in(folder) == folder:
        archive = archive_in(folder)
    if archive is not None:
        folder = place / "unpacked"
        folder.mkdir()
        unpack(archive, folder)
    return answers_in(folder)


def grade_all(
    course: Path,
    folder: Path,
    out: Path,
    *,
    katas: Sequence[str] = (),
    options: Sequence[str] = (),
    jobs: int = 1,
    shard: tuple[int, int] = (1, 1),
    told: Callable[[Row, int, int], None] = lambda _row, _done, _all: None,
) -> list[Row]:
    """Grade what is handed in in `folder`, and write results and the table of all to `out`.

    Args:
        course: the folder of the clone that grades.
        folder: the submissions.
        out: where ``NAME.json`` and ``scores.csv`` go; made if it is not there.
        katas: which to grade; all if there is none.
        options: more words for ``run``.
        jobs: how many at once.
        shard: ``(i, n)``: only each n-th submission, from the i-th on, counted from 1.
        told: hears of each that is done, how many are, and of how many.

    Returns:
        The rows of this run, in the order of names.
    """
    out.mkdir(parents=True, exist_ok=True)
    every = submissions(folder)
    mine = every[shard[0] - 1 :: shard[1]]
    rows: dict[str, Row] = {}
    grader = "".join(_seen(course / name) for name in ("exercises", "grader"))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        tasks = {}
        for one in mine:
            place = str(out / f"{one.name}.json")
            task = Task(str(course), str(one.path.resolve()), place, tuple(katas), tuple(options))
            tasks[pool.submit(_row, one, task, grader)] = one
        for done in concurrent.futures.as_completed(tasks):
            row = rows[tasks[done].name] = done.result()
            told(row, len(rows), len(mine))
    ordered = [rows[one.name] for one in mine]
    save(out / TABLE, scores([rows[one.name] if one.name in rows else _known(one, out) for one in every]))
    return ordered


def _row(one: HandedIn, task: Task, grader: str) -> Row:
    """Return the row of one submission, graded now if it was not yet by what `grader` tells from any other."""
    result = Path(task.result)
    mark = result.with_suffix(".of")
    asked = f"{task.katas} {task.options} {_seen(one.path)}{grader}"
    digest = hashlib.sha256(asked.encode("utf-8", "surrogateescape")).hexdigest()
    try:
        if not (result.exists() and mark.exists() and mark.read_text(encoding="utf-8") == digest):
            problem = grade_one(task)
            if problem:
                return Row(one.name, one.person, one.number, None, None, {}, problem)
            save(mark, digest.encode())
        return _of(one, decode(result.read_bytes()))
    except (OSError, UnreadableError) as error:
        return Row(one.name, one.person, one.number, None, None, {}, str(error))


def _known(one: HandedIn, out: Path) -> Row:
    """Return the row of a submission of another shard, as far as it is graded."""
    try:
        return _of(one, decode((out / f"{one.name}.json").read_bytes()))
    except (OSError, UnreadableError):
        return Row(one.name, one.person, one.number, None, None, {}, "not graded yet")


def _of(one: HandedIn, result: Result) -> Row:
    points = {verdict.kata: verdict.points for verdict in result.katas}
    return Row(one.name, one.person, one.number, result.score, result.max_score, points)


def _seen(root: Path) -> str:
    """Return names, sizes and times of the files in `root`: what tells them from any others."""
    stats = ((file, file.lstat()) for file in sorted(_files(root)))
    return "".join(f"{file} {seen.st_size} {seen.st_mtime_ns} " for file, seen in stats)


def _files(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
    elif root.is_dir():
        yield from (path for path in root.rglob("*") if "__pycache__" not in path.parts)


def scores(rows: Sequence[Row]) -> bytes:
    """Return the rows as CSV with a header, one column a kata; texts are no formulas."""
    katas = sorted({kata for row in rows for kata in row.points})
    lines: list[list[str | int]] = [["submission", "name", "id", "score", "max_score", *katas, "problem"]]
    for row in rows:
        points: list[str | int] = ["" if value is None else value for value in (row.score, row.max_score)]
        points += [row.points.get(kata, "") for kata in katas]
        lines.append([*map(cell, (row.name, row.person, row.number)), *points, cell(row.problem)])
    return gradebook.table(lines)
