"""A file is written as a whole, or is what it was."""

from __future__ import annotations

import os
import secrets
import stat
import sys
import threading
from pathlib import Path

import pytest

from grader.report.saving import save


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    save(path, b"one")
    save(path, b"two")
    assert path.read_bytes() == b"two"
    assert [left.name for left in tmp_path.iterdir()] == ["r.json"]


def test_what_was_there_stays_if_the_new_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save(path, b"new")
    assert path.read_bytes() == b"old"
    assert [left.name for left in tmp_path.iterdir()] == ["r.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_who_may_read_a_file_stays_as_it_was(tmp_path: Path, mode: int) -> None:
    """Results hold names and marks."""
    path = tmp_path / "r.json"
    save(path, b"old")
    path.chmod(mode)
    save(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_bytes(b"old")
    (tmp_path / "link.json").symlink_to("real.json")
    save(tmp_path / "link.json", b"new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=save, args=(pipe, b"data"))
    writer.start()
    assert pipe.read_bytes() == b"data"
    writer.join()
    assert pipe.is_fifo()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows replaces no file that another has open")
def test_writers_of_one_number_do_not_take_each_others_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Machines and containers that share a folder: each has a process 1."""
    monkeypatch.setattr(os, "getpid", lambda: 1)
    path, wrong = tmp_path / "scores.csv", list[BaseException]()

    def write(data: bytes) -> None:
        try:
            for _ in range(200):
                save(path, data)
        except OSError as error:
            wrong.append(error)

    writers = [threading.Thread(target=write, args=(data,)) for data in (b"one" * 1000, b"two" * 1000)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert wrong == []
    assert path.read_bytes() in (b"one" * 1000, b"two" * 1000)
    assert [left.name for left in tmp_path.iterdir()] == ["scores.csv"]


def test_what_another_has_begun_to_write_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where two make up one name: only who made a file removes it."""
    monkeypatch.setattr(secrets, "token_hex", lambda _: "same")
    (tmp_path / ".same.tmp").write_bytes(b"half of it")
    with pytest.raises(FileExistsError):
        save(tmp_path / "r.json", b"new")
    assert (tmp_path / ".same.tmp").read_bytes() == b"half of it"


def test_a_name_may_be_as_long_as_the_system_lets_it(tmp_path: Path) -> None:
    path = tmp_path / f"{'名' * 82}.json"  # 251 bytes where names are UTF-8, of 255
    save(path, b"one")
    save(path, b"two")
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="this system has no such folder")
def test_an_open_pipe_is_written_to_by_the_name_that_the_system_gives_it() -> None:
    reads, writes = os.pipe()
    save(Path(f"/dev/fd/{writes}"), b"data")
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        assert pipe.read() == b"data"
