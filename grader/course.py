"""The course as a value: folders become `Kata`s. No other module knows the shape of a kata's folder."""

from __future__ import annotations

import ast
import functools
import importlib.util
import itertools
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from grader import messages
from grader.syntax import parsed

EXERCISES: Final = "exercises"
SOLUTIONS: Final = "solutions"
_FOLDER: Final = re.compile(r"(\d\d)_[a-z][a-z0-9_]*")
_FILE_NAME: Final = r"(?!test_|probes\.|conftest\.)[a-z_][a-z0-9_]*\.(py|ipynb)"


class CourseError(Exception):
    """The course cannot be read. The text names the file, the line if there is one, and what is expected."""

    def __init__(self, path: Path, message: str, line: int = 0) -> None:
        self.path, self.message, self.line = path, message, line
        super().__init__(path, message, line)

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.message}"


class UnknownKata(Exception):
    """No kata, or more than one, is meant by a word; the text says which are near."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One step of a kata's hints; `fits` names the checks whose failure it helps with."""

    title: str
    text: str
    fits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """One check of a kata, as its test file announces it.

    Attributes:
        name: the test function's name.
        title: the first line of its docstring.
        points: what it is worth.
        real_time: whether it needs the real clock at full length.
    """

    name: str
    title: str
    points: int
    real_time: bool


@dataclass(frozen=True, slots=True)
class Kata:
    """One folder of the course; ``kata.toml`` gives what its name does not.

    Attributes:
        name: the folder's name, ``01_print_tasks``.
        points: what the kata's checks sum to.
        files: what a learner hands in; the first is the module that checks call.
        needs: of ``waits``, ``cpu`` and ``io``, what the kata spends its time on.
        python: ``""``, or the oldest Python that it runs on, ``>=3.14``.
        packages: importable names that the kata needs beside the standard library.
        given: functions, classes and methods (``Outcome``, ``Pool.close``) that the stub has complete.
        folder, solution: its two folders.
    """

    name: str
    number: int
    title: str
    part: int
    points: int
    files: tuple[str, ...]
    needs: tuple[str, ...]
    python: str
    packages: tuple[str, ...]
    given: tuple[str, ...]
    folder: Path
    solution: Path

    @property
    def module(self) -> str:
        """The name that the answer is imported by."""
        return Path(self.files[0]).stem

    @property
    def test_file(self) -> Path:
        """The kata's checks."""
        return self.folder / f"test_{self.module}.py"

    @property
    def probes(self) -> Path | None:
        """What the checks run inside, where the kata has such."""
        path = self.folder / "probes.py"
        return path if path.is_file() else None

    @property
    def lesson(self) -> Path:
        """The kata's lesson, in Markdown."""
        return self.folder / "README.md"

    @property
    def hints(self) -> Path:
        """The kata's hints, one ``##`` heading a step."""
        return self.folder / "hints.md"

    @property
    def manifest(self) -> Path:
        """The file that this value was read from."""
        return self.folder / "kata.toml"

    def wrong_answers(self) -> list[Path]:
        """Return the kata's wrong answers: a file each, or a folder where one file is not enough."""
        folder = self.solution / "wrong"
        if not folder.is_dir():
            return []
        return sorted(path for path in folder.iterdir() if path.is_dir() or path.suffix == ".py")

    def missing_here(self) -> str:
        """Return what this machine lacks to run the kata, as a sentence; ``""`` if nothing."""
        if self.python and sys.version_info[:2] < _version(self.python):
            return messages.needs_python(self.python.removeprefix(">="))
        lacking = [name for name in self.packages if importlib.util.find_spec(name) is None]
        return messages.needs_packages(lacking) if lacking else ""


@dataclass(frozen=True, slots=True)
class Course:
    """All katas of a clone, in the order of their numbers."""

    root: Path
    katas: tuple[Kata, ...]

    def find(self, words: Iterable[str]) -> tuple[Kata, ...]:
        """Return the katas that `words` mean, in the course's order; all of them for no words.

        A word is a kata's number, its name, a part of its name, or its folder.

        Raises:
            UnknownKata: if a word means no kata, or several.
        """
        meant = {self._one(word).name for word in words}
        return tuple(kata for kata in self.katas if kata.name in meant or not meant)

    def _one(self, word: str) -> Kata:
        name = re.split(r"[/\\]", word.rstrip("/\\"))[-1].lower()
        found = [kata for kata in self.katas if name == kata.name or _is_number(name, kata.number)]
        found = found or [kata for kata in self.katas if name and not name.isdigit() and name in kata.name]
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownKata(messages.can_mean(word, [kata.name for kata in found]))
        raise UnknownKata(messages.no_kata(word, self._near(name)))

    def _near(self, name: str) -> list[str]:
        import difflib  # noqa: PLC0415 - only the unlucky pay for it

        names = {form: kata.name for kata in self.katas for form in (kata.name, kata.name[3:])}
        matches = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        return [*dict.fromkeys(names[match] for match in matches)]


