"""Which instructions of a function touch data that other threads may share: read off its bytecode, once.

An instruction tells the name (of an attribute, a global, a variable of an outer function) but not the object. Two
accesses with different names can't collide, so the name is enough. What is inside containers has one name for all:
``[]``. To tell objects apart too, the stack is followed: where the object came from a variable and attributes of it,
as in ``self.items.append(1)``, it can be found by these when the instruction is met.
"""

from __future__ import annotations

import dataclasses
import dis
import sys
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from grader.bubble import messages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    Path = tuple[Any, ...]

ITEMS: Final = "[]"
"""The name of what is inside containers."""

DOUBT: Final = "doubt"
"""The mode of what is done with data in a way that can't be seen."""

KEPT: Final = "kept"
"""The mode of loading a method without calling it at once: if it is a container's, what it will do can't be seen."""

UNKNOWN: Final = ("?",)
FRESH: Final = ("fresh",)
"""The path of what was only just made, or can't change."""

LASTING: Final = ("lasting",)
"""Stands for the path of a doubt that lasts: what was got can be used later, by other threads too."""

_NULL: Final = ("null",)

_CHANGING: Final = frozenset({
    "add", "append", "appendleft", "clear", "difference_update", "discard", "extend", "extendleft", "insert",
    "intersection_update", "move_to_end", "pop", "popitem", "popleft", "remove", "reverse", "rotate", "setdefault",
    "sort", "subtract", "symmetric_difference_update", "update", "write", "writelines",
})  # fmt: skip
"""Methods of built-in containers that change them."""

_ASKING: Final = frozenset({
    "copy", "count", "get", "index", "isdisjoint", "issubset", "issuperset", "items", "join", "keys", "values",
})  # fmt: skip
"""Methods of built-in containers that only read them."""

_READERS: Final = frozenset({
    "Counter", "all", "any", "bool", "bytes", "deque", "dict", "enumerate", "filter", "frozenset", "iter", "len",
    "list", "map", "max", "min", "print", "repr", "reversed", "set", "sorted", "str", "sum", "tuple", "zip",
})  # fmt: skip
"""Functions that read containers they are given."""

_MAKERS: Final = frozenset({
    "Counter", "all", "any", "bool", "bytes", "deque", "dict", "frozenset", "len", "list", "range", "repr", "set",
    "sorted", "str", "sum", "tuple",
})  # fmt: skip
"""Functions whose results share nothing with what they are given."""

_VIEWS: Final = frozenset({"enumerate", "items", "iter", "keys", "reversed", "values"})
"""Functions and methods whose results read what they were made of, later."""

_PAIRING: Final = frozenset({"enumerate", "items", "zip"})
"""Those of which each item is a tuple made for it alone."""

_WRITERS: Final = frozenset({
    "heapify", "heappop", "heappush", "heappushpop", "heapreplace", "insort", "insort_left", "insort_right", "next",
    "shuffle",
})  # fmt: skip
"""Functions that change what they are given."""

_BY_NAME: Final = {("global", "setattr"): "write", ("global", "delattr"): "write", ("global", "getattr"): "read"}
"""Functions that do something with an attribute whose name they are given, and what."""

_UNSEEN: Final = frozenset({
    "__delitem__", "__dict__", "__get__", "__getattribute__", "__getitem__", "__iadd__", "__set__", "__setattr__",
    "__setitem__",
    "attrgetter", "delitem", "getitem", "itemgetter", "methodcaller", "setitem",
})  # fmt: skip
"""Attributes and functions by which data is read and changed in a way that is not followed."""

_HIDDEN: Final = frozenset({"delattr", "eval", "exec", "getattr", "globals", "setattr", "vars"})

