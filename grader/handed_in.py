"""A folder of submissions, as learning platforms make it: whose is what, and archives unpacked safely.

Moodle makes folders ``Full Name_12345_assignsubmission_file_``, Canvas files ``namefirst_LATE_123_456_file.zip``,
Classroom's download folders ``assignment-username``. What is in an archive is strangers' work: nothing is written but
regular files below the folder that is meant, and neither many nor large ones.
"""

from __future__ import annotations

import collections
import dataclasses
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from grader.course import EXERCISES

MOST_FILES: Final = 2000
"""Entries that an archive may have."""

MOST_BYTES: Final = 32 * 2**20
"""Bytes that all of an archive's files together may have, and the archive itself."""

_DEPTH: Final = 3
"""Folders in one another in which the answers are looked for."""

_ALONE: Final = (".py", ".ipynb")
"""How a file is called that can be all of an answer."""

_MOODLE: Final = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_\w*")
_CANVAS: Final = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<id>\d+)_\d+_.+")
_KATA: Final = re.compile(r"\d\d_\w+")


class Refused(Exception):
    """An archive that can't be unpacked; the text is a sentence."""


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
    """Return what is handed in in `folder`: each folder, zip archive and answer of one file in it, in order of name.

    Results are called by their names without the ending, but where two would be called the same.
    """
    paths = [path for path in sorted(folder.iterdir()) if _is_submission(path)]
    stems = collections.Counter(map(_stem, paths))
    return [_named(path, _stem(path) if stems[_stem(path)] == 1 else path.name) for path in paths]


def _is_submission(path: Path) -> bool:
    if path.is_symlink() or path.name.startswith((".", "__MACOSX")):
        return False
    return path.is_dir() or (path.is_file() and path.suffix.lower() in (".zip", *_ALONE))


def _stem(path: Path) -> str:
    return path.stem if path.is_file() else path.name


def _named(path: Path, name: str) -> HandedIn:
    match = _MOODLE.fullmatch(name) or _CANVAS.fullmatch(name)
    if match is None:
        return HandedIn(name, name, "", path)
    return HandedIn(name, match["name"], match["id"], path)


def answers_in(folder: Path) -> Path:
    """Return the folder in or below `folder` that holds ``exercises`` or katas' folders; `folder` if none does.

    Where there is one archive in it and no such folder, as Moodle makes it, that has to be unpacked first.
    """
    level = [folder]
    for _ in range(_DEPTH):
        for place in level:
            if _holds_katas(place):
                return place
        level = [path for place in level for path in _folders(place)][:MOST_FILES]
    return folder


def _holds_katas(folder: Path) -> bool:
    names = {path.name for path in _folders(folder)}
    return EXERCISES in names or any(map(_KATA.fullmatch, names))


def lone_answer(folder: Path) -> Path | None:
    """Return the answer in or below `folder` where it holds no katas' folders, but the files of one kata as they are.

    That is a file if there is one only, and else the folder that holds them. None if there is no such.
    """
    level = [] if _holds_katas(folder) else [folder]
    for _ in range(_DEPTH):
        for place in level:
            files = [path for path in sorted(place.iterdir()) if _is_alone(path)]
            if files:
                return files[0] if len(files) == 1 else place
        level = [path for place in level for path in _folders(place)][:MOST_FILES]
    return None


def _is_alone(path: Path) -> bool:
    return path.suffix.lower() in _ALONE and path.name[0] != "." and path.is_file() and not path.is_symlink()


def archive_in(folder: Path) -> Path | None:
    """Return the one zip archive in `folder`, None if there is none, or more than one."""
    found = [
        path for path in folder.iterdir() if path.suffix.lower() == ".zip" and path.is_file() and not path.is_symlink()
    ]
    return found[0] if len(found) == 1 else None


def _folders(folder: Path) -> list[Path]:
    """Return the folders in `folder`, but what archives of a Mac have beside the files."""
    return sorted(
        path for path in folder.iterdir() if path.is_dir() and not path.is_symlink() and path.name != "__MACOSX"
    )


def unpack(archive: Path, target: Path) -> None:
    """Write the regular files of a zip archive below `target`.

    Raises:
        Refused: if it is none, holds too much, or what would lie elsewhere.
    """
    if archive.stat().st_size > MOST_BYTES:
        raise Refused(f"the archive is larger than {MOST_BYTES // 2**20} MiB")
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            if len(entries) > MOST_FILES:
                raise Refused(f"the archive holds more than {MOST_FILES} files")
            for path, data in _read(opened, entries):
                place = target / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise Refused(f"the archive can't be unpacked ({type(error).__name__})") from error


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield path and bytes of the regular files; what an entry says of its size is not believed."""
    left = MOST_BYTES
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename or "\0" in entry.filename:
            raise Refused("the archive holds a file that would lie outside its folder")
        if entry.is_dir() or stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
            continue
        with archive.open(entry) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise Refused(f"what the archive holds is larger than {MOST_BYTES // 2**20} MiB")
        yield path, data
