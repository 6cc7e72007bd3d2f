"""Folders of runs go, whatever was done to them, and nothing that they link to goes with them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.judge.folders import PREFIX, is_held, remove, run_folder
from grader.sandbox.survey import UNPRIVILEGED


def spoil(folder: Path, outside: Path) -> None:
    """Do to `folder` what an answer could."""
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "file").write_text("x", encoding="utf-8")
    (folder / "link").symlink_to(outside)
    (deep / "link").symlink_to(outside / "kept")
    (folder / "loop").symlink_to(folder / "loop")
    os.mkfifo(folder / "pipe")
    for path in (deep / "file", deep, folder / "a", folder):
        path.chmod(0)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another matter there")
def test_a_folder_without_rights_is_removed_and_what_it_links_to_stays() -> None:
    """By a user who is not root, since root needs no rights."""
    with tempfile.TemporaryDirectory(prefix="t-") as name:
        base = Path(name)
        base.chmod(0o777)
        kept = base / "kept"
        kept.write_text("kept", encoding="utf-8")
        kept.chmod(0o666)
        assert as_somebody(lambda: spoil_and_remove(base)) == 0
        assert list(base.iterdir()) == [kept]
        assert kept.read_text(encoding="utf-8") == "kept"
        assert kept.stat().st_mode & 0o777 == 0o666


def spoil_and_remove(base: Path) -> None:
    (base / "run").mkdir()
    spoil(base / "run", base)
    remove(base / "run")


def as_somebody(action: Callable[[], None]) -> int:
    """Return the exit code of a fork that does `action`, as a user without rights."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 1
    try:
        if os.geteuid() == 0:
            os.setgid(UNPRIVILEGED)
            os.setuid(UNPRIVILEGED)
        action()
        code = 0
    finally:
        os._exit(code)


def test_folders_in_one_another_beyond_any_path_are_removed() -> None:
    """3,000 of them: a recursion would end before them, and their path is longer than the system takes."""
    code = "import os\nfor _ in range(3000): os.mkdir('d'); os.chdir('d')\nopen('file', 'w').close()"
    memory = "/dev/shm"  # noqa: S108 - a disk may take 3 ms to remove a folder
    base = Path(tempfile.mkdtemp(dir=memory if Path(memory).is_dir() else None))
    subprocess.run([sys.executable, "-c", code], cwd=base, check=True)
    remove(base)
    assert not base.exists()


def test_a_folder_that_has_gone_is_removed_already(tmp_path: Path) -> None:
    remove(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


def test_a_run_folder_says_whose_it_is_in_a_short_path() -> None:
    with run_folder() as folder:
        assert folder.name.startswith(f"{PREFIX}{os.getpid()}-")
        assert len(folder.name) < 25
        assert is_held(folder)
    assert not folder.exists()