_READ_WRITE: Final = {"LOAD": "read", "STORE": "write", "DELETE": "write"}
_VARIABLES: Final = ("_GLOBAL", "_NAME", "_DEREF", "_CLASSDEREF", "_GLOBALS")
_ITEM_PLACES: Final = {
    "BINARY_SUBSCR": ("read", 2),
    "BINARY_SLICE": ("read", 3),
    "STORE_SUBSCR": ("write", 2),
    "STORE_SLICE": ("write", 3),
    "DELETE_SUBSCR": ("write", 2),
    "CONTAINS_OP": ("read", 1),
    "UNPACK_SEQUENCE": ("read", 1),
    "UNPACK_EX": ("read", 1),
    "LIST_EXTEND": ("read", 1),
    "SET_UPDATE": ("read", 1),
    "DICT_UPDATE": ("read", 1),
    "DICT_MERGE": ("read", 1),
}
"""Of instructions on containers: what they do with one, and where in the stack it is, from 1 for the top."""

_TRUTHS: Final = ("POP_JUMP_IF_TRUE", "POP_JUMP_IF_FALSE", "POP_JUMP_FORWARD_IF_TRUE", "POP_JUMP_FORWARD_IF_FALSE",
                  "POP_JUMP_BACKWARD_IF_TRUE", "POP_JUMP_BACKWARD_IF_FALSE", "JUMP_IF_TRUE_OR_POP",
                  "JUMP_IF_FALSE_OR_POP", "UNARY_NOT", "TO_BOOL")  # fmt: skip
"""Instructions that ask whether something is true, and so whether a container is empty."""

_OF_COMPREHENSIONS: Final = ("BUILD_LIST", "BUILD_SET", "BUILD_MAP", "COPY", "LOAD_FAST_AND_CLEAR", "SWAP")
"""Instructions that comprehensions have between the iterator and their loop, since 3.12 with the function's own."""

_POPS: Final = {
    "BINARY_OP": 2, "COMPARE_OP": 2, "CONTAINS_OP": 2, "IS_OP": 2, "BINARY_SLICE": 3,
    "STORE_SUBSCR": 3, "STORE_SLICE": 4, "DELETE_SUBSCR": 2, "STORE_ATTR": 2, "DELETE_ATTR": 1, "POP_TOP": 1,
    "JUMP_FORWARD": 0, "JUMP_BACKWARD": 0, "JUMP_BACKWARD_NO_INTERRUPT": 0, "JUMP_IF_TRUE_OR_POP": 1,
    "JUMP_IF_FALSE_OR_POP": 1, "END_FOR": 2 if sys.version_info < (3, 13) else 1,
    "UNARY_NOT": 1, "UNARY_NEGATIVE": 1, "UNARY_INVERT": 1, "UNARY_POSITIVE": 1, "STORE_FAST": 1, "STORE_GLOBAL": 1,
    "STORE_NAME": 1, "STORE_DEREF": 1, "LIST_APPEND": 1, "SET_ADD": 1, "MAP_ADD": 2, "LIST_EXTEND": 1, "SET_UPDATE": 1,
    "DICT_UPDATE": 1, "DICT_MERGE": 1, "STORE_FAST_STORE_FAST": 2,
    "FORMAT_SIMPLE": 1, "CONVERT_VALUE": 1, "NOP": 0, "RESUME": 0, "KW_NAMES": 0, "MAKE_CELL": 0, "COPY_FREE_VARS": 0,
    "EXTENDED_ARG": 0, "POP_JUMP_IF_TRUE": 1, "POP_JUMP_IF_FALSE": 1, "POP_JUMP_FORWARD_IF_TRUE": 1,
    "POP_JUMP_FORWARD_IF_FALSE": 1, "POP_JUMP_IF_NONE": 1, "POP_JUMP_IF_NOT_NONE": 1, "POP_JUMP_FORWARD_IF_NONE": 1,
    "POP_JUMP_FORWARD_IF_NOT_NONE": 1, "NOT_TAKEN": 0,
}  # fmt: skip
"""How many values instructions take off the stack that put on it whatever else their effect is."""

_NO_WAY_ON: Final = ("JUMP_FORWARD", "JUMP_BACKWARD", "RETURN_", "RAISE_", "RERAISE")
"""Beginnings of the names of instructions after which the next one is not done."""

