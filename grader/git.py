"""What git says: of the clone that grades, and of a folder that is handed in."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from grader import messages
from grader.course import EXERCISES, Kata

_SAFE = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "diff.external=", "protocol.allow=never")
"""Settings that a strange repository may not make: each can name a program to run."""


class GitError(Exception):
    """Git can't say it; the text is a sentence."""


def commit(folder: Path) -> str | None:
    """Return the commit that is checked out in `folder`, None where git does not tell."""
    try:
        return _git(folder, "rev-parse", "--verify", "HEAD").strip()
    except GitError:
        return None


def changed(katas: Iterable[Kata], folder: Path, since: str) -> list[Kata]:
    """Return the `katas` whose answers in `folder` differ from where its branch left that of the commit `since`.

    Raises:
        GitError: if `folder` is no repository, or does not know that commit.
    """
    told = _git(
        folder, "diff", "--name-only", "--no-renames", "-z", "--relative", "--end-of-options", f"{since}...HEAD"
    )
    paths = {PurePosixPath(name) for name in told.split("\0") if name}
    return [kata for kata in katas if any(_is_answer(kata, path) for path in paths)]


def uncommitted(katas: Iterable[Kata], folder: Path) -> list[Kata]:
    """Return the `katas` whose own files in `folder`, or notebooks in their place, are others in its last commit.

    They are compared here: git itself would start what a strange repository's settings name for its files.
    """
    return [kata for kata in katas if any(_is_uncommitted(folder, name) for name in _own_files(kata))]


def _own_files(kata: Kata) -> Iterator[str]:
    for place in (f"{EXERCISES}/{kata.name}", kata.name):
        for name in kata.files:
            yield from {f"{place}/{name}", f"{place}/{Path(name).stem}.ipynb"}


def _is_uncommitted(folder: Path, name: str) -> bool:
    path = folder / name
    try:
        there = path.is_file() and not path.is_symlink()
        return there and _rows(path.read_bytes()) != _rows(_committed(folder, "HEAD", name))
    except GitError:
        return True  # it is new
    except OSError:
        return False  # where it is graded that is told


def _committed(folder: Path, number: str, name: str) -> bytes:
    return _git_bytes(folder, "cat-file", "blob", f"{number}:./{name}")


def _rows(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")  # as git may keep them, and check them out on Windows


def versions(folder: Path, names: Sequence[str]) -> Iterator[dict[str, bytes]]:
    """Yield what the files of these `names` in `folder` were in each commit that changed one of them, newest first.

    A file that is not in a commit is left out.

    Raises:
        GitError: if `folder` is in no repository, or nothing is committed there.
    """
    for number in _git(folder, "log", "--format=%H", "--end-of-options", "HEAD", "--", *names).split():
        found = {}
        for name in names:
            with contextlib.suppress(GitError):
                found[name] = _committed(folder, number, name)
        yield found


def _is_answer(kata: Kata, path: PurePosixPath) -> bool:
    """Whether a file at `path` is one of those that are handed in for `kata`, and not the course's."""
    if path.parent not in (PurePosixPath(EXERCISES, kata.name), PurePosixPath(kata.name)):
        return False
    return path.name in kata.files or (
        path.suffix in (".py", ".ipynb") and path.name not in _COURSE | {kata.test_file.name}
    )


_COURSE = {"probes.py", "conftest.py"}


def _git(folder: Path, *words: str) -> str:
    return _git_bytes(folder, *words).decode("utf-8", "surrogateescape")


def _git_bytes(folder: Path, *words: str) -> bytes:
    settings = [word for setting in (*_SAFE, f"safe.directory={folder.resolve()}") for word in ("-c", setting)]
    command = ["git", *settings, "-C", str(folder), *words]
    known = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_")
    }  # a hook's own repository
    try:
        done = subprocess.run(command, env=known, capture_output=True, timeout=60, check=False)
    except FileNotFoundError as error:
        raise GitError(messages.NO_GIT) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise GitError(messages.git_unrun(error)) from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = next((row for row in said if row.startswith("fatal: ")), said[0] if said else done.returncode)
        raise GitError(messages.git_says(folder, reason))
    return done.stdout
