"""Lines that reach for the insides of Python are told, and honest ones are not."""

from __future__ import annotations

import time
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
    "import threading\nthreading.Thread.start = threading.Thread.run": "what threading.Thread is for all others",
    "from threading import Thread\nThread.join = print": "what threading.Thread is for all others",
    "import time\ntime.sleep = print": "what time is for all others",
    "import time as clock\nclock.sleep = print": "what time is for all others",
    "from queue import Queue\nQueue.put = print": "what queue.Queue is for all others",
    "import time\nsetattr(time, 'sleep', print)": "what time is for all others",
    "import time\nvars(time)['sleep'] = print": "what time is for all others",
    "import time\ntime.__dict__['sleep'] = print": "what time is for all others",
    **dict.fromkeys(
        (
            "import traceback\nfor frame, _ in traceback.walk_stack(None): pass",
            "import traceback\nnames = traceback.extract_stack()",
            "import inspect\nheld = inspect.getargvalues(frame)",
            "from inspect import *\nhere = stack()",
            "import inspect as look\nhere = getattr(look, 'trace')()",
            "import operator\nframe = operator.attrgetter('f_back.f_locals')(here)",
            "import sys\nframes = sys._current_frames()",
            "code = here.f_code",
        ),
        "frames of running code",
    ),
    **dict.fromkeys(
        ("import probes", "from probes import Desk", "import importlib\nimportlib.import_module('probes')"),
        "the probes that try it out",
    ),
    "import importlib\nimportlib.import_module('grader.bubble')": "the grader",
    "import importlib as il\nil.import_module('g' + 'c')": "modules by names that are made up",
    "from importlib import import_module\nimport_module('_thread')": "threads below threading",
    "import _testinternalcapi": "the insides of Python",
    **dict.fromkeys(
        (
            "import ctypes\nctypes.cast(id(x), ctypes.c_void_p)",
            "from ctypes import cast",
            "import ctypes\nctypes.memset(1, 0, 8)",
            "import ctypes as c\nc.PyDLL(None)",
            "import importlib\nimportlib.import_module('_ctypes')",
        ),
        "memory, by ctypes",
    ),
    **dict.fromkeys(
        (
            "import os\nos.write(5, b'')",
            "import os\nfor n in range(3, 40): os.write(n, b'')",
            "import os\n[os.read(n, 1) for n in range(3, 40)]",
            "import os\nfd = 7; file = os.fdopen(fd, 'wb')",
            "from os import dup as copy\ncopy(4)",
            "import posix\nposix.read(6, 1)",
            "import os\nfor n in (3, 4, 5): open(n, 'wb')",
            "import socket as s\nfor n in range(9): s.socket(fileno=n)",
            "from socket import socket\nsocket(1, 1, 0, 5)",
        ),
        "descriptors of open files",
    ),
    **dict.fromkeys(
        (
            "import threading\nT = threading.Thread; T.start = print",
            "import threading\nT, L = threading.Thread, threading.Lock; T.start = print",
            "from threading import *\nThread.start = print",
            "import threading\nfor T in [threading.Thread]: T.start = print",
            "import threading\n(T := threading.Thread).start = print",
            "import threading\ndef change(T=threading.Thread): T.start = print",
            "import threading\ndef change(): T = threading.Thread; T.start = print",
            "import threading\nclass A: threading.Thread.start = print",
            "from unittest import mock\nmock.patch('threading.Thread.start', print).start()",
            "import threading, unittest.mock\nunittest.mock.patch.object(threading.Thread, 'start', print)",
            "import threading\ntype(threading.Thread()).start = print",
            "import threading\nt = threading.Thread(); t.__class__.start = print",
            "import threading\ntype.__setattr__(threading.Thread, 'start', print)",
            "import threading\nvars(threading)['Thread'].start = print",
            "import threading\nglobals()['threading'].Thread.start = print",
            "from threading import Thread\ndel Thread.join",
        ),
        "what threading.Thread is for all others",
    ),
    **dict.fromkeys(
        (
            "import threading\ntype(threading.main_thread()).__base__.start = print",
            "def change(worker):\n    type(worker).__mro__[1].start = print",
        ),
        "what the base of a class is for all others",
    ),
    "import socket\nsocket.create_connection = print": "what socket is for all others",
    "import urllib.request\nurllib.request.urlopen = print": "what urllib.request is for all others",
    "import json\nvars(json).update(loads=print)": "what json is for all others",
    "import subprocess, sys\nd = vars(subprocess); d['run'] = print": "what subprocess is for all others",
    "import builtins\nsetattr(builtins, 'print', print)": "what builtins is for all others",
    "import sys\nsys.modules['threading'].Thread": "the table of modules",
    "import os\nos.sys.modules.clear()": "the table of modules",
    "import sys\nsys.__dict__['modules'].clear()": "the table of modules",
    "import gc\ngc.callbacks.append(print)": "tracing",
    "import types\ntypes.FunctionType(code, {})": "code made of text",
    "import builtins\nbuiltins.exec(text)": "code made of text",
    "import code\ncode.InteractiveInterpreter().runcode(text)": "code made of text",
    "import importlib, random\nimportlib.reload(random)": "what random is for all others",
    "x: exec(text)": "code made of text",
    "run = compile\nrun(text, '', 'exec')": "code made of text",
    "import threading\nthreading.Thread.__subclasses__()": "all objects of the process",
    "import os\nos.listdir('/proc')": "what the system tells of processes",
    "import os\nos.listdir('/dev/fd')": "what the system tells of processes",
    "open('/proc/sys/../self/environ')": "what the system tells of processes",
}
"""Every way that was tried in attacks and is known by its names."""
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
    # unusual, and honest
    "import sys\nthis = sys.modules[__name__]\nthis.total = 0\nsetattr(this, 'lock', None)",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from _thread import RLock, start_new_thread",
    "from _thread import LockType\nlock: LockType",
    "import os\nfd = os.open('a', os.O_RDWR)\nos.fstat(fd)\nos.write(fd, b'')\nos.read(fd, 4096)\nfile = os.fdopen(fd)",
    "import os\nr, w = os.pipe()\nos.write(w, b'x')\nwith os.fdopen(r, 'rb') as pipe:\n    pipe.read(16)",
    "import os\nos.write(1, b'Square : 4')\nos.dup2(1, 2)\nopen(0).read()",
    "import os\npipes = [os.pipe() for _ in range(9)]\nfor n in range(9):\n    os.write(pipes[n][1], b'')",
    "limits = {'size': 4096}\nfor n in range(9):\n    open('part%d' % n)\n    open(f'{n}.txt')\n    open('a' + str(n))",
    "import socket\nlistener = socket.socket()\ncopy = socket.socket(fileno=listener.detach())",
    "import mmap\nmap = mmap.mmap(-1, 4096)\nother = mmap.mmap(fileno=-1, length=4096)",
    "open('/proc/self/status').read()\nopen('/proc/meminfo')\nopen('/proc/sys/kernel/pid_max')",
    "class Account: pass\nkinds = Account.__subclasses__()",
    "class Base:\n    @classmethod\n    def kinds(cls): return cls.__subclasses__()",
    "def kinds(): return Account.__subclasses__()\nAccount = type('Account', (), {})",
    "import ctypes as c\nfrom multiprocessing import Array\nclass P(c.Structure): pass\nArray(P, 3), c.c_int",
    "import queue\nqueue = queue.Queue()\nqueue.closed = True",
    "import queue\ndef work(queue, *time):\n    queue.closed = True",
    "import threading\nclass Worker(threading.Thread): count = 0\nWorker.count += 1\ntype(Worker()).count = 2",
    "import threading\nclass Worker(threading.Thread):\n    def run(self): self.result = 1; type(self).done = 1",
    "import threading\nthreading.current_thread().jobs = 1\nthreading.current_thread().__dict__['jobs'] = 2",
    "from threading import local, Thread\nmine = local()\nmine.x = 1\nvars(mine)['y'] = 2\nThread(target=print).x = 1",
    "from concurrent.futures import Future, ThreadPoolExecutor as Pool\nwith Pool(2) as p:\n    p.submit(int).n = 1",
    "import multiprocessing as mp\nns = mp.Manager().Namespace()\nns.total = 0\nmp.current_process().name = 'x'",
    "import sys, io, warnings\nsys.stdout = io.StringIO()\nwarnings.showwarning = print\nsys.excepthook = print",
    "import socketserver\nsocketserver.TCPServer.allow_reuse_address = True",
    "import functools\n@functools.cache\ndef f(n): return n\nf.calls = 0\ng = functools.partial(f, 1)\ng.calls = 0",
    "from collections import namedtuple\nPoint = namedtuple('Point', 'x y')\nPoint.__new__.__defaults__ = (0,)",
    "import re, ast\nre.compile('x')\nast.literal_eval('1')\nclass M:\n    def eval(self): return 1\nM().eval()",
    "def compile(text): return text\ncompile('x')\ndef exec(sql): return sql\nexec('select 1')",
    "import copy, queue\njob = queue.Queue().get()\ntype(job).n = 1\njob.__class__.n = 2\ntype(copy.copy(job)).n = 1",
    "import inspect\ndef f(stack, trace, cast): return stack.pop(), trace.end, cast.x\ninspect.getsource(f)",
    "import asyncio\nloop = asyncio.new_event_loop()\nloop.slow_callback_duration = 0.5\nasyncio.Queue().name = 'q'",
    "import importlib\nimportlib.import_module('json')\nmath = __name__ and importlib.import_module(__name__)",
    "import sys\nsys.setswitchinterval(1e-5)\nsys.stdout.reconfigure(line_buffering=True)",
    "match [1, 2]:\n    case [time, *queue]: time.x = queue.y = 1\ntry: pass\nexcept OSError as re:\n    re.x = 1",
    "import time\nclass Clock:\n    time = 3\n    def now(self): return time.time()\nclock = Clock()\nclock.time = 1",
    "from types import FunctionType, SimpleNamespace as NS\nisinstance(print, FunctionType)\nns = NS(); ns.x = 1",
    "weights = ('" + "0.125 2.5'\n'" * 5000 + "')",
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


