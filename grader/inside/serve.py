"""The learner's process: load the answer, make the call that is asked for, send back plain data.

What happens here can be lied about by the answer; so nothing here decides anything. One process serves one call.

The judge sends ``{"run": {…}}`` and gets ``{"ready": true}``; on the real clock it then sends ``{"go": true}``.
``{"finished": true}`` comes the moment the call is over, ``{"reply": {…}}`` when its value is encoded.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import importlib
import importlib.util
import linecache
import os
import signal
import sys
import tempfile
import threading
import traceback
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from grader import wire
from grader.inside import messages
from grader.inside.notebook import run_notebook
from grader.inside.output import LineWriter
from grader.inside.preload import preload
from grader.inside.register import Register
from grader.inside.watch import Watch

_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the device, not a file of ours
_COURSE = ("probes.py",)
_OFFERED = ("grader", "grader.bubble", "grader.inside", "grader.inside.register")
_IGNORED_BY_PYTHON = {getattr(signal, name, None) for name in ("SIGPIPE", "SIGXFZ", "SIGXFSZ")}
_PICTURE_WIDTH = 74
_PICTURE = 20_000
_WORDS = 300
_THREADS = 100


def prepare(kind: str) -> Callable[[Any], None]:
    """Get this process ready to be forked, or to serve once itself; return what serves a channel.

    From here on no module of the grader can be imported.

    Args:
        kind: ``"bubble"``: the bubble is installed, before anything that makes locks is imported; or ``"real"``.
    """
    be_usual()
    bubble: Any = None
    if kind == "bubble":
        bubble = importlib.import_module("grader.bubble")
        bubble.install()
    preload(kind)
    hide_grader()

    def serve(channel: Any) -> None:
        Server(channel, bubble).serve()

    return serve


def be_usual() -> None:
    """Meet signals and make files as a Python does that a shell starts, however the grader was started.

    What is ignored or blocked would else be inherited, and answers that end by a signal, or send one, judged by that.
    """
    os.umask(0o022)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in signal.valid_signals() - _IGNORED_BY_PYTHON:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


class Server:
    """Serves one call.

    Args:
        channel: has ``sendall`` and ``recv`` (a socket, or what `grader.sandbox.cold` makes of two pipes).
        bubble: the module of that name, or None for the real clock.
    """

    def __init__(self, channel: Any, bubble: Any) -> None:
        self._channel = channel
        self._bubble = bubble
        self._folder = str(Path.cwd())
        self._frames = wire.Frames()
        self._pid = os.getpid()
        self._watch = Watch(self._folder)
        self._errors: list[BaseException | None] = []
        self._out: LineWriter
        self._ready = False

    def serve(self) -> NoReturn:
        """Take the one request, answer it and end the process."""
        faulthandler.enable(2, all_threads=True)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._channel.close)
        task = self._receive()["run"]
        note = self._watch.note if self._bubble is None else self._bubble.note
        self._out = sys.stdout = sys.__stdout__ = LineWriter(1, lambda line: note("print", line))  # type: ignore[misc]
        prefer_start_method(task["start_method"])
        serve = {"script": self._script, "notebook": self._notebook}.get(task["kind"], self._call)
        serve(task)
        self._flush()
        os._exit(0)

    def _flush(self) -> None:
        """Write what is still unwritten, wherever the answer has turned its streams to."""
        self._out.flush_all()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()

    # --- the protocol

    def _send(self, message: dict[str, Any]) -> None:
        if os.getpid() != self._pid:
            os._exit(3)  # a fork that came out of the answer's function is not the one that was asked
        try:
            data = wire.pack(message)
        except wire.WireError as error:
            data = wire.pack({"reply": {"too_big": str(error)}})
        with contextlib.suppress(OSError):
            self._channel.sendall(data)

    def _receive(self) -> dict[str, Any]:
        while True:
            data = self._channel.recv(65536)
            if not data:
                os._exit(2)
            for message in self._frames.feed(data):
                return message

    # --- a call of a function

    def _call(self, task: dict[str, Any]) -> None:
        if self._bubble is None:
            self._reply(self._call_for_real(task))
        else:
            call = {"explore": self._explore, "follow": self._follow}.get(task["kind"], self._call_in_bubble)
            reply = call(task)
            self._tell_ready()  # if it could not even be loaded
            self._reply(reply)

    def _tell_ready(self) -> None:
        """Tell, once, that the answer is loaded: from here on its time runs."""
        if not self._ready:
            self._ready = True
            self._send({"ready": True})

    def _reply(self, reply: dict[str, Any]) -> None:
        self._out.flush()
        self._send({"reply": reply})

    def _call_for_real(self, task: dict[str, Any]) -> dict[str, Any]:
        try:
            function = self._load(task)
        except BaseException as error:  # noqa: BLE001 - the answer's own code may raise anything
            self._send({"ready": True})
            return self._not_loaded(error)
        self._send({"ready": True})
        args, kwargs = wire.decode(task["args"]), wire.decode(task["kwargs"])
        self._watch.install()
        self._receive()
        self._watch.restart()
        self._watch.note("start", lane="MainThread")
        before = set(threading.enumerate())
        threading.excepthook = self._take_note_of(threading.excepthook)
        try:
            value = function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - as above
            self._send({"finished": True})
            self._watch.note("end")
            return self._told(error) | self._seen(error)
        self._send({"finished": True})
        self._watch.note("end")
        left = [t for t in threading.enumerate() if t not in before and not t.daemon][:_THREADS]
        names, standing = [wire.printable(t.name) for t in left], [self._standing(t) for t in left]
        shared = shared_memory_names()[:_THREADS]
        return {"value": encoded(value), "left": names, "standing": standing, "shared": shared} | self._seen()

    def _standing(self, thread: threading.Thread) -> list[Any] | None:
        """Return the innermost of the learner's lines where `thread` stands: file, line, function; None if in none."""
        frame = sys._current_frames().get(thread.ident or 0)
        while frame is not None and not self._is_learners(frame.f_code.co_filename):
            frame = frame.f_back
        if frame is None:
            return None
        name = frame.f_code.co_filename.removeprefix(self._folder).lstrip("/\\")
        return [wire.printable(name), frame.f_lineno, wire.printable(frame.f_code.co_name)]

    def _not_loaded(self, error: BaseException) -> dict[str, Any]:
        if isinstance(error, MissingFunction):
            return {"missing": ["", str(error)], "not_loaded": False}
        return {"not_loaded": True, **self._told(error)}

    def _seen(self, error: BaseException | None = None) -> dict[str, Any]:
        """Return what was seen of a call on the real clock, which `error` has ended."""
        return {
            "events": wire.write_events(list(self._watch.events)),
            **told_missing([error, *self._errors], self._folder),
        }

    def _take_note_of(self, hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return `hook`, for exceptions that end threads, made to keep them."""

        def noting(args: Any) -> None:
            self._errors.append(args.exc_value)
            hook(args)

        return noting

    def _call_in_bubble(self, task: dict[str, Any]) -> dict[str, Any]:
        now = self._bubble.now
        times: list[float] = []
        args, kwargs = wire.decode(task["args"]), wire.decode(task["kwargs"])

        def target() -> Any:
            function = self._load(task)
            self._tell_ready()
            times.append(now())
            try:
                return function(*args, **kwargs)
            finally:
                times.append(now())
                self._out.flush_all()

        def lost(outcome: Any) -> None:
            """End the process: the answer's main thread swallows the exception that should end it."""
            self._tell_ready()
            self._reply(self._tell_outcome(outcome, times))
            os._exit(0)

        files = (self._folder, "probes.py")
        return self._tell_outcome(self._bubble.run(target, limit=task["limit"], files=files, on_lost=lost), times)

    def _tell_outcome(self, outcome: Any, times: list[float]) -> dict[str, Any]:
        """Return what the bubble saw; `times` are those of the call's begin and end, as far as it came."""
        reply: dict[str, Any] = {
            "events": wire.write_events(outcome.events),
            "left": [wire.printable(str(name)) for name in outcome.left][:_THREADS],
            "seconds": round(times[1] - times[0], 6) if len(times) > 1 else outcome.seconds,
            "not_loaded": not times,
        }
        reply |= told_missing([outcome.error, *(thread.error for thread in outcome.threads)], self._folder)
        if outcome.over_limit:
            return reply | {"over_limit": outcome.over_limit}
        if outcome.deadlock is not None:
            return reply | {"deadlock": str(outcome.deadlock), **self._place_of_deadlock(outcome.deadlock)}
        if outcome.error is not None:
            return reply | (self._told(outcome.error) if times else self._not_loaded(outcome.error))
        return reply | {"value": encoded(outcome.value)}

    # --- chosen schedules

    def _explore(self, task: dict[str, Any]) -> dict[str, Any]:
        """Run a probe under chosen schedules, or under the one that is named, and tell what came of it."""
        args, kwargs = wire.decode(task["args"]), wire.decode(task["kwargs"])
        probe = getattr(load_probes(task["probes"], self._bubble), task["function"])
        fresh = FreshModules(self._folder, task["module"])
        loaded = self._bubble.run(fresh.load, limit=task["limit"], files=(self._folder,), on_lost=lambda _: os._exit(0))
        if loaded.error is not None or loaded.deadlock is not None or loaded.over_limit:
            return self._tell_outcome(loaded, [])
        self._tell_ready()

        def target() -> Any:
            with self._bubble.unexplored():
                module = fresh.load()
            return probe(module, *args, **kwargs)

        def lost(outcome: Any) -> None:
            """End the process: a thread that was given up can't be ended."""
            self._reply(self._tell_outcome(outcome, [0.0]))
            os._exit(0)

        settings = {
            "files": (self._folder, "probes.py"),
            "limit": task["limit"],
            "digest": task["digest"],
            "thread_errors": task["thread_errors"],
            "course": _COURSE,
            "on_lost": lost,
        }
        if task["schedule"]:
            return self._replay(target, task["schedule"], settings | {"plainer": task["plainer"]})
        wanted = {name: task[name] for name in ("budget", "early_timeouts", "naps")}
        found = self._bubble.explore(target, **wanted, **settings)
        return {"explored": self._tell_exploration(found)}

    def _replay(self, target: Callable[[], Any], schedule: str, settings: dict[str, Any]) -> dict[str, Any]:
        try:
            failure = self._bubble.replay(target, schedule, **settings)
        except self._bubble.Unfit as error:
            return {"unfit": str(error)}
        return {"replayed": {"value": encoded(failure.outcome.value), **self._tell_failure(failure, _COURSE)}}

    def _tell_exploration(self, found: Any) -> dict[str, Any]:
        names = dict(found.examples)
        return {
            "proved": found.proved,
            "schedules": found.schedules,
            "words": found.words,
            "doubts": [wire.printable(doubt) for doubt in found.doubts],
            "failed_at": found.failed_at,
            "values": [[encoded(value), str(names.get(repr(value), ""))] for value in found.values],
            "failure": None if found.failure is None else self._tell_failure(found.failure, _COURSE),
            "sample": None if found.sample is None else _cut(self._bubble.story(found.sample, _COURSE)),
        }

    def _follow(self, task: dict[str, Any]) -> dict[str, Any]:
        """Run a program of the course's under a schedule that is told; the answer is not loaded at all."""
        program = getattr(load_probes(task["probes"], self._bubble, self._bubble.execute), task["function"])
        args, kwargs = wire.decode(task["args"]), wire.decode(task["kwargs"])
        self._tell_ready()
        followed = self._bubble.follow(
            program, wire.decode(task["names"]), *args, files=("probes.py",), limit=task["limit"], **kwargs
        )
        told = {
            "impossible": wire.printable(followed.impossible),
            "entries": [[wire.printable(one.name), wire.printable(one.words)] for one in followed.entries],
            "rest": [[wire.printable(one.name), wire.printable(one.words)] for one in followed.rest],
            "value": encoded(followed.run.outcome.value),
        }
        return {"followed": told | self._tell_failure(followed.run)}

    def _tell_failure(self, failure: Any, course: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return `failure` as data; `course` are files of which the learner need not know what they do with data."""
        story = self._bubble.story(failure, course)
        errors = [failure.outcome.error, *(thread.error for thread in failure.outcome.threads)]
        fatal = errors if failure.kind in ("error", "thread error") else []
        told = [self._told(error) for error in fatal if error is not None]
        return {
            "kind": failure.kind,
            "where": next((one["where"] for one in told if "where" in one), None),
            **told_missing(errors, self._folder),
            "message": wire.printable(failure.message),
            "schedule": str(failure.schedule or ""),
            "story": _cut(story),
            "picture": wire.printable(self._bubble.picture(story, _PICTURE_WIDTH, course), _PICTURE),
            "events": wire.write_events(failure.outcome.events),
        }

    def _place_of_deadlock(self, deadlock: Any) -> dict[str, Any]:
        first = next((stuck for stuck in deadlock.stuck if stuck.file), None)
        return {"where": [first.file, first.line]} if first is not None else {}

    def _load(self, task: dict[str, Any]) -> Callable[..., Any]:
        module = load_answer(self._folder, task["module"])
        if task["kind"] != "probe":
            function: Any = getattr(module, task["function"], None)
            if not callable(function):
                raise MissingFunction(task["function"])
            return function  # type: ignore[no-any-return]
        probe = getattr(load_probes(task["probes"], self._bubble), task["function"])
        return lambda *args, **kwargs: probe(module, *args, **kwargs)

    def _told(self, error: BaseException) -> dict[str, Any]:
        """Return `error` as data, with its traceback through the learner's lines only."""
        steps = [*traceback.extract_tb(error.__traceback__), *compiled_at(error)]
        frames = [frame for frame in steps if self._is_learners(frame.filename)]
        text = "".join(traceback.format_list(frames[-12:])).replace(self._folder + os.sep, "")
        told: dict[str, Any] = {"raised": wire.encode(error), "traceback": wire.printable(text)}
        answers = [frame for frame in frames if frame.filename.startswith(self._folder)]
        if answers:
            last = answers[-1]
            told["where"] = [last.filename[len(self._folder) :].lstrip("/\\"), last.lineno or 0]
        return told

    def _is_learners(self, filename: str) -> bool:
        return filename.startswith(self._folder) or filename in _COURSE

    # --- a script

    def _script(self, task: dict[str, Any]) -> None:
        """Run the file as ``python file.py …`` does, to its normal end."""
        path = str(Path(self._folder) / task["file"])
        sys.argv = [path, *wire.decode(task["args"])]
        sys.path.insert(0, self._folder)
        self._send({"ready": True})
        self._receive()
        code, told = self._run_as_main(path)
        with contextlib.suppress(BaseException):
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
        self._flush()
        if os.getpid() != self._pid:
            os._exit(code)  # a child of the script's own os.fork, at its normal end
        self._send({"finished": True})
        self._reply({"value": wire.encode(code), **told})

    def _notebook(self, task: dict[str, Any]) -> None:
        """Run the file as Jupyter does, all cells from top to bottom."""
        self._send({"ready": True})
        self._receive()
        reply = run_notebook(Path(self._folder) / task["file"], wire.decode(task["args"]), task["patience"])
        self._send({"finished": True})
        self._reply(reply)

    def _run_as_main(self, path: str) -> tuple[int, dict[str, Any]]:
        """Return the exit code of the file at `path`, and the exception that ended it."""
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        main.__file__ = path
        try:
            exec(compile(Path(path).read_bytes(), path, "exec", dont_inherit=True), main.__dict__)  # noqa: S102 - this is what a script is for
        except SystemExit as error:
            return exit_code(error), {}
        except BaseException as error:  # noqa: BLE001 - the answer's own code may raise anything
            told = self._told(error)
            trace = error.__traceback__ and error.__traceback__.tb_next  # without this frame of ours
            sys.excepthook(type(error), error.with_traceback(trace), trace)
            return 1, told
        return 0, {}


def shared_memory_names(listing: Callable[[str], list[str]] = os.listdir) -> list[str]:
    """Return the names of all shared memory that this process can see; none where it is no folder."""
    try:
        return [wire.printable(name) for name in sorted(listing(_SHARED_MEMORY))]
    except OSError:
        return []


def compiled_at(error: BaseException) -> list[traceback.FrameSummary]:
    """Return the line that the compiler refuses, as the frame that it has not got; nothing for any other `error`.

    It may be one of the answer's own making, which lies about its class and whose parts are anything.
    """
    if type(error) is not SyntaxError or type(error.filename) is not str or type(error.lineno) is not int:
        return []
    return [traceback.FrameSummary(error.filename, error.lineno, "<module>")]


class MissingFunction(Exception):
    """The answer does not have the function of this name."""


def told_missing(errors: Iterable[BaseException | None], folder: str) -> dict[str, Any]:
    """Return ``{"missing": [class, name]}`` if all `errors` come of probes that ask the answer for what it lacks.

    The class is ``""`` if the name is one of the answer's module. Of any other errors, or none, comes ``{}``.

    Args:
        errors: that ended the call and threads of it.
        folder: of the answer's files.
    """
    found: list[list[str]] = []
    with contextlib.suppress(BaseException):  # the answer's own objects are asked, and may raise anything
        found = [missing(error, folder) for error in errors if error is not None]
    return {"missing": found[0]} if found and all(found) else {}


def missing(error: BaseException, folder: str) -> list[str]:
    """Return class and name of what probes ask the answer for in vain; ``[]`` if `error` is about something else."""
    frames = traceback.extract_tb(error.__traceback__)
    if not isinstance(error, AttributeError) or not frames or frames[-1].filename not in _COURSE:
        return []
    owner, name = error.obj, error.name
    if not name or "has no attribute" not in str(error):
        return []
    is_module = isinstance(owner, types.ModuleType)
    kind = owner if isinstance(owner, type) else type(owner)
    module = owner if is_module else sys.modules.get(kind.__module__)
    if not (getattr(module, "__file__", None) or "").startswith(folder):
        return []
    return ["" if is_module else wire.printable(kind.__name__), wire.printable(name)]


def encoded(value: object) -> Any:
    """Return `value` ready to be sent; what changes while it is read can't be."""
    try:
        return wire.encode(value)
    except BaseException as error:  # noqa: BLE001 - a list that threads still fill, a class that lies about itself
        return {"u": wire.printable(messages.unreadable(type(error).__name__, str(error)))}


def _cut(value: Any) -> Any:
    """Return `value`, a story or a part of one, with texts that are not too long: it must fit in a frame."""
    if isinstance(value, dict):
        return {key: _cut(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_cut(part) for part in value]
    return wire.printable(value, _WORDS) if isinstance(value, str) else value


def exit_code(error: SystemExit) -> int:
    """Return the exit code that Python gives to `error`; show its text, where it has one, as Python does."""
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF
    print(error.code, file=sys.stderr)  # noqa: T201 - as above
    return 1


def hide_grader() -> None:
    """Take the grader out of the answer's reach by name; what runs here is bound by closure."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    sys.path.pop(0)
    sys.argv = [""]
    sys.dont_write_bytecode = True


def load_answer(folder: str, name: str) -> types.ModuleType:
    """Import the answer's module `name` from `folder`, whose files come last on the path.

    So ``import queue`` is the standard library's, whatever lies in the folder.
    """
    if folder not in sys.path:
        sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(name, str(Path(folder) / f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class FreshModules:
    """Loads the answer again for each schedule, so that what it keeps in its modules is new each time.

    Args:
        folder: of the answer's files.
        name: of its module.
    """

    def __init__(self, folder: str, name: str) -> None:
        self._folder = folder
        self._name = name
        self._code: types.CodeType | None = None
        self._others: set[str] = set()

    def load(self) -> types.ModuleType:
        """Return the answer's module, new; its code is compiled once, as what watches it wants."""
        for name in sys.modules.keys() - self._others:
            if (getattr(sys.modules[name], "__file__", None) or "").startswith(self._folder):
                del sys.modules[name]
            else:
                self._others.add(name)
        if self._code is None:
            if self._folder not in sys.path:
                sys.path.append(self._folder)
            path = Path(self._folder) / f"{self._name}.py"
            self._code = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        module = types.ModuleType(self._name)
        module.__file__ = self._code.co_filename
        sys.modules[self._name] = module
        exec(self._code, module.__dict__)  # noqa: S102 - this is what an answer is for
        return module


def run_text(source: str, path: str, names: dict[str, Any]) -> None:
    """Run the text of the file at `path` in the namespace `names`."""
    exec(compile(source, path, "exec", dont_inherit=True), names)  # noqa: S102 - the course's own code


def load_probes(
    source: str, bubble: Any, execute: Callable[[str, str, dict[str, Any]], None] = run_text
) -> types.ModuleType:
    """Make a module of the course's probes, whose file the sandbox hides; tracebacks show its lines.

    While it loads it may import `grader.bubble` and `grader.inside.register`, which the answer can't: of these it gets
    what probes need.

    Args:
        source: of the probes.
        bubble: the module of that name, or None.
        execute: runs their text, as `run_text` does.
    """
    module = types.ModuleType(f"probes_{os.urandom(4).hex()}")  # a name that no answer can import
    module.__file__ = "probes.py"
    sys.modules[module.__name__] = module
    linecache.cache["probes.py"] = (len(source), None, source.splitlines(keepends=True), "probes.py")
    offered = {name: types.ModuleType(name) for name in _OFFERED}
    offered["grader.bubble"].quiesce = getattr(bubble, "quiesce", None)  # type: ignore[attr-defined]
    offered["grader.inside.register"].Register = Register  # type: ignore[attr-defined]
    sys.modules.update(offered)
    try:
        execute(source, "probes.py", module.__dict__)
    finally:
        for name in offered:
            del sys.modules[name]
    if bubble is None:
        lay_out(source, module.__name__)
    return module


def lay_out(source: str, name: str) -> None:
    """Put the probes where a process that is no fork can import them as `name`: what they define can be sent to it."""
    folder = tempfile.mkdtemp(prefix="probes-")
    Path(folder, f"{name}.py").write_text(source, encoding="utf-8")
    sys.path.append(folder)


def prefer_start_method(name: str | None) -> None:
    """Make `name` the *default* start method, so that the answer's own ``set_start_method`` still works."""
    if name is None:
        return
    multiprocessing = importlib.import_module("multiprocessing.context")
    default = multiprocessing._default_context
    default._default_context = multiprocessing.BaseContext.get_context(default, name)
    default._actual_context = None
