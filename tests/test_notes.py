"""Lines that reach for the insides of Python are told, and honest ones are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import notes
from grader.submission import Answer

ROOT = Path(__file__).parents[1]
HONEST = [*ROOT.glob("solutions/*/*.py"), *ROOT.glob("solutions/*/wrong/*.py")]
REACHING = {
    "import sys\nframe = sys._getframe(1)": "frames of running code",
    "import sys\nframe = getattr(sys, '_getframe')(1)": "frames of running code",
    "from sys import _getframe": "frames of running code",
    "import inspect\n\nframe = inspect.currentframe()": "frames of running code",
    "try:\n    pass\nexcept ValueError as error:\n    error.__traceback__.tb_frame": "frames of running code",
    "def f(): pass\nf.__globals__['x'] = 1": "the insides of functions",
    "import gc": "all objects of the process",
    "object.__subclasses__()": "all objects of the process",
    "import ctypes\nctypes.pythonapi.PyErr_Clear()": "memory, by ctypes",
    "from ctypes import CDLL": "memory, by ctypes",
    "import sys\nsys.modules['time'] = None": "the table of modules",
    "from sys import modules": "the table of modules",
    "import _thread": "threads below threading",
    "import grader.bubble": "the grader",
    "from grader import bubble": "the grader",
    "import os\nos.fstat(5)": "descriptors of open files",
    "import socket\nsocket.socket(fileno=5)": "descriptors of open files",
    "open('/proc/self/environ')": "what the system tells of processes",
    "import sys\nsys.settrace(print)": "tracing",
    "exec('import gc')": "code made of text",
    "__import__('g' + 'c')": "modules by names that are made up",
    "import os\nos.kill(os.getppid(), 9)": "the process that started it",
    "import threading\nthreading.Thread.start = threading.Thread.run": "what threading is for all others",
    "from threading import Thread\nThread.join = print": "what Thread is for all others",
    "import time\ntime.sleep = print": "what time is for all others",
}


def read(text: str) -> tuple[str, ...]:
    return notes.read(Answer("30_counter", "", {"counter.py": text.encode()}))


@pytest.mark.parametrize("text", REACHING)
def test_a_line_that_reaches_for_the_insides_is_told(text: str) -> None:
    (told,) = read(text)
    line = text.count("\n") + 1
    assert told == f"30_counter: counter.py, line {line} reaches for {REACHING[text]}."


@pytest.mark.parametrize("path", HONEST, ids=lambda path: str(path.relative_to(ROOT / "solutions")))
def test_nothing_is_told_of_an_honest_answer(path: Path) -> None:
    """Neither of references nor of wrong answers; one of these does put something else in the place of Thread."""
    told = read(path.read_text(encoding="utf-8"))
    replaces = path.name == "only_threads_of_the_block.py"
    assert [note.partition(" reaches for ")[2] for note in told] == ["what threading is for all others."] * 2 * replaces


def test_of_many_lines_some_are_told() -> None:
    told = read("import sys\n" + "sys._getframe()\n" * 9)
    assert len(told) == notes.MAX_NOTES + 1
    assert told[-1] == "30_counter: 4 more lines do."


@pytest.mark.parametrize("data", [b"def f(:", b"\xff\xfe", b"\0", b"(" * 5000, b""])
def test_a_helper_that_is_no_python_has_no_notes(data: bytes) -> None:
    assert notes.read(Answer("k", "", {"helper.py": data, "notes.txt": b"import gc"})) == ()
