"""What a teacher may want to look at: lines of an answer that reach for the insides of Python and of what grades it.

An answer is read, not run: the usual ways to those insides are known by their names, and a name by what was last put
into it. So this proves nothing: who puts a name together from pieces, or hands a class on to a function that changes
it, is not found. SECURITY.md says what that means. Notes change no verdict, since honest code may use any of this.

The time is linear in the size of an answer, and nothing here recurs: a stranger chooses size and depth.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from grader import messages
from grader.printable import line
from grader.submission import Answer
from grader.syntax import TooLongError, parsed

MAX_NOTES: Final = 5
"""Lines of one answer that are told."""

# --- what is told: the tables


def _each(words: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), words)


_NAMES: Final = {
    **_each(
        messages.FRAMES,
        "_getframe _current_frames _current_exceptions _getframemodulename currentframe tb_frame f_back f_globals"
        " f_locals f_builtins f_code gi_frame cr_frame ag_frame walk_stack extract_stack getouterframes getinnerframes"
        " getframeinfo getargvalues getclosurevars getgeneratorlocals getcoroutinelocals getasyncgenlocals",
    ),
    **_each(messages.FUNCTIONS, "__globals__ __closure__ cell_contents __builtins__ __code__ co_code co_consts"),
    **_each(messages.OBJECTS, "get_objects get_referrers get_referents __subclasses__"),
    **_each(messages.TRACING, "settrace setprofile settrace_all_threads setprofile_all_threads addaudithook"),
    **_each(
        messages.MEMORY,
        "pythonapi py_object from_address memmove memset string_at wstring_at in_dll dlopen"
        " CDLL PyDLL WinDLL OleDLL cdll pydll windll oledll CFUNCTYPE PYFUNCTYPE",
    ),
}
"""Names that are told wherever they stand, also in a text of their own, and what they lead to."""

_PATHS: Final = {
    **_each(messages.OPEN_FILES, "os.closerange socket.fromfd socket.send_fds socket.recv_fds"),
    **_each(messages.FRAMES, "inspect.stack inspect.trace"),
    **_each(messages.MEMORY, "ctypes.cast"),
    **_each(messages.MODULES, "sys.modules"),
    **_each(messages.FINDING, "sys.meta_path sys.path_hooks sys.path_importer_cache"),
    **_each(messages.TRACING, "sys.monitoring gc.callbacks"),
    **_each(messages.THREADS, "threading._start_new_thread"),
}
"""What leads there only as part of a module."""

_MODULES: Final = {
    **_each(messages.THREADS, "_thread"),
    **_each(messages.MEMORY, "_ctypes"),
    **_each(messages.THE_GRADER, "grader"),
    **_each(messages.PROBES, "probes"),
    **_each(messages.CODE, "marshal runpy"),
}
_PYTHON_S_TESTS: Final = re.compile(r"_test|_xx|_interp")
"""How modules are called that CPython has to test itself: `_testcapi` and its kin."""

_CALLS: Final = {
    **_each(messages.CODE, "builtins.exec builtins.eval builtins.compile types.FunctionType types.CodeType"),
    **_each(messages.CODE, "code.InteractiveInterpreter code.InteractiveConsole code.interact"),
    **_each(messages.MADE_UP_MODULES, "builtins.__import__"),
}
_NUMBERED: Final = _each(
    messages.OPEN_FILES,
    "builtins.open io.open _io.open multiprocessing.connection.Connection os.read os.write os.pread os.pwrite os.readv"
    " os.writev os.fdopen os.dup os.dup2 os.fstat os.lseek os.sendfile",
)
"""What takes the number of an open file first. That a program has opened itself it knows by a name."""

_SOCKETS: Final = ("socket.socket", "_socket.socket")
_IMPORTS: Final = ("builtins.__import__", "importlib.import_module", "importlib.__import__")
_SETS: Final = ("setattr", "delattr", "__setattr__", "__delattr__")
_FILLS: Final = ("update", "setdefault", "pop", "popitem", "clear", "__setitem__", "__delitem__")
_BASES: Final = ("__base__", "__bases__", "__mro__", "mro")
_TO_BE_SET: Final = _each(
    "",
    "excepthook unraisablehook displayhook stdin stdout stderr argv tracebacklimit dont_write_bytecode showwarning"
    " formatwarning raiseExceptions allow_reuse_address protocol_version daemon_threads request_queue_size",
)
"""Attributes of the standard library that it has for programs to set."""

_OF_THE_SYSTEM: Final = re.compile(r"/proc(?:/|$)|/dev/fd(?:/|$)")
_OF_THE_MACHINE: Final = re.compile(
    r"/proc/(?:(?:self|thread-self)/(?:status|stat|statm|limits|cgroup|task|sched|schedstat|io)"
    r"|meminfo|cpuinfo|loadavg|stat|uptime|version|sys/[\w/]+)"
)
"""Files that tell of the machine, or of the process no more than it knows: as how many CPUs it may use."""

# --- what a name stands for is a short text: a path like ``threading.Thread``, ``threading.Thread()`` for what a call
# of that gives, or one of these

_NUMBER: Final = "#"
"""A number that may be that of an open file, other than the three that every program has."""

_BASE: Final = "^"
"""A class that others are made from."""

_OWN: Final = ""
"""The answer's own."""