def _is_number(word: str, number: int) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 5 and int(word) == number  # noqa: PLR2004 - no "0…01"


def root_of(start: Path) -> Path:
    """Return the clone that `start` lies in; else the one that this grader lies in.

    Raises:
        CourseError: if there is neither.
    """
    start = start.resolve()
    for folder in (start, *start.parents, Path(__file__).resolve().parent.parent):
        if (folder / EXERCISES).is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    raise CourseError(start, messages.NO_COURSE)


def load(root: Path) -> Course:
    """Read the course of the clone at `root`.

    Raises:
        CourseError: if there are no katas, or one is not well described.
    """
    exercises = root / EXERCISES
    if not exercises.is_dir():
        raise CourseError(exercises, messages.NO_EXERCISES)
    folders = sorted(path for path in exercises.iterdir() if _FOLDER.fullmatch(path.name) and _holds_files(path))
    katas = tuple(_read(root, folder) for folder in folders)
    if not katas:
        raise CourseError(exercises, messages.NO_KATAS)
    for first, second in itertools.pairwise(katas):
        if first.number == second.number:
            raise CourseError(second.folder, messages.number_taken(first.name))
    return Course(root, katas)


def _holds_files(folder: Path) -> bool:
    """Whether there is more in `folder` than the caches that a change of branch leaves behind."""
    return folder.is_dir() and any(path.is_file() for path in folder.iterdir())


def require_solutions(course: Course, command: str) -> None:
    """Refuse a `command` that needs solutions where they are left out, as in a student's repository.

    Raises:
        CourseError: if there is no such folder.
    """
    if not (course.root / SOLUTIONS).is_dir():
        raise CourseError(Path(SOLUTIONS), messages.whole_course_only(command))


def hints(kata: Kata) -> list[Hint]:
    """Return the steps of `kata`'s hints; none where the file is missing.

    A line ``<!-- Fits: test_a, test_b timed out -->`` in a step is no text of it: it names the checks that the step
    helps with, whatever became of them, or if that became of them.

    Raises:
        CourseError: if the file cannot be read.
    """
    steps: list[tuple[str, list[str]]] = []
    fenced = False
    for row in _text(kata.hints).splitlines() if kata.hints.exists() else ():
        fenced ^= row.lstrip().startswith(("```", "~~~"))
        if row.startswith("## ") and not fenced:
            steps.append((row[3:].strip(), []))
        elif steps:
            steps[-1][1].append(row)
    return [_hint(title, rows) for title, rows in steps]


def _hint(title: str, rows: list[str]) -> Hint:
    marks = [_FITS.fullmatch(row) for row in rows]
    fits = tuple(name.strip() for mark in marks if mark for name in mark[1].split(","))
    text = "\n".join(row for row, mark in zip(rows, marks, strict=True) if not mark)
    return Hint(title, text.strip(), fits)


_FITS: Final = re.compile(r"<!--\s*Fits:\s*(.*?)\s*-->\s*")


def fitting(kata: Kata) -> dict[str, int]:
    """Return for the names of checks, alone or with a status, the number, from 1, of the hint that helps with them.

    Raises:
        CourseError: if the hints cannot be read.
    """
    steps = [*enumerate(hints(kata), start=1)]
    return {name: number for number, step in reversed(steps) for name in step.fits}


def lesson(kata: Kata) -> str:
    """Return the kata's lesson, in Markdown.

    Raises:
        CourseError: if it is missing or cannot be read.
    """
    return _text(kata.lesson)


def checks(kata: Kata) -> tuple[Planned, ...]:
    """Return the kata's checks in order, read from its test file, which is not run.

    Raises:
        CourseError: if the file cannot be read, or holds no checks.
    """
    return _checks(kata.test_file, _text(kata.test_file))


@functools.lru_cache(maxsize=8)
def _checks(path: Path, text: str) -> tuple[Planned, ...]:
    try:
        tree = parsed(text, str(path))
    except SyntaxError as error:
        raise CourseError(path, messages.no_python(error.msg), error.lineno or 0) from error
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    if not tests:
        raise CourseError(path, messages.NO_CHECKS)
    return tuple(_planned(path, test) for test in tests)


