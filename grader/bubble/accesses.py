"""Which instructions of a function touch data that other threads may share: read off its bytecode, once.

An instruction tells the name (of an attribute, a global, a variable of an outer function) but not the object. Two
accesses with different names can't collide, so the name is enough; where the object is a local variable, mostly
``self``, it is told apart too. Whatever is inside containers has one name for all: ``[]``.
"""

from __future__ import annotations

import dataclasses
import dis
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import CodeType

ITEMS: Final = "[]"
"""The name of what is inside containers."""

DOUBT: Final = "doubt"
"""The mode of what is done with data in a way that can't be seen."""

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

_WRITERS: Final = frozenset({"next"})
_HIDDEN: Final = frozenset({"delattr", "eval", "exec", "getattr", "globals", "setattr", "vars"})
_QUIET: Final = frozenset({"range"})
"""What is iterated over without anything being shared."""

_NAMES: Final = {
    "LOAD_ATTR": "read",
    "LOAD_METHOD": "read",
    "LOAD_SUPER_ATTR": "read",
    "STORE_ATTR": "write",
    "DELETE_ATTR": "write",
    "LOAD_GLOBAL": "read",
    "LOAD_NAME": "read",
    "LOAD_FROM_DICT_OR_GLOBALS": "read",
    "STORE_GLOBAL": "write",
    "STORE_NAME": "write",
    "DELETE_GLOBAL": "write",
    "DELETE_NAME": "write",
    "LOAD_DEREF": "read",
    "LOAD_CLASSDEREF": "read",
    "LOAD_FROM_DICT_OR_DEREF": "read",
    "STORE_DEREF": "write",
    "DELETE_DEREF": "write",
}
_ITEMS: Final = {
    "BINARY_SUBSCR": "read",
    "BINARY_SLICE": "read",
    "STORE_SUBSCR": "write",
    "STORE_SLICE": "write",
    "DELETE_SUBSCR": "write",
    "CONTAINS_OP": "read",
    "UNPACK_SEQUENCE": "read",
    "UNPACK_EX": "read",
    "LIST_EXTEND": "read",
    "SET_UPDATE": "read",
    "DICT_UPDATE": "read",
    "DICT_MERGE": "read",
}
_ASKS_TRUTH: Final = ("POP_JUMP", "JUMP_IF", "UNARY_NOT", "TO_BOOL")
_LOADS: Final = ("LOAD_ATTR", "LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_FAST")


@dataclasses.dataclass(frozen=True, slots=True)
class Access:
    """What one instruction does with shared data.

    Attributes:
        mode: ``read``, ``write`` or `DOUBT`.
        name: of the attribute or variable; `ITEMS` for what is in a container.
        base: the local variable that holds the object; ``""`` if none is known to do so.
    """

    mode: str
    name: str
    base: str = ""


def accesses(code: CodeType) -> dict[int, Access]:
    """Return what the instructions of `code` access, by their offsets in bytes."""
    instructions = [
        instruction for instruction in dis.get_instructions(code) if instruction.opname not in ("CACHE", "PRECALL")
    ]
    found: dict[int, Access] = {}
    for position, instruction in enumerate(instructions):
        found.update(_access(code, instructions, position, instruction))
    _cover_prefixes(instructions, found)
    return found


def _access(
    code: CodeType, instructions: Sequence[dis.Instruction], position: int, instruction: dis.Instruction
) -> Iterator[tuple[int, Access]]:
    name = instruction.opname
    if name in _NAMES:
        yield from _named(code, instructions, position)
    elif name in _ITEMS:
        yield instruction.offset, Access(_ITEMS[name], ITEMS)
    elif name in ("GET_ITER", "FOR_ITER"):
        if not _is_quiet(instructions, position):
            yield instruction.offset, Access("read", ITEMS)
    elif name.startswith(_ASKS_TRUTH) and position and instructions[position - 1].opname.startswith(_LOADS):
        yield instruction.offset, Access("read", ITEMS, _local(code, instructions, position))


def _named(code: CodeType, instructions: Sequence[dis.Instruction], position: int) -> Iterator[tuple[int, Access]]:
    instruction = instructions[position]
    name = str(instruction.argval)
    is_attribute = instruction.opname.endswith(("_ATTR", "_METHOD"))
    base = _base(code, instructions, position) if is_attribute else ""
    if name in _HIDDEN and not is_attribute:
        yield instruction.offset, Access(DOUBT, f"it uses {name}()")
    else:
        yield instruction.offset, Access(_NAMES[instruction.opname], name, base)
    mode = _call_mode(name, is_method=is_attribute) if _is_called(instruction, is_attribute=is_attribute) else ""
    call = _call_of(instructions, position) if mode else None
    if call is not None:
        yield call, Access(mode, ITEMS, base if is_attribute else "")