_MAKING: Final = ("FORMAT_", "BINARY_OP", "COMPARE_OP", "CONTAINS_OP", "IS_OP", "UNARY_")
"""Beginnings of the names of instructions that put on the stack what can't be a shared container."""


class Subscript(NamedTuple):
    """A step of a path into a container: ``fast`` or ``deref`` and a variable's name, or ``const`` and a value."""

    kind: str
    key: Any


_ROOTS: Final = ("fast", "deref", "global")


@dataclasses.dataclass(frozen=True, slots=True)
class Access:
    """What one instruction does with shared data.

    Attributes:
        mode: ``read``, ``write``, `DOUBT` or `KEPT`.
        name: of the attribute or variable; `ITEMS` for what is in a container.
        path: to the object: ``fast``, ``deref`` or ``global``, a variable's name, then names of attributes, or for
            what is in a container a `Subscript`; or `UNKNOWN`.
    """

    mode: str
    name: str
    path: Path = UNKNOWN


def accesses(code: CodeType) -> dict[int, tuple[Access, ...]]:
    """Return what the instructions of `code` access, by their offsets in bytes."""
    instructions = [one for one in dis.get_instructions(code) if one.opname not in ("CACHE", "PRECALL")]
    reader = _Reader(instructions)
    prefix: int | None = None
    found: dict[int, tuple[Access, ...]] = {}
    for position, instruction in enumerate(instructions):
        told = tuple(reader.read(position))
        if told:  # one with a long argument is met at its prefix
            found[instruction.offset if prefix is None else prefix] = told
        if instruction.opname != "EXTENDED_ARG":
            prefix = None
        elif prefix is None:
            prefix = instruction.offset
    doubts = tuple(one for told in found.values() for one in told if one.mode == DOUBT)[:1]
    for instruction in instructions if doubts else ():
        if instruction.opname.startswith("CALL"):  # of what can't be seen, maybe
            found[instruction.offset] = (*found.get(instruction.offset, ()), *doubts)
    return found