SIZE = 256 * 1024
LARGE = {
    "chains": "if 0:\n" + f" a{'.__dict__' * 2800}\n" * 10,
    "calls": "f()\n" * (SIZE // 4),
    "scopes": "lambda a: a\n" * (SIZE // 12),
    "deep": f"x = {'lambda a: ' * 900}a\n",
    "calls of calls": f"import time\ntime{'.f()' * 900}.x = 1",
    "names": f"import time\nx = time.{'x' * (SIZE // 2)}\n" + "x.y.z\n" * (SIZE // 12),
    "imports": f"from {'a' * (SIZE // 2)} import {', '.join(['b'] * (SIZE // 7))}",
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_ten_large_helpers_take_seconds(text: str) -> None:
    """As many and as long as an answer may have: 1 s, also under coverage less than this; the chains took minutes."""
    began = time.process_time()
    notes.read(Answer("30_counter", "", {f"h{number}.py": text.encode() for number in range(10)}))
    assert time.process_time() - began < 30


def test_what_is_too_long_to_be_read_is_told() -> None:
    """CPython takes minutes and 17 GB for the second, by the square of its length."""
    reaching = b"import gc\ngc.get_objects()\n"
    files = {"counter.py": reaching, "a.py": b"#" * SIZE, "b.py": reaching, "c.py": b"import a" + b".a" * 130_000}
    assert notes.read(Answer("30_counter", "", files)) == (
        "30_counter: counter.py, line 2 reaches for all objects of the process.",
        "30_counter: a.py, b.py, c.py are too long to be looked through.",
    )
    assert notes.read(Answer("30_counter", "", {"c.py": files["c.py"]})) == (
        "30_counter: c.py is too long to be looked through.",
    )