def _is_called(instruction: dis.Instruction, *, is_attribute: bool) -> bool:
    """Return whether what is loaded may be loaded to be called: an attribute says so."""
    if not is_attribute or instruction.opname == "LOAD_METHOD":
        return True
    return sys.version_info >= (3, 12) and instruction.opname == "LOAD_ATTR" and bool((instruction.arg or 0) & 1)


def _call_mode(name: str, *, is_method: bool) -> str:
    """Return what calling `name` does with the inside of a container; ``""`` if nothing."""
    if name in (_CHANGING if is_method else _WRITERS):
        return "write"
    return "read" if name in (_ASKING if is_method else _READERS) else ""


def _call_of(instructions: Sequence[dis.Instruction], position: int) -> int | None:
    """Return the offset of the instruction that calls what the one at `position` has loaded."""
    depth = 0
    for index in range(position, min(position + 200, len(instructions))):
        instruction = instructions[index]
        if index > position and instruction.opname.startswith("CALL") and depth - _taken(instruction) <= 0:
            return int(instruction.offset)
        depth += _effect(instruction)
        if index > position and depth < 0:
            return None
    return None


def _taken(instruction: dis.Instruction) -> int:
    """Return how many values a call takes off the stack, besides the one that it calls."""
    if instruction.opname == "CALL_FUNCTION_EX":
        return 1 + (instruction.arg or 0) % 2 + 1
    return (instruction.arg or 0) + 1 + (instruction.opname == "CALL_KW")


def _effect(instruction: dis.Instruction) -> int:
    if instruction.opname == "CALL":  # on 3.11 some of it is PRECALL's
        return -(instruction.arg or 0) - 1
    return dis.stack_effect(instruction.opcode, instruction.arg, jump=False)


def _base(code: CodeType, instructions: Sequence[dis.Instruction], position: int) -> str:
    """Return the local variable that holds the object whose attribute is accessed; ``""`` if that is not clear."""
    before = instructions[position - 1] if position else None
    if before is not None and before.opname == "COPY":  # self.x += 1: what is loaded is stored later
        return _local(code, instructions, position - 1)
    if before is not None and before.opname == "SWAP":
        return _base_of_update(code, instructions, position)
    return _local(code, instructions, position)


def _base_of_update(code: CodeType, instructions: Sequence[dis.Instruction], position: int) -> str:
    """Return the base of the STORE_ATTR that ends ``base.name += …``."""
    name = instructions[position].argval
    for index in range(position - 1, 0, -1):
        instruction = instructions[index]
        if instruction.opname == "LOAD_ATTR" and instruction.argval == name:
            copied = instructions[index - 1].opname == "COPY"
            return _local(code, instructions, index - 1) if copied else ""
        if instruction.opname.startswith("STORE_") or "JUMP" in instruction.opname:
            return ""
    return ""


def _local(code: CodeType, instructions: Sequence[dis.Instruction], position: int) -> str:
    """Return the local variable that the instruction before `position` loads last; ``""`` if it loads none.

    None is told of functions that share variables with others: to look at their locals would set these back on 3.11.
    """
    if not position or code.co_cellvars or code.co_freevars:
        return ""
    before = instructions[position - 1]
    if not before.opname.startswith(("LOAD_FAST", "STORE_FAST_LOAD_FAST")):
        return ""
    names: Any = before.argval
    return str(names[-1] if isinstance(names, tuple) else names)


def _is_quiet(instructions: Sequence[dis.Instruction], position: int) -> bool:
    """Return whether what is iterated over at `position` is a ``range(…)`` of simple arguments."""
    if instructions[position].opname == "FOR_ITER":
        position -= 1
        if instructions[position].opname != "GET_ITER":
            return False
    for index in range(position - 1, max(position - 12, -1), -1):
        instruction = instructions[index]
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            return instruction.argval in _QUIET
        if not instruction.opname.startswith(("LOAD_FAST", "LOAD_CONST", "LOAD_DEREF", "PUSH_NULL", "CALL")):
            return False
    return False


def _cover_prefixes(instructions: Sequence[dis.Instruction], found: dict[int, Access]) -> None:
    """Let an instruction with a long argument be known by the offset of its prefix, which is where it is met."""
    prefix: int | None = None
    for instruction in instructions:
        if instruction.opname == "EXTENDED_ARG":
            prefix = instruction.offset if prefix is None else prefix
        else:
            if prefix is not None and instruction.offset in found:
                found[prefix] = found[instruction.offset]
            prefix = None