class _Reader:
    """Goes through the instructions of a function, and knows where the values on the stack came from."""

    def __init__(self, instructions: Sequence[dis.Instruction]) -> None:
        self._instructions = instructions
        self._stack: list[Path] = []
        self._arriving: dict[int, list[Path]] = {}
        self._methods: set[str] = set()

    def read(self, position: int) -> list[Access]:
        """Return what the instruction at `position` accesses, and follow what it does with the stack."""
        instruction = self._instructions[position]
        if instruction.is_jump_target:
            self._meet_jumps(position, instruction.offset)
        found = self._accesses(position, instruction)
        before = list(self._stack)
        self._follow(instruction, position)
        if instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs:
            self._note_jump(instruction, before)
        return found

    # --- jumps

    def _meet_jumps(self, position: int, offset: int) -> None:
        """Take the stack as it is for all who come to the instruction at `offset`, by a jump or from before it."""
        arriving = self._arriving.get(offset)
        falls = position > 0 and not self._instructions[position - 1].opname.startswith(_NO_WAY_ON)
        if not falls:
            self._stack = arriving or []  # or an exception brings one here, and nothing is known
        elif arriving is not None:
            self._stack = _merged(self._stack, arriving)

    def _note_jump(self, instruction: dis.Instruction, before: list[Path]) -> None:
        effect = dis.stack_effect(instruction.opcode, instruction.arg, jump=True)
        if effect == dis.stack_effect(instruction.opcode, instruction.arg, jump=False):
            taken = list(self._stack)
        else:
            taken = _changed(before, effect) if effect else before
        known = self._arriving.get(instruction.argval)
        self._arriving[instruction.argval] = taken if known is None else _merged(known, taken)

    # --- accesses

    def _accesses(self, position: int, instruction: dis.Instruction) -> list[Access]:
        name = _opname(instruction)
        kind = _READ_WRITE.get(name.partition("_")[0], "")
        if kind and name.endswith(("_ATTR", "_METHOD")):
            access = Access(kind, str(instruction.argval), self._top(1 + (name == "LOAD_SUPER_ATTR") * 2))
            is_kept = name == "LOAD_ATTR" and access.name in _CHANGING | _ASKING and not _loads_method(instruction)
            if access.name in _UNSEEN:
                return [Access(DOUBT, messages.uses(access.name), LASTING)]
            return [access, dataclasses.replace(access, mode=KEPT)] if is_kept else [access]
        if kind and name.endswith(_VARIABLES):
            return [_access_of_variable(kind, instruction)]
        if name in _ITEM_PLACES:
            mode, place = _ITEM_PLACES[name]
            return _of_items(mode, self._top(place))
        if name.startswith("CALL"):
            return self._accesses_of_call(instruction)
        return self._accesses_of_asking(position, name)

    def _accesses_of_asking(self, position: int, name: str) -> list[Access]:
        if name == "FOR_ITER":
            return _of_items("read", self._iterated(position))
        if name in _TRUTHS and self._top()[0] in _ROOTS:
            return _of_items("read", self._top())
        return []

    def _iterated(self, position: int) -> Path:
        """Return the path of what the loop of a FOR_ITER goes over, if nothing in the loop gives it another meaning."""
        before = self._iterator(position)
        instruction = self._instructions[before]
        if instruction.argval == ".0":
            return ("fast", ".0")
        if instruction.opname != "GET_ITER":
            return UNKNOWN
        stored = _stored(self._instructions[before:])
        return UNKNOWN if any(step in stored for step in self._last_iterated[1:]) else self._last_iterated

    def _iterator(self, position: int) -> int:
        """Return the position of the instruction that put on the stack what a FOR_ITER goes over."""
        before = position - 1
        while before and self._instructions[before].opname in _OF_COMPREHENSIONS:
            before -= 1
        return before

    def _item_of_loop(self, position: int) -> Path:
        """Return the path of what a FOR_ITER gives: known where it is a tuple that was made for it."""
        made = self._instructions[self._iterator(position)].opname == "GET_ITER" and self._last_iterated_makes_tuples
        return FRESH if made else UNKNOWN

    def _accesses_of_call(self, instruction: dis.Instruction) -> list[Access]:
        called, arguments = self._call(instruction)
        if len(self._stack) < len(arguments) + 2 and self._methods:  # lost: it may be any of them
            return [Access("write" if self._methods & _CHANGING else "read", ITEMS)]
        if called[0] == "method":
            name, path = called[-1], called[1:-1]
            mode = "write" if name in _CHANGING else "read" if name in _ASKING else ""
            found = _of_items(mode, path) if mode else []
            others = arguments if name in ("extend", "update", "extendleft", "join") else []
            if name in _WRITERS:
                found += _of_items("write", (arguments or [UNKNOWN])[0])
        elif called in _BY_NAME:
            return _by_name(called[1], arguments)
        else:
            name = called[1] if called[0] == "global" and len(called) == 2 else ""  # noqa: PLR2004 - a function's name
            mode = "write" if name in _WRITERS else "read" if name in _READERS else ""
            found, others = [], arguments if mode else []
        for path in others:
            found += _of_items("read" if called[0] == "method" else mode, path)
        return list(dict.fromkeys(found))

    # --- the stack

    def _top(self, place: int = 1) -> Path:
        return self._stack[-place] if place <= len(self._stack) else UNKNOWN

    def _take(self, count: int) -> list[Path]:
        taken = [self._top(place) for place in range(count, 0, -1)]
        del self._stack[max(0, len(self._stack) - count) :]
        return taken

    def _call(self, instruction: dis.Instruction) -> tuple[Path, list[Path]]:
        """Return what is called, and the arguments where they are on the stack."""
        count = instruction.arg or 0
        if instruction.opname == "CALL_FUNCTION_EX":
            return UNKNOWN, []
        names = int(instruction.opname == "CALL_KW")
        arguments = [self._top(place) for place in range(count + names, names, -1)]
        pair = [self._top(count + names + 2), self._top(count + names + 1)]
        called = next((path for path in pair if path[0] == "method"), None)
        return called or next((path for path in pair if path is not _NULL), UNKNOWN), arguments

    def _follow(self, instruction: dis.Instruction, position: int) -> None:
        name = _opname(instruction)
        if name.startswith("LOAD_FAST") or name == "STORE_FAST_LOAD_FAST":
            self._load_fast(instruction)
        elif name in _FOLLOWED:
            _FOLLOWED[name](self, instruction)
        elif name.startswith("BUILD_"):
            effect = dis.stack_effect(instruction.opcode, instruction.arg, jump=False)
            self._take(1 - effect)
            self._stack.append(FRESH)
        elif name in _POPS:
            effect = dis.stack_effect(instruction.opcode, instruction.arg, jump=False)
            self._take(_POPS[name])
            self._stack += [FRESH if name.startswith(_MAKING) else UNKNOWN] * (effect + _POPS[name])
        elif name == "FOR_ITER":
            self._stack.append(self._item_of_loop(position))
        elif name != "TO_BOOL":
            self._stack = _changed(self._stack, dis.stack_effect(instruction.opcode, instruction.arg, jump=False))

    def _load_fast(self, instruction: dis.Instruction) -> None:
        argval: Any = instruction.argval
        names = list(argval) if isinstance(argval, tuple) else [argval]
        if instruction.opname == "STORE_FAST_LOAD_FAST":
            self._take(1)
            names = names[1:]
        self._stack += [("fast", str(name)) for name in names]

    def _load_global(self, instruction: dis.Instruction) -> None:
        path = ("global", str(instruction.argval))
        with_null = instruction.opname == "LOAD_GLOBAL" and (instruction.arg or 0) & 1
        self._stack += [_NULL, path] if with_null else [path]

    def _load_constant(self, instruction: dis.Instruction) -> None:
        self._stack.append(("const", instruction.argval))

    def _subscript(self, instruction: dis.Instruction) -> None:  # noqa: ARG002 - as the others
        path, key = self._take(2)
        simple = path[0] in _ROOTS and len(key) == 2 and key[0] in ("fast", "deref", "const")  # noqa: PLR2004
        self._stack.append((*path, Subscript(*key)) if simple else UNKNOWN)

    def _load_deref(self, instruction: dis.Instruction) -> None:
        self._stack.append(("deref", str(instruction.argval)))

    def _load_attribute(self, instruction: dis.Instruction) -> None:
        (path,) = self._take(1)
        name = str(instruction.argval)
        if _loads_method(instruction):
            self._stack += [("method", *path, name), path]
            self._methods |= {name} & (_CHANGING | _ASKING)
        else:
            self._stack.append((*path, name) if path[0] in _ROOTS else UNKNOWN)

    def _load_of_super(self, instruction: dis.Instruction) -> None:
        self._take(2)
        self._load_attribute(instruction)

    def _do_call(self, instruction: dis.Instruction) -> None:
        called, arguments = self._call(instruction)
        self._take((instruction.arg or 0) + 2 + (instruction.opname == "CALL_KW"))
        name = self._last_called = called[-1]
        result: Path = UNKNOWN
        if name in _VIEWS:
            result = called[1:-1] if called[0] == "method" else (arguments or [UNKNOWN])[0]
        elif called[0] == "global" and name in _MAKERS:
            result = FRESH
        self._stack.append(result)

    def _copy(self, instruction: dis.Instruction) -> None:
        self._stack.append(self._top(instruction.arg or 1))

    def _swap(self, instruction: dis.Instruction) -> None:
        place = instruction.arg or 1
        if place <= len(self._stack):
            self._stack[-place], self._stack[-1] = self._stack[-1], self._stack[-place]
        else:
            self._stack = []

    def _push_null(self, instruction: dis.Instruction) -> None:  # noqa: ARG002 - as the others
        self._stack.append(_NULL)

    def _get_iter(self, instruction: dis.Instruction) -> None:
        self._last_iterated = self._top()
        before = self._instructions[self._instructions.index(instruction) - 1].opname
        self._last_iterated_makes_tuples = before.startswith("CALL") and self._last_called in _PAIRING

    _last_iterated: Path = UNKNOWN
    _last_iterated_makes_tuples = False
    _last_called: Any = ""