_STANDARD_FILES: Final = 2
_FILENO: Final = 3
"""Which argument of `socket.socket` is the number of an open file."""

_Assignment = ast.Assign | ast.AnnAssign | ast.NamedExpr
_Loop = ast.For | ast.AsyncFor | ast.comprehension

_RUNS: Final = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
"""In what functions lie that see its names."""

_MOST_READ: Final = 256 * 1024
"""Bytes of code of one answer that are read: one of that length takes seconds, and is hundreds of times the usual."""

_PART: Final = 40
_PARTS: Final = 4


def read(answer: Answer) -> tuple[str, ...]:
    """Return a sentence for each line of `answer` that reaches for the insides, the first `MAX_NOTES` of them."""
    found, unread, room = list[tuple[str, int, str]](), list[str](), _MOST_READ
    for name, data in answer.files.items():
        if name.endswith(".py"):
            room -= len(data)
            rows = _look(data) if room >= 0 else None
            found += [(name, row, what) for row, what in rows or ()]
            unread += [line(name)] if rows is None else []
    told = [messages.reaches_for(answer.kata, line(name), row, what) for name, row, what in found[:MAX_NOTES]]
    more = [messages.more_reach(answer.kata, len(found) - MAX_NOTES)] if len(found) > MAX_NOTES else []
    return (*told, *more, *([messages.not_looked_through(answer.kata, unread)] if unread else []))


