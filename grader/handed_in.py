"""A folder of submissions, as learning platforms make it: whose is what, and archives unpacked safely.

Moodle makes folders ``Full Name_12345_assignsubmission_file_``, or files whose names begin so; Canvas files
``namefirst_LATE_123_456_file.zip``; Classroom's download folders ``assignment-username``. What is in an archive is
strangers' work: nothing is written but Python files and notebooks below the folder that is meant, and neither many nor
large ones.
"""

from __future__ import annotations

import collections
import dataclasses
import itertools
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from grader import messages
from grader.course import EXERCISES
from grader.printable import line

MOST_FILES: Final = 2000
"""Python files and notebooks that an archive may have, what is hidden not counted."""

MOST_BYTES: Final = 32 * 2**20
"""Bytes that all of these files together may have, and the archive itself."""

MOST_ENTRIES: Final = 100_000
"""Entries that an archive may have, whatever they are: a course packed with all that was installed has fewer."""

DEEPEST: Final = 12
"""Names in a path, below the folder handed in; what lies deeper is no part of an answer. It is looked for in fewer."""

_DEPTH: Final = 3
"""Folders in one another in which the answers are looked for."""

_ALONE: Final = (".py", ".ipynb")
"""How a file is called that can be all of an answer."""

_OF_TESTS: Final = ("test_", "conftest.")
"""How files begin that a learner may have beside an answer."""

_MOODLE: Final = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_.*")
CANVAS: Final = re.compile(r"(?P<name>.+?)_(?:LATE_)?(?P<id>\d+)_\d+_.+")
"""How Canvas calls what it gives a teacher to download."""

HIDDEN: Final = (".", "__MACOSX", "__pycache__", "site-packages")
"""How the names begin of files and folders that hold no answer, whatever is in them."""

_VENV: Final = "pyvenv.cfg"
"""The file that says of a folder that it is a virtual environment."""

_KATA: Final = re.compile(r"\d\d_\w+")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_ENCRYPTED: Final = 0x1
"""The bit of a zip entry's flags that says so."""

_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How the entries may be packed. `zipfile` gives no more of these than it is asked for; of others all, without a bound.
"""

_ENTRY: Final = b"PK\x01\x02"
"""What each entry begins with in the archive's directory."""


class Refused(Exception):
    """A submission that holds no answer, or can't be unpacked; the text is a sentence."""


@dataclasses.dataclass(frozen=True, slots=True)
class HandedIn:
    """One submission.

    Attributes:
        name: what results are called by: that of the folder, archive or file, without its ending.
        person: the name that the platform gave, or `name`.
        number: the platform's number of the person or submission, "" if it gave none.
        path: of the folder, archive or file.
    """

    name: str
    person: str
    number: str
    path: Path


def submissions(folder: Path) -> list[HandedIn]:
    """Return what is handed in in `folder`: all that is in it and not hidden, in order of name.

    What can be no submission, like a text file, is one too, so that whoever handed it in has a row. Results are called
    by names without the ending, but where two would be called the same, on a system too that takes ``Ann`` for ``ann``,
    or an accent of its own for part of a letter: what is still alike is numbered.
    """
    paths = [path for path in sorted(folder.iterdir()) if not path.name.startswith((".", "__MACOSX"))]
    claimed = collections.Counter(name for path in paths for name in {_alike(_stem(path)), _alike(_whole(path))})
    taken = set[str]()
    found = []
    for path in paths:
        name = _stem(path) if claimed[_alike(_stem(path))] == 1 else _whole(path)
        numbered = (f"{name} ({number})" for number in itertools.count(2))
        free = next(each for each in itertools.chain([name], numbered) if _alike(each) not in taken)
        taken.add(_alike(free))
        found.append(_named(path, free))
    return found


def _alike(name: str) -> str:
    """Return what is the same for all names that some system takes for one."""
    return unicodedata.normalize("NFC", name.casefold())


def _stem(path: Path) -> str:
    return path.stem if path.is_file() else path.name


def _whole(path: Path) -> str:
    """Return the name with its ending; one that ends like an answer's file would not be taken for somebody's."""
    return f"{path.stem} ({path.suffix[1:]})" if path.suffix in _ALONE and path.is_file() else path.name


def _named(path: Path, name: str) -> HandedIn:
    match = _MOODLE.fullmatch(name) or CANVAS.fullmatch(name)
    if match is None:
        return HandedIn(name, name, "", path)
    return HandedIn(name, match["name"], match["id"], path)


def is_class(folder: Path) -> bool:
    """Whether in `folder` lies what a platform has of several people: it is no submission, but many."""
    return not _holds_katas(folder) and len({one.number for one in submissions(folder)} - {""}) > 1


def answers_in(folder: Path) -> Path:
    """Return the folder in or below `folder` that holds ``exercises`` or katas' folders; `folder` if none does.

    Raises:
        Refused: if several do, none of them in a higher folder than the others, or one kata's folder is there twice.
    """
    place = _highest(folder, lambda place: place if _holds_katas(place) else None) or folder
    names = {path.name: path for path in _folders(place)}
    inner = _folders(names[EXERCISES]) if EXERCISES in names else []
    twice = [path.name for path in inner if path.name in names and _KATA.fullmatch(path.name)]
    if twice:
        raise Refused(messages.several_answers(told([*twice, *(f"{EXERCISES}/{name}" for name in twice)])))
    return place


def _highest(folder: Path, answer_in: Callable[[Path], Path | None]) -> Path | None:
    """Return what `answer_in` finds in `folder`, or else in a folder below; in two of one level it may be either's."""
    level = [folder]
    for _ in range(_DEPTH):
        found = list(filter(None, map(answer_in, level)))
        if len(found) > 1:
            raise Refused(messages.several_answers(told(path.relative_to(folder).as_posix() for path in found)))
        if found:
            return found[0]
        level = [path for place in level for path in _folders(place)][:MOST_FILES]
    return None