def _changed(stack: list[Path], effect: int) -> list[Path]:
    """Return the stack after something that is not followed: of what is then on top nothing is known."""
    size = max(0, len(stack) + effect)
    kept = max(0, min(len(stack), size) - 1)
    return stack[:kept] + [UNKNOWN] * (size - kept)


def _merged(one: list[Path], other: list[Path]) -> list[Path]:
    """Return what is known of the stack where it may be either; nothing if one was not followed rightly."""
    if len(one) != len(other):
        return []
    return [path if path == beside else UNKNOWN for path, beside in zip(one, other, strict=True)]


def _stored(instructions: Sequence[dis.Instruction]) -> set[Any]:
    """Return the names of what is set by them."""
    found = [one.argval for one in instructions if one.opname.startswith("STORE_")]
    return {name for names in found for name in (names if isinstance(names, tuple) else (names,))}


_FOLLOWED: Final = {
    "LOAD_GLOBAL": _Reader._load_global,
    "LOAD_NAME": _Reader._load_global,
    "LOAD_CONST": _Reader._load_constant,
    "LOAD_SMALL_INT": _Reader._load_constant,
    "BINARY_SUBSCR": _Reader._subscript,
    "LOAD_DEREF": _Reader._load_deref,
    "LOAD_ATTR": _Reader._load_attribute,
    "LOAD_METHOD": _Reader._load_attribute,
    "LOAD_SUPER_ATTR": _Reader._load_of_super,
    "CALL": _Reader._do_call,
    "CALL_KW": _Reader._do_call,
    "COPY": _Reader._copy,
    "SWAP": _Reader._swap,
    "PUSH_NULL": _Reader._push_null,
    "GET_ITER": _Reader._get_iter,
}


