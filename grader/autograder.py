"""What of the course is given away, and the archive of it for a service, with the scripts that the service calls.

Solutions stay out of it: nothing that grades needs them.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from grader import messages
from grader.course import EXERCISES, Course, Kata
from grader.submission import is_stub

_GRADER: Final = Path(__file__).parent
_SCRIPTS: Final = {"gradescope": ("run_autograder", "setup.sh"), "classroom50": ("autograder.py",)}
_ROOT_FILES: Final = ("pyproject.toml", "requirements.lock")
_CODE: Final = (".bash", ".css", ".fish", ".html", ".js", ".py", ".sh", ".toml", ".zsh")
_OURS: Final = (*_CODE, "README.md", ".schema.json", "run_autograder")
"""How files of the grader end: what else lies among them, like a table of grades, is a teacher's own."""

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


class SpoilerError(Exception):
    """What is asked for would give answers away; the text is a sentence."""


def pack(course: Course, katas: Sequence[Kata], service: str = "gradescope") -> bytes:
    """Return the archive of `katas` for a `service`: the same bytes for the same files, whatever machine and time.

    Raises:
        SpoilerError: as `handed_out` does.
        OSError: if a file of the course can't be read.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in _SCRIPTS[service]:
            _add(archive, name, _GRADER / service / name, 0o755)
        for name, path in sorted(files_of(course, katas).items()):
            _add(archive, name, path, 0o644)
    return packed.getvalue()


def files_of(course: Course, katas: Sequence[Kata]) -> dict[str, Path]:
    """Return the files of the grader and of `katas` by their names in the archive."""
    files = {name: course.root / name for name in _ROOT_FILES} | handed_out(katas)
    return {f"course/{name}": path for name, path in files.items()}


def handed_out(katas: Sequence[Kata]) -> dict[str, Path]:
    """Return what others get of the grader and of `katas`, by its paths in a clone: named files, not what lies there.

    Raises:
        SpoilerError: if a kata's file is no stub any more.
        OSError: if one can't be read.
    """
    files = {f"grader/{name}": path for name, path in files_below(_GRADER)}
    begun = []
    for kata in katas:
        stub = [path for name in kata.files if (path := kata.folder / name).is_file()]
        if not is_stub(kata, {path.name: path.read_bytes() for path in stub}):
            begun.append(kata.name)
        own = (kata.lesson, kata.hints, kata.manifest, kata.test_file, kata.folder / "probes.py", *stub)
        files |= {f"{EXERCISES}/{kata.name}/{path.name}": path for path in own if path.is_file()}
    if begun:
        raise SpoilerError(messages.no_stubs(begun))
    return files


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of the grader below a `folder` of it, and their names there."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in name.parts)
        if path.name.endswith(_OURS) and not hidden and path.is_file() and not path.is_symlink():
            yield name.as_posix(), path


def _add(archive: zipfile.ZipFile, name: str, path: Path, mode: int) -> None:
    info = zipfile.ZipInfo(name, _LONG_AGO)
    info.create_system = 3  # Unix, also where this runs on Windows: the modes below count
    info.external_attr = (stat.S_IFREG | mode) << 16
    # Not compressed: other versions of zlib would give other bytes, and there is less than a megabyte of it.
    archive.writestr(info, path.read_bytes(), zipfile.ZIP_STORED)