def _planned(path: Path, test: ast.FunctionDef) -> Planned:
    marks = {ast.unparse(mark).removeprefix("pytest.mark.") for mark in test.decorator_list}
    points = [re.fullmatch(r"points\((\d+)\)", mark) for mark in marks]
    doc = ast.get_docstring(test)
    if not doc:
        raise CourseError(path, messages.no_docstring(test.name), test.lineno)
    if any(mark.startswith("parametrize") for mark in marks):
        raise CourseError(path, messages.parametrized(test.name), test.lineno)
    worth = next((int(match[1]) for match in points if match), 1)
    return Planned(test.name, doc.splitlines()[0], worth, "real_time" in marks)


def strays(kata: Kata) -> list[Path]:
    """Return what lies in the kata's two folders and does not belong there."""
    known = {kata.lesson, kata.hints, kata.manifest, kata.test_file, kata.folder / "probes.py"}
    known |= {kata.folder / name for name in kata.files} | {kata.solution / name for name in kata.files}
    known |= {kata.solution / "wrong", *kata.wrong_answers()}
    places = [folder for folder in (kata.folder, kata.solution, kata.solution / "wrong") if folder.is_dir()]
    found = (path for folder in places for path in folder.iterdir())
    return sorted(path for path in found if path not in known and path.name != "__pycache__")


def missing(kata: Kata) -> list[Path]:
    """Return the files that every kata has and this one lacks."""
    needed = [kata.lesson, kata.hints, kata.test_file]
    needed += [folder / name for folder in (kata.folder, kata.solution) for name in kata.files]
    return [path for path in needed if not path.is_file()]


def stray_folders(course: Course) -> list[Path]:
    """Return what lies beside the katas and is none, on both sides."""
    names = {kata.name for kata in course.katas}
    sides = [folder for folder in (course.root / EXERCISES, course.root / SOLUTIONS) if folder.is_dir()]
    found = (path for folder in sides for path in folder.iterdir() if _holds_files(path))
    return sorted(path for path in found if path.name not in names and path.name != "__pycache__")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CourseError(path, messages.NO_UTF8) from error
    except OSError as error:
        raise CourseError(path, messages.course_unreadable(error)) from error


def _read(root: Path, folder: Path) -> Kata:
    path = folder / "kata.toml"
    shown = path.relative_to(root)
    if not path.is_file():
        raise CourseError(shown, messages.NO_SETTINGS)
    text = _text(path)
    data = _toml(shown, text)
    for key, expected in _faults(data):
        raise CourseError(shown, expected, _line_of(key, text))
    needs = data["needs"]
    return Kata(
        name=folder.name,
        number=int(folder.name[:2]),
        title=data["title"],
        part=data["part"],
        points=data["points"],
        files=tuple(data["files"]),
        needs=(needs,) if isinstance(needs, str) else tuple(needs),
        python=data.get("python", ""),
        packages=tuple(data.get("packages", ())),
        given=tuple(data.get("given", ())),
        folder=folder,
        solution=root / SOLUTIONS / folder.name,
    )


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(place[1]) if place else len(text.splitlines())
        reason = re.sub(r"\s*\(at [^)]*\)", "", str(error))
        raise CourseError(path, messages.no_toml(reason), line) from error


def _faults(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in data:
        if key not in _RULES:
            yield key, messages.no_setting(key, _RULES)
    for key, holds in _RULES.items():
        if key not in data and key not in _OPTIONAL:
            yield key, messages.setting_missing(key)
        if key in data and not holds(data[key]):
            yield key, messages.setting_wrong(key, _shown(data[key]))


def _line_of(key: str, text: str) -> int:
    setting = re.compile(rf"\s*\[*[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    return next((number for number, row in enumerate(text.splitlines(), start=1) if setting.match(row)), 0)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - what fits on a line


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.removeprefix(">=").split("."))


def _is_texts(value: object, pattern: str) -> bool:
    if not isinstance(value, list):
        return False
    return all(isinstance(item, str) and re.fullmatch(pattern, item) for item in value)


def _is_whole(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _is_needs(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return bool(items) and _is_texts(items, "waits|cpu|io") and len(set(items)) == len(items)


_OPTIONAL: Final = ("python", "packages", "given")
_RULES: Final[dict[str, Callable[[Any], bool]]] = {
    "title": lambda value: isinstance(value, str) and value.strip() != "" and value.isprintable(),
    "part": lambda value: _is_whole(value, 1, 9),
    "points": lambda value: _is_whole(value, 1, 1000),
    "files": lambda value: value != [] and _is_texts(value, _FILE_NAME),
    "needs": _is_needs,
    "python": lambda value: isinstance(value, str) and re.fullmatch(r">=3\.\d{1,2}", value) is not None,
    "packages": lambda value: _is_texts(value, r"[A-Za-z_]\w*"),
    "given": lambda value: _is_texts(value, r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)?"),
}
"""What the value of a setting must be; `messages.SETTINGS` says it in words."""