def _look(data: bytes) -> list[tuple[int, str]] | None:
    """Return line and what is reached for, in order, each line once; nothing of what is no Python.

    Returns:
        None if that would take too long: CPython's time for a dotted name grows with the square of its length.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = parsed(data.decode("utf-8-sig", "replace"))
        except TooLongError:
            return None
        except (SyntaxError, RecursionError, MemoryError, ValueError, OverflowError):
            return []  # a helper that can't be read can't be imported either
    reader = _Reader()
    reader.read(tree)
    return sorted(reader.rows.items())


class _Reader:
    """Reads a file as Python runs it: line by line, functions after what is around them."""

    def __init__(self) -> None:
        self.rows: dict[int, str] = {}
        """What is told of which line."""
        self._steps: list[tuple[Callable[[Any], None], ast.AST]] = []
        """What is to be done yet, the next one last."""
        self._names: dict[str, str] = {}
        """What the names that are bound stand for."""
        self._starred = ""
        """From which module all names come."""
        self._meant: dict[ast.AST, str] = {}
        """What the expressions that were read stand for."""
        self._undo: list[list[tuple[str, str | None]]] = []
        """For each scope that is open, what its names stood for around it."""
        self._later: list[list[ast.AST]] = []
        """For each scope that is open, the functions to read at its end, or at that of the function around it."""
        self._untold: set[ast.AST] = set()
        """What is used as everybody uses it."""
        self._how: dict[type[ast.AST], Callable[[Any], None]] = {
            **dict.fromkeys((ast.Name, ast.Constant, ast.Import, ast.ImportFrom), self._leave),
            **dict.fromkeys((ast.Attribute, ast.Call, ast.IfExp, ast.BoolOp, ast.BinOp), self._whole),
            **dict.fromkeys((ast.Tuple, ast.List, ast.Set, ast.Dict), self._whole),
            **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef), self._function),
            **dict.fromkeys((ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp), self._comprehension),
            **dict.fromkeys((ast.Assign, ast.AnnAssign, ast.NamedExpr), self._assignment),
            **dict.fromkeys((ast.For, ast.AsyncFor, ast.comprehension), self._loop),
            **dict.fromkeys((ast.ExceptHandler, ast.MatchAs, ast.MatchStar), self._caught),
            ast.Lambda: self._lambda,
            ast.ClassDef: self._class,
            ast.AugAssign: self._augmented,
            ast.If: self._if,
            ast.Expr: self._remark,
            ast.Subscript: self._subscript,
        }
        """How the kinds of nodes are read; the others are no more than their parts."""

    def read(self, tree: ast.Module) -> None:
        self._open_scope(tree)
        self._enter_all(tree.body)
        while self._steps:
            step, node = self._steps.pop()
            step(node)

    # --- in which order: each of these plans to read the parts of `node`, and what is to be done after them

    def _enter(self, node: ast.AST) -> None:
        self._how.get(type(node), self._plain)(node)

    def _enter_all(self, nodes: Iterable[ast.AST | None]) -> None:
        self._steps += [(self._enter, node) for node in reversed([*nodes]) if node is not None]

    def _plain(self, node: ast.AST) -> None:
        self._enter_all(part for part in ast.iter_child_nodes(node) if not isinstance(part, ast.expr_context))

    def _whole(self, node: ast.AST) -> None:
        """For what stands for something that its parts tell."""
        self._steps.append((self._leave, node))
        self._plain(node)

    def _remark(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self._enter(node.value)

    def _subscript(self, node: ast.Subscript) -> None:
        match node:
            case ast.Subscript(value=modules, slice=ast.Name(id="__name__"), ctx=ast.Load()):
                self._untold.add(modules)
            case _:
                pass
        self._whole(node)

    def _caught(self, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> None:
        if node.name is not None:
            self._bind(node.name, _OWN)
        self._plain(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._bind(node.name, _OWN)
        self._later[-1].append(node)
        self._enter_all((*node.decorator_list, node.args, node.returns))

    def _lambda(self, node: ast.Lambda) -> None:
        self._later[-1].append(node)
        self._enter(node.args)

    def _class(self, node: ast.ClassDef) -> None:
        self._bind(node.name, _OWN)
        self._open_scope(node)
        self._plain(node)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        self._open_scope(node)
        made = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        self._enter_all((*node.generators, *made))

    def _assignment(self, node: _Assignment) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        self._steps.append((self._assign, node))
        self._enter_all((node.value, node.annotation if isinstance(node, ast.AnnAssign) else None, *targets))

    def _loop(self, node: _Loop) -> None:
        self._enter_all(node.ifs if isinstance(node, ast.comprehension) else (*node.body, *node.orelse))
        self._steps.append((self._assign, node))
        self._enter_all((node.iter, node.target))

    def _augmented(self, node: ast.AugAssign) -> None:
        self._enter_all((node.value, None if isinstance(node.target, ast.Name) else node.target))

    def _if(self, node: ast.If) -> None:
        self._steps.append((self._branch, node))
        self._enter(node.test)

    def _branch(self, node: ast.If) -> None:
        """Read what is done in either case; what only type checkers read is never run."""
        never = self._meant.get(node.test) == "typing.TYPE_CHECKING"
        self._enter_all((*(() if never else node.body), *node.orelse))

    def _open_scope(self, node: ast.AST) -> None:
        self._undo.append([])
        self._later.append([] if isinstance(node, _RUNS) else self._later[-1])
        self._steps.append((self._close_scope, node))

    def _close_scope(self, node: ast.AST) -> None:
        functions = self._later[-1]
        if functions and isinstance(node, _RUNS):
            self._later[-1] = []
            self._steps.append((self._close_scope, node))
            self._steps += [(self._body, function) for function in reversed(functions)]
            return
        self._later.pop()
        for name, before in reversed(self._undo.pop()):
            if before is None:
                del self._names[name]
            else:
                self._names[name] = before

    def _body(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        self._open_scope(node)
        args = node.args
        positional = [*args.posonlyargs, *args.args]
        for arg in (*positional, *args.kwonlyargs, args.vararg, args.kwarg):
            if arg is not None:
                self._bind(arg.arg, _OWN)
        defaults = args.defaults
        given = [*zip(positional[len(positional) - len(defaults) :], defaults, strict=True)]
        for arg, default in (*given, *zip(args.kwonlyargs, args.kw_defaults, strict=True)):
            if default is not None:
                self._bind(arg.arg, self._meant.get(default, _OWN))
        self._enter_all(node.body if isinstance(node.body, list) else [node.body])

    # --- what names stand for

    def _bind(self, name: str, meant: str) -> None:
        self._undo[-1].append((name, self._names.get(name)))
        self._names[name] = meant

    def _assign(self, node: _Assignment | _Loop) -> None:
        value = node.iter if isinstance(node, _Loop) else node.value
        if value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                self._put(target, value)
        if isinstance(node, ast.NamedExpr):
            self._meant[node] = self._of(node.value)

    def _put(self, target: ast.expr, value: ast.expr) -> None:
        pairs: Iterable[tuple[ast.expr, ast.expr]] = [(target, value)]
        match target, value:
            case (
                (ast.Tuple(elts=targets) | ast.List(elts=targets)),
                (ast.Tuple(elts=values) | ast.List(elts=values)),
            ) if len(targets) == len(values):
                pairs = zip(targets, values, strict=True)
            case _:
                pass
        for each, put in pairs:
            if isinstance(each, ast.Name):
                meant = self._meant.get(put, _OWN)
                self._bind(each.id, _NUMBER if meant == "builtins.range()" else meant)

    def _leave(self, node: ast.AST) -> None:
        """Take note of what `node` stands for, whose parts are read, and tell what it reaches for."""
        meant = self._means(node)
        if meant:
            self._meant[node] = meant
        if node in self._untold:
            return
        for what in self._reached(node, meant):
            self.rows.setdefault(getattr(node, "lineno", 0), what)

    def _of(self, node: ast.AST) -> str:
        return self._meant.get(node, _OWN)

    def _means(self, node: ast.AST) -> str:
        meant = _OWN
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                meant = self._named(name)
            case ast.Name(id=name):
                self._bind(name, _OWN)
            case ast.Constant(value=int(number)) if number > _STANDARD_FILES:
                meant = _NUMBER
            case ast.Attribute(value=value, attr=name):
                meant = _part(self._of(value), name)
            case ast.Call():
                meant = self._given(node)
            case ast.Subscript(value=value, slice=key):
                meant = self._item(self._of(value), key)
            case _:
                meant = self._either(node)
        return meant

    def _named(self, name: str) -> str:
        if name in self._names:
            return self._names[name]
        if hasattr(builtins, name):
            return f"builtins.{name}"
        return _part(self._starred, name)

    def _either(self, node: ast.AST) -> str:
        """Return what the first part of `node` stands for that is not the answer's own."""
        match node:
            case ast.IfExp(body=first, orelse=second):
                parts = [first, second]
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                pass
            case ast.BoolOp(values=parts) | ast.Dict(values=parts):
                pass
            case ast.BinOp(left=left):
                parts = [left]
            case _:
                return _OWN
        meant = [self._of(part) for part in parts]
        of_one_kind = meant if set(meant) == {_NUMBER} else [one for one in meant if one not in {_OWN, _NUMBER}]
        return of_one_kind[0] if of_one_kind else _OWN

    def _item(self, whole: str, key: ast.expr) -> str:
        match key:
            case ast.Constant(value=str(name)) if whole == "builtins.globals()":
                return self._named(name)
            case ast.Constant(value=str(name)) if whole.endswith(".__dict__"):
                return _part(whole.removesuffix(".__dict__"), name)
            case ast.Constant(value=str(name)) if whole == "sys.modules":
                return _path(name)
            case _:
                return whole if whole != "sys.modules" else _OWN

    def _given(self, call: ast.Call) -> str:
        """Return what a call gives."""
        function = self._of(call.func)
        match function, call.args:
            case "builtins.type", [of]:
                return _class_of(self._of(of))
            case "builtins.vars", [of]:
                return _part(self._of(of), "__dict__")
            case "builtins.getattr", [of, ast.Constant(value=str(name)), *_]:
                return _part(self._of(of), name)
            case _, [ast.Constant(value=str(name)), *_] if function in _IMPORTS:
                return _path(name)
            case _:
                return function if not function or function.endswith(("()", _BASE)) else f"{function}()"

    # --- what is told

    def _reached(self, node: ast.AST, meant: str) -> Iterator[str]:
        match node:
            case ast.Attribute():
                yield from self._of_attribute(node, meant)
            case ast.Name(id=name) if name not in self._names:
                yield from [_NAMES[name]] if name in _NAMES else _of_path(meant)
            case ast.Call(func=function):
                yield from self._of_call(node, self._of(function))
                yield from _of_path(meant)
            case ast.Subscript(value=whole):
                yield from _of_path(meant) if meant != self._of(whole) else ()
                yield from _filled(self._of(whole)) if not isinstance(node.ctx, ast.Load) else ()
            case _:
                yield from self._of_the_rest(node)

    def _of_the_rest(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Import(names=names):
                yield from self._import(names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield from self._import_from(_path(module), names)
            case ast.Constant(value=str(text)):
                yield from _spelt(text)
            case _:
                pass

    def _of_attribute(self, node: ast.Attribute, meant: str) -> Iterator[str]:
        if node.attr in _NAMES and not (node.attr == "__subclasses__" and self._is_own(node.value)):
            yield _NAMES[node.attr]
        yield from _of_path(meant)
        if not isinstance(node.ctx, ast.Load) and node.attr not in _TO_BE_SET:
            yield from _changed(self._of(node.value))

    def _is_own(self, node: ast.expr) -> bool:
        """Whether it is a name for what the answer has made itself."""
        named = isinstance(node, ast.Name) and node.id in self._names
        return named and (self._of(node) == _OWN or self._of(node).endswith("()"))

    def _of_call(self, call: ast.Call, function: str) -> Iterator[str]:
        if function in _CALLS:
            yield _CALLS[function]
        if function in _IMPORTS:
            yield from self._imported_by_call(call)
        if self._number(call, function) == _NUMBER:
            yield messages.OPEN_FILES
        if function.startswith("unittest.mock.patch"):
            yield from self._patched(call.args)
        name = function.removeprefix("builtins.")
        if isinstance(call.func, ast.Attribute):
            name = call.func.attr
            yield from _filled(self._of(call.func.value)) if name in _FILLS else ()
        if (name in _SETS or function == "importlib.reload") and call.args:
            yield from _changed(self._of(call.args[0]))

    def _number(self, call: ast.Call, function: str) -> str:
        """Return what stands where a call takes the number of an open file."""
        named = [keyword.value for keyword in call.keywords if keyword.arg == "fileno"]
        if function in _SOCKETS:
            named += call.args[_FILENO:]
        elif function in _NUMBERED:
            named += call.args[:1]
        return self._of(named[0]) if named and function else _OWN

    def _patched(self, args: list[ast.expr]) -> Iterator[str]:
        match args:
            case [ast.Constant(value=str(name)), *_]:
                yield from _changed(_path(name.rpartition(".")[0] or name))
            case [patched, *_]:
                yield from _changed(self._of(patched))
            case _:
                pass

    def _imported_by_call(self, call: ast.Call) -> Iterator[str]:
        match call.args:
            case [ast.Constant(value=str(name)), *_]:
                yield from _imported(_path(name))
            case [ast.Name(id="__name__"), *_]:
                pass
            case _:
                yield messages.MADE_UP_MODULES

    def _import(self, names: list[ast.alias]) -> Iterator[str]:
        for alias in names:
            path = _path(alias.name)
            self._bind(alias.asname or alias.name.partition(".")[0], path if alias.asname else path.partition(".")[0])
            yield from _imported(path)

    def _import_from(self, module: str, names: list[ast.alias]) -> Iterator[str]:
        for alias in names:
            if alias.name == "*":
                self._starred = module
            path = _part(module, alias.name)
            self._bind(alias.asname or alias.name, path)
            yield from _imported(path)


# --- paths


def _path(name: str) -> str:
    """Return the path of a module; what is too long for any is cut, so that no file can make many long ones."""
    parts = name.split(".")
    parts[0] = "os" if parts[0] in {"posix", "nt"} else parts[0]
    kept = parts if len(parts) <= _PARTS else [parts[0], *parts[1 - _PARTS :]]
    return ".".join(part[:_PART] for part in kept)


def _part(path: str, name: str) -> str:
    """Return the path of a part of what is at `path`."""
    if name in _BASES:
        return _BASE
    if name == "__class__":
        return _class_of(path)
    return _path(f"{path}.{name[:_PART]}") if path not in {_OWN, _NUMBER, _BASE} else _OWN


def _class_of(path: str) -> str:
    """Return the class of what is at `path`, where a class of the standard library was called to make it."""
    made = path.removesuffix("()")
    name = made.rpartition(".")[2]
    return made if made != path and (name[:1].isupper() or name == "main_thread") and "()" not in made else _OWN


def _of_path(path: str) -> Iterator[str]:
    """Yield what a path leads to; ``os.sys.modules`` leads to what ``sys.modules`` does."""
    whole, _, name = path.rpartition(".")
    module = whole.rpartition(".")[2].lstrip("_")
    if f"{module}.{name}" in _PATHS:
        yield _PATHS[f"{module}.{name}"]


def _changed(path: str) -> Iterator[str]:
    """Yield what is said of a change to what is at `path`; that of a thing that a call gave is nobody else's."""
    if path == _BASE:
        yield messages.library(messages.A_BASE)
    elif not ("()" in path or path.startswith("builtins.")) and path.partition(".")[0] in sys.stdlib_module_names:
        yield messages.library(path)


def _filled(path: str) -> Iterator[str]:
    """Yield what is said of a change to a table of names."""
    if path.endswith(".__dict__"):
        yield from _changed(path.removesuffix(".__dict__"))


def _imported(path: str) -> Iterator[str]:
    first, _, rest = path.partition(".")
    what = _MODULES.get(first) or _NAMES.get(rest.rpartition(".")[2])
    if what is not None and path != "_thread.LockType":
        yield what
    elif _PYTHON_S_TESTS.match(first):
        yield messages.PYTHON
    yield from _of_path(path)


def _spelt(text: str) -> Iterator[str]:
    """Yield what a text is a way to: as the name in ``getattr(sys, "_getframe")``, or several with dots between."""
    reached = next((part for part in text.split(".") if part in _NAMES), None)
    if reached is not None and all(map(str.isidentifier, text.split("."))):
        yield _NAMES[reached]
    elif _OF_THE_SYSTEM.match(text) and not _OF_THE_MACHINE.fullmatch(text):
        yield messages.PROCESSES
