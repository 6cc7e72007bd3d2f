"""The archive that a teacher gives to a service: the grader, some katas, and the scripts that the service calls.

Solutions stay out of it: nothing that grades needs them.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from grader.course import EXERCISES, Course, Kata

_GRADER: Final = Path(__file__).parent
_SCRIPTS: Final = {"gradescope": ("run_autograder", "setup.sh"), "classroom50": ("autograder.py",)}
_ROOT_FILES: Final = ("pyproject.toml", "requirements.lock")
_LEFT: Final = (".orig", ".rej")
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


def pack(course: Course, katas: Sequence[Kata], service: str = "gradescope") -> bytes:
    """Return the archive of `katas` for a `service`: the same bytes for the same files, whatever machine and time.

    Raises:
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
    files = {f"course/{name}": course.root / name for name in _ROOT_FILES}
    files |= {f"course/grader/{name}": path for name, path in files_below(_GRADER)}
    for kata in katas:
        files |= {f"course/{EXERCISES}/{kata.name}/{name}": path for name, path in files_below(kata.folder)}
    return files


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files below `folder` and their names in it, but what Python, editors and tools leave there."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        left = any(part.startswith(".") or part == "__pycache__" for part in name.parts) or path.suffix in _LEFT
        if not left and path.is_file() and not path.is_symlink():
            yield name.as_posix(), path


def _add(archive: zipfile.ZipFile, name: str, path: Path, mode: int) -> None:
    info = zipfile.ZipInfo(name, _LONG_AGO)
    info.create_system = 3  # Unix, also where this runs on Windows: the modes below count
    info.external_attr = (stat.S_IFREG | mode) << 16
    # Not compressed: other versions of zlib would give other bytes, and there is less than a megabyte of it.
    archive.writestr(info, path.read_bytes(), zipfile.ZIP_STORED)
