"""What the system asks to end is ended as by Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.judge.folders import PREFIX
from grader.report.result import decode
from tests import tiny_course

IN_BACKGROUND = """\
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as shells do for what they start with `&` in a script
os.execv(sys.executable, [sys.executable, "-m", "grader", *sys.argv[1:]])
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("command", ["run", "class", "check"])
def test_in_the_background_too_what_is_asked_to_end_leaves_nothing(
    tmp_path: Path, number: signal.Signals, command: str
) -> None:
    clone, temporary = tiny_course.make(tmp_path / "clone"), tmp_path / "tmp"
    (tmp_path / "in/ann/01_double").mkdir(parents=True)
    (tmp_path / "in/ann/01_double/double.py").write_text(tiny_course.answer("__import__('time').sleep(600)"))
    (clone / "solutions/01_double/double.py").write_text(tiny_course.answer("__import__('time').sleep(600)"))
    temporary.mkdir()
    words = {
        "run": ["run", "--submission", str(tmp_path / "in/ann"), "--json", str(tmp_path / "r.json")],
        "check": ["check"],
        "class": ["class", str(tmp_path / "in"), "--out", str(tmp_path / "out")],
    }
    with subprocess.Popen(
        [sys.executable, "-c", IN_BACKGROUND, *words[command]],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(tiny_course.ROOT), "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        while not list(temporary.glob(f"{PREFIX}*/*/*")):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        process.send_signal(number)
        assert process.wait(20) == 130
    assert list(temporary.iterdir()) == []
    if command == "run":
        assert decode((tmp_path / "r.json").read_bytes()).interrupted
    elif command == "class":
        assert "not graded yet" in (tmp_path / "out/scores.csv").read_text(encoding="utf-8")