def _access_of_variable(kind: str, instruction: dis.Instruction) -> Access:
    name = str(instruction.argval)
    is_called = instruction.opname == "LOAD_GLOBAL" and bool((instruction.arg or 0) & 1)
    hidden = name in _HIDDEN and not (is_called and ("global", name) in _BY_NAME)
    if name in _UNSEEN:
        return Access(DOUBT, messages.uses(f"{name}()"), LASTING)
    return Access(DOUBT, messages.uses(f"{name}()")) if hidden else Access(kind, name)


def _by_name(name: str, arguments: list[Path]) -> list[Access]:
    """Return what ``setattr(owner, name, value)`` and its like access, if the name is written there."""
    owner, key = (*arguments, UNKNOWN, UNKNOWN)[:2]
    is_known = key[0] == "const" and isinstance(key[1], str)
    return [Access(_BY_NAME["global", name], key[1], owner) if is_known else Access(DOUBT, messages.uses(f"{name}()"))]


def _loads_method(instruction: dis.Instruction) -> bool:
    """Return whether the instruction, which loads an attribute, does so for a call that follows."""
    return instruction.opname == "LOAD_METHOD" or bool(sys.version_info >= (3, 12) and (instruction.arg or 0) & 1)


def _opname(instruction: dis.Instruction) -> str:
    is_subscript = instruction.opname == "BINARY_OP" and instruction.argrepr == "[]"  # since 3.14
    return "BINARY_SUBSCR" if is_subscript else instruction.opname


def _of_items(mode: str, path: Path) -> list[Access]:
    return [] if path[0] in ("fresh", "null", "const") else [Access(mode, ITEMS, path)]