def told(names: Iterable[str]) -> str:
    """Return names in order, as many as a row has room for."""
    return line(", ".join(sorted(names)), 160)


def holds_answer(place: Path) -> bool:
    """Whether there are katas' folders in `place`, as `answers_in` found it, or files of one kata in or below it."""
    return _holds_katas(place) or lone_answer(place) is not None


def _holds_katas(folder: Path) -> bool:
    names = {path.name for path in _folders(folder)}
    return EXERCISES in names or any(map(_KATA.fullmatch, names))


def lone_answer(folder: Path) -> Path | None:
    """Return the answer in or below `folder` where it holds no katas' folders, but the files of one kata as they are.

    That is a file if there is one only, and else the folder that holds them. None if there is no such.

    Raises:
        Refused: if several folders hold some, none of them higher than the others.
    """
    return None if _holds_katas(folder) else _highest(folder, _files_in)


def _files_in(place: Path) -> Path | None:
    files = [path for path in place.iterdir() if is_answer(path) and not path.name.startswith(_OF_TESTS)]
    return files[0] if len(files) == 1 else place if files else None


def is_answer(path: Path) -> bool:
    """Whether `path` is a file that can be all of an answer."""
    return path.suffix.lower() in _ALONE and _is_plain(path)


def is_archive(path: Path) -> bool:
    """Whether `path` is a file that is called as zip archives are."""
    return path.suffix.lower() == ".zip" and _is_plain(path)


def archive_in(folder: Path) -> Path | None:
    """Return the one zip archive in `folder`, None if there is none, or more than one."""
    found = [path for path in folder.iterdir() if is_archive(path)]
    return found[0] if len(found) == 1 else None


def _is_plain(path: Path) -> bool:
    return path.name[0] != "." and path.is_file() and not path.is_symlink()


def _folders(folder: Path) -> list[Path]:
    """Return the folders in `folder` that are not hidden, and not of a virtual environment."""
    found = [path for path in folder.iterdir() if not path.name.startswith(HIDDEN) and not path.is_symlink()]
    return sorted(path for path in found if path.is_dir() and not os.path.lexists(path / _VENV))


def unpack(archive: Path, target: Path) -> None:
    """Write the Python files and notebooks of a zip archive below `target`: there is nothing else in an answer.

    What says that a folder is a virtual environment is written too.

    Raises:
        Refused: if it is none, holds too much, or what would lie elsewhere.
    """
    if archive.stat().st_size > MOST_BYTES:
        raise Refused(messages.archive_too_large(MOST_BYTES // 2**20))
    if archive.read_bytes().count(_ENTRY) > MOST_ENTRIES:  # `zipfile` makes an object of each, 500 bytes and more
        raise Refused(messages.too_many_files(MOST_ENTRIES))
    try:
        with zipfile.ZipFile(archive) as opened:
            for path, data in _read(opened, _wanted(opened)):
                place = target / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
    except Refused:
        raise
    except Exception as error:  # zipfile and zlib each have errors of their own for strange bytes
        reason = error.strerror if isinstance(error, OSError) else None
        raise Refused(messages.no_archive(reason)) from error


def names_in(archive: Path) -> list[str]:
    """Return the paths of the files in a zip archive that can be unpacked, whatever they are, but what is hidden."""
    with zipfile.ZipFile(archive) as opened:
        paths = [(PurePosixPath(entry.filename.replace("\\", "/")), entry) for entry in opened.infolist()]
    return sorted(str(path) for path, entry in paths if _is_seen(path, entry))


def _wanted(archive: zipfile.ZipFile) -> list[tuple[PurePosixPath, zipfile.ZipInfo]]:
    """Return the entries that can be a part of an answer, with their paths."""
    paths = [(PurePosixPath(entry.filename.replace("\\", "/")), entry) for entry in archive.infolist()]
    if any(path.is_absolute() or ".." in path.parts or _DRIVE.match(path.parts[0]) for path, _ in paths if path.parts):
        raise Refused(messages.LIES_OUTSIDE)
    written = [(path, entry) for path, entry in paths if path.suffix.lower() in _ALONE or path.name == _VENV]
    wanted = [(path, entry) for path, entry in written if _is_seen(path, entry)]
    if len(wanted) > MOST_FILES:
        raise Refused(messages.too_many_files(MOST_FILES))
    if any(entry.flag_bits & _ENCRYPTED for _, entry in wanted):
        raise Refused(messages.ENCRYPTED)
    if any(entry.compress_type not in _METHODS for _, entry in wanted):
        raise Refused(messages.OTHER_METHOD)
    packed = sum(entry.compress_size for _, entry in wanted)
    if packed > MOST_BYTES:  # more than there is: the same bytes are told to be those of many
        raise Refused(messages.no_archive(None))
    return wanted


def _is_seen(path: PurePosixPath, entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a regular file, and in no folder like ``.git``, of what was installed, or too deep."""
    hidden = len(path.parts) > DEEPEST or any(part.startswith(HIDDEN) for part in path.parts)
    return not hidden and not entry.is_dir() and stat.S_IFMT(entry.external_attr >> 16) in (0, stat.S_IFREG)


def _read(
    archive: zipfile.ZipFile, entries: list[tuple[PurePosixPath, zipfile.ZipInfo]]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield path and bytes of each; what an entry says of its size is not believed."""
    left = MOST_BYTES
    for path, entry in entries:
        with archive.open(entry) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise Refused(messages.content_too_large(MOST_BYTES // 2**20))
        yield path, data
