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
    "import gc\ngc.get_objects()": "all objects of the process",
    "from gc import get_referrers": "all objects of the process",
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
    "import inspect as i\ni.stack()": "frames of running code",
    "def f(): pass\nf.__code__ = None": "the insides of functions",
    "import sys\nsys.meta_path.clear()": "how modules are found",
    "import sys\nsys.monitoring.get_tool(0)": "tracing",
    "import socket\nsocket.socket(-1, -1, -1, 5)": "descriptors of open files",
    "import os as system\nsystem.closerange(3, 9)": "descriptors of open files",
    "import threading\nthreading.Thread.start = threading.Thread.run": "what threading is for all others",
    "from threading import Thread\nThread.join = print": "what Thread is for all others",
    "import time\ntime.sleep = print": "what time is for all others",
    "import time as clock\nclock.sleep = print": "what clock is for all others",
    "from queue import Queue\nQueue.put = print": "what Queue is for all others",
    "import time\nsetattr(time, 'sleep', print)": "what time is for all others",
    "import time\nvars(time)['sleep'] = print": "what time is for all others",
    "import time\ntime.__dict__['sleep'] = print": "what time is for all others",
}
ALIKE = (
    '"""Neither gc, _getframe, f_back nor /proc/ is used here."""',
    'def f():\n    "settrace"',
    "gc = 3  # gc.get_objects",
    "import gc\ngc.collect()",
    "import inspect\ninspect.signature(print)",
    "print('monitoring')\nmonitoring = True",
    "page = 'http://127.0.0.1/proc/1'",
    "def f(queue):\n    queue.maxsize = 3",
    "from datetime import datetime\ntime = datetime.now()\ntime.zone = 3",
    "import threading\nthread = threading.Thread()\nthread.daemon = True",
    "import threading\nthreading.excepthook = print",
    "import random\nrng = random.Random(1)\nrng.seed = 1",
    "import os\nwith open('a') as file:\n    os.fstat(file.fileno())",
    "import os\nprint('parent', os.getppid())",
    "import ctypes\nfrom multiprocessing import Value\nValue(ctypes.c_int, 0)",
    "import traceback\ntraceback.print_exc()",
)


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


@pytest.mark.parametrize("text", ALIKE)
def test_nothing_is_told_of_what_only_looks_like_it(text: str) -> None:
    assert read(text) == ()


def test_of_many_lines_some_are_told() -> None:
    told = read("import sys\n" + "sys._getframe()\n" * 9)
    assert len(told) == notes.MAX_NOTES + 1
    assert told[-1] == "30_counter: 4 more lines do."


@pytest.mark.parametrize("data", [b"def f(:", b"\xff\xfe", b"\0", b"(" * 5000, b""])
def test_a_helper_that_is_no_python_has_no_notes(data: bytes) -> None:
    assert notes.read(Answer("k", "", {"helper.py": data, "notes.txt": b"import gc"})) == ()
