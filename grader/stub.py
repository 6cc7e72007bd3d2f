"""Putting a kata's stub back as the course gave it, from git. What was written is kept beside it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from pathlib import Path

from grader import messages
from grader.course import Course, Kata
from grader.git import GitError, versions
from grader.report.saving import save
from grader.submission import is_stub, notebook_of


class StubError(Exception):
    """The stub can't be put back; the text is a sentence. Nothing was changed."""


def original(course: Course, kata: Kata) -> Mapping[str, bytes]:
    """Return the files of `kata` as the course gave them: by name, what is in them.

    It is the newest commit in which nothing was written yet; a course that was brought up to date may have several.
    Where none is like that, it is the oldest of all.

    Raises:
        StubError: if git does not tell.
    """
    paths = [(kata.folder / name).relative_to(course.root).as_posix() for name in kata.files]
    oldest: Mapping[str, bytes] = {}
    try:
        for found in versions(course.root, paths):
            files = {path.rpartition("/")[2]: data for path, data in found.items()}
            if is_stub(kata, files):
                return files
            oldest = files or oldest
    except GitError as error:
        raise StubError(messages.stub_without_git(kata.name, error)) from error
    if not oldest:
        raise StubError(messages.stub_unknown(kata.name))
    return oldest


def changed(kata: Kata, files: Mapping[str, bytes]) -> list[str]:
    """Return the names of those `files` that differ from what lies in the kata's folder, or have a notebook beside.

    Raises:
        StubError: if what lies there is no file.
    """
    return [name for name, data in files.items() if _content(kata.folder / name) != data or _notebook(kata, name)]


def _notebook(kata: Kata, name: str) -> Path | None:
    """Return the notebook that would be judged in place of the stub `name`."""
    notebook = notebook_of(kata, name)
    path = kata.folder / notebook
    return path if notebook and os.path.lexists(path) else None


def put_back(kata: Kata, files: Mapping[str, bytes]) -> list[str]:
    """Write `files` into the kata's folder; return the names under which the text that was there is kept.

    Raises:
        OSError: if they can't be written; nothing that was there is lost then.
        StubError: as `changed`.
    """
    kept = []
    for name in changed(kata, files):
        path = kata.folder / name
        before = _content(path)
        if before != files[name]:
            if before is not None and before.strip():
                kept.append(_keep(path, before))
            save(path, files[name])
        if (notebook := _notebook(kata, name)) is not None:
            kept.append(notebook.rename(_free(notebook)).name)
    return kept


def _content(path: Path) -> bytes | None:
    """Return what is in the file `path`; None if there is none.

    Raises:
        StubError: if it is a link, a folder or a pipe, say: nothing is written to what lies elsewhere.
    """
    if not os.path.lexists(path):
        return None
    if path.is_symlink() or not path.is_file():
        raise StubError(messages.stub_in_the_way(path.name))
    return path.read_bytes()


def _keep(path: Path, data: bytes) -> str:
    """Write `data` beside `path`, under the first name that is free: ``name.py.1``; return that name."""
    beside = _free(path)
    file = beside.open("xb")  # it is ours from here on
    try:
        with file:
            file.write(data)
    except OSError:
        beside.unlink(missing_ok=True)  # half of it is of no use
        raise
    return beside.name


def _free(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.{number}") for number in itertools.count(1))
    return next(name for name in names if not os.path.lexists(name))
