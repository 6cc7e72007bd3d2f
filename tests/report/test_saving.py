"""A file is written as a whole, or is what it was."""

from __future__ import annotations

import os
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
