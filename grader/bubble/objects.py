"""Which object an instruction touches, found by the path to it when the instruction is met."""

from __future__ import annotations

import collections
import gc
import sys
from types import FrameType, GeneratorType, MemberDescriptorType, ModuleType
from typing import TYPE_CHECKING, Any, Final

from grader.bubble.accesses import ITEMS, Access, Subscript

if TYPE_CHECKING:
    from collections.abc import Container

NESTED: Final = "[][]"
"""Shared if containers change in which others are found by a path."""

UNKNOWN: Final = object()
"""An object that may be any."""

NOTHING: Final = object()
"""An object that has no inside that could change."""

_UNCHANGING: Final = (type(None), bool, int, float, complex, str, bytes, tuple, frozenset, range)
_CONTAINERS: Final = (list, dict, set, collections.deque, bytearray)
_HEAP_TYPE: Final = 1 << 9
"""The flag of classes that are made while Python runs."""

_EMPTY: Final[dict[str, int]] = {}
_VIEWS: Final[tuple[Any, ...]] = (_EMPTY.keys(), _EMPTY.values(), _EMPTY.items())
_READ: Final[tuple[Any, ...]] = (
    *([], set(), (), "", b"", range(0), range(2**70), collections.deque(), bytearray(), _EMPTY),
    *_VIEWS,
)
_ITERATORS: Final = (*map(type, _VIEWS), *{type(iter(empty)) for empty in _READ}, type(reversed([])), enumerate)
"""Types that read something built in, which `gc` knows."""


def find(access: Access, frame: FrameType, shared: Container[str]) -> object:
    """Return the object that `access`, which `frame` is about to make, concerns; `UNKNOWN` or `NOTHING`.

    Args:
        access: what is about to be done.
        frame: where.
        shared: names that other threads may give another meaning meanwhile.
    """
    found = _follow(access.path, frame)
    if access.name == ITEMS:
        found = _inside(found)
    elif isinstance(found, type | ModuleType):
        return UNKNOWN  # what a class has may be read by its instances, what a module has by its name
    if found is NOTHING or found is UNKNOWN:
        return found
    steps = access.path[1:] if access.path[0] != "fast" else access.path[2:]
    return UNKNOWN if any(_name(step) in shared for step in steps) else found


def outer(access: Access, frame: FrameType) -> list[object]:
    """Return the containers through which the path of `access` leads."""
    path = access.path
    places = [place for place, step in enumerate(path) if isinstance(step, Subscript)]
    return [_follow(path[:place], frame) for place in places]


def is_of_container(access: Access, frame: FrameType) -> bool:
    """Return whether the attribute that `access` is about to load is the method of a container."""
    return isinstance(_follow(access.path, frame), _CONTAINERS)


def _name(step: str | Subscript) -> str:
    return NESTED if isinstance(step, Subscript) else step


def _follow(path: tuple[Any, ...], frame: FrameType) -> object:
    if path[0] not in ("fast", "deref", "global"):
        return UNKNOWN
    where = frame.f_globals if path[0] == "global" else frame.f_locals
    found: object = where.get(path[1], UNKNOWN)
    for step in path[2:]:
        found = _item(found, step, frame) if isinstance(step, Subscript) else _attribute(found, step)
    return found


def _item(owner: Any, step: Subscript, frame: FrameType) -> object:
    """Return what is in a container, if it can be had without running anybody's code."""
    key = step.key if step.kind == "const" else frame.f_locals.get(step.key, UNKNOWN)
    if type(owner) not in (list, tuple, dict) or type(key) not in (int, str, bool):
        return UNKNOWN
    try:
        return owner[key]
    except (LookupError, TypeError):
        return UNKNOWN


def _attribute(owner: Any, name: str) -> object:
    """Return an attribute, if it can be had without running anybody's code."""
    if owner is UNKNOWN or isinstance(owner, type):
        return UNKNOWN
    try:
        own = object.__getattribute__(owner, "__dict__")
    except AttributeError:
        own = {}
    if name in own:
        return own[name]
    for kind in type(owner).__mro__:
        descriptor = kind.__dict__.get(name)
        if isinstance(descriptor, MemberDescriptorType):
            try:
                return descriptor.__get__(owner, type(owner))
            except AttributeError:
                return UNKNOWN
    return UNKNOWN


def _inside(found: object) -> object:
    """Return the container whose inside is read or changed where `found` is used."""
    if found is UNKNOWN or isinstance(found, (*_CONTAINERS, GeneratorType)):
        return found
    if isinstance(found, _UNCHANGING):
        return NOTHING
    if _is_python(type(found)):
        return found if _is_librarys(type(found)) else NOTHING
    if isinstance(found, _ITERATORS):
        of = [one for one in (_inside(one) for one in gc.get_referents(found)) if one is not NOTHING]
        return of[0] if len(of) == 1 else UNKNOWN if of else NOTHING
    return UNKNOWN


def _is_librarys(kind: type) -> bool:
    """Return whether a class is the standard library's, whose code is not watched."""
    return kind.__module__.partition(".")[0] in sys.stdlib_module_names


def _is_python(kind: type) -> bool:
    """Return whether a class was written in Python: what is inside its instances is read and changed by code."""
    *classes, _ = kind.__mro__
    made = all(one.__flags__ & _HEAP_TYPE for one in classes)
    return made and any(name in vars(one) for one in classes for name in ("__dict__", "__weakref__", "__slots__"))
