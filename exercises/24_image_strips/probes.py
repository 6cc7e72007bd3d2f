"""What runs beside the answer of kata 24: arrays are made here, and go out as bytes."""

from __future__ import annotations

import contextlib
import copyreg
import os
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import shared_memory
from multiprocessing.pool import ApplyResult, MapResult
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np


def blur(
    answer: ModuleType, data: bytes, kind: str, shape: tuple[int, int], workers: int, *, layout: str = "plain"
) -> Any:
    """Blur the image of these bytes; return the result in parts, and whether the image is as it was.

    Args:
        layout: ``"plain"``, ``"read-only"``, or ``"strided"``: every second row and column of a larger one, backwards.
    """
    image = np.frombuffer(data, kind).reshape(shape).copy()
    if layout == "strided":
        larger = np.zeros((2 * shape[0], 2 * shape[1]), kind)
        larger[::-2, ::2] = image
        image = larger[::-2, ::2]
    image.setflags(write=layout != "read-only")
    before = image.copy()
    result = answer.blur(image, workers)
    return _told(result) | {"untouched": bool(np.array_equal(image, before))}


def blur_large(answer: ModuleType, size: int, seed: int, workers: int) -> Any:
    """Blur a square image of random numbers; return a sample of the result, some rows and columns of it."""
    image = np.random.default_rng(seed).random((size, size))
    result = answer.blur(image, workers)
    return _told(result[::11, ::9] if getattr(result, "shape", ()) == image.shape else result)


def blur_watched(answer: ModuleType, size: int, seed: int, workers: int) -> dict[str, Any]:
    """Blur a square image; return its bytes, those of arrays that were pickled, and those of the shared memory made.

    "back" are the bytes of what was pickled by processes that were forked here, and "forked" whether there were any.
    Also how many pixels of the result each block of shared memory held in the end, and how many all of them together.
    What a spawned process pickles is not seen, nor what blocks only children open.
    """
    image = np.random.default_rng(seed).random((size, size))
    notes, made, create = Path("pickled.txt").absolute(), [0], shared_memory.SharedMemory.__init__
    twins: dict[str, shared_memory.SharedMemory] = {}
    here = os.getpid()

    def creating(memory: Any, *args: Any, **kwargs: Any) -> None:
        create(memory, *args, **kwargs)
        made[0] += memory.size
        if os.getpid() == here and memory.name not in twins:
            twin = shared_memory.SharedMemory.__new__(shared_memory.SharedMemory)
            create(twin, memory.name)  # a look at the same memory, which goes on when the answer has let go of it
            twins[memory.name] = twin

    _note_pickling(notes)
    shared_memory.SharedMemory.__init__ = creating  # type: ignore[method-assign]
    result = answer.blur(image, workers)
    noted = [(who, int(size)) for who, size in map(str.split, notes.read_text(encoding="ascii").splitlines())]
    shared_memory.SharedMemory.__init__ = create  # type: ignore[method-assign]
    is_image = isinstance(result, np.ndarray) and result.shape == image.shape and result.dtype == np.float64
    held = [_held(bytes(twin.buf or b""), result) for twin in twins.values()] if is_image else []
    for twin in twins.values():
        twin.close()
    return {
        "held": [int(pixels.sum()) for pixels in held] if is_image else None,
        "anywhere": int(np.any(held, axis=0).sum()) if held else 0,
        "image": image.nbytes,
        "pickled": sum(size for _, size in noted),
        "back": sum(size for who, size in noted if who == "back"),
        "forked": int(any(who == "back" for who, _ in noted)),
        "shared": made[0],
    }


def tasks(answer: ModuleType, size: int, workers: int) -> list[str]:
    """Blur a square image; return what became of the tasks of a pool, in order: each is "handed in", then "done"."""
    told: list[str] = []
    _note(ProcessPoolExecutor, "submit", "handed in", told)
    _note(Future, "set_result", "done", told)
    _note(ApplyResult, "__init__", "handed in", told)
    _note(ApplyResult, "_set", "done", told)
    _note(MapResult, "_set", "done", told)
    answer.blur(np.zeros((size, size)), workers)
    return told


def _note(owner: type, method: str, word: str, told: list[str]) -> None:
    """Have each call of this method add `word` to `told` before it does what it does."""
    original = getattr(owner, method)

    def call(*args: Any, **kwargs: Any) -> Any:
        told.append(word)
        return original(*args, **kwargs)

    setattr(owner, method, call)


def _note_pickling(notes: Path) -> None:
    """Write a line into `notes` for each array that is pickled, "here" or "back" from a fork, and for each fork."""
    here = os.getpid()

    def note(size: int) -> None:
        with notes.open("a", encoding="ascii") as file:
            file.write(f"{'here' if os.getpid() == here else 'back'} {size}\n")

    def reduced(array: np.ndarray[Any, Any]) -> Any:
        note(array.nbytes)
        return array.__reduce__()

    notes.write_text("", encoding="ascii")
    copyreg.pickle(np.ndarray, reduced)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: note(0))


def _held(data: bytes, result: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Tell of each pixel of `result` whether it stands in `data`, in any order and at any place; or nine times it."""
    found = np.zeros(result.shape, bool)
    with np.errstate(all="ignore"):
        for begin in range(8):
            numbers = np.frombuffer(data, np.float64, (len(data) - begin) // 8, begin)
            found |= np.isin(result, numbers) | np.isin(result, numbers / 9) | np.isin(result, numbers * (1 / 9))
            if found.all():
                break
    return found


def _under(array: np.ndarray[Any, Any]) -> str:
    """Return the type of what the memory of `array` belongs to at last: ``"mmap"`` where it is shared memory."""
    owner: Any = array
    with contextlib.suppress(AttributeError, ValueError):  # no view, or a memoryview that was released
        while (below := owner.base if isinstance(owner, np.ndarray) else owner.obj) is not None:
            owner = below
    return type(owner).__name__


def _told(result: Any) -> dict[str, Any]:
    if not isinstance(result, np.ndarray):
        return {"type": type(result).__name__, "dtype": "", "shape": (), "owns": False, "under": "", "data": b""}
    return {
        "type": "ndarray",
        "dtype": str(result.dtype),
        "shape": tuple(result.shape),
        "owns": bool(result.flags.owndata),
        "under": _under(result),
        "data": result.tobytes() if result.dtype.kind in "biufc" and result.nbytes <= 2**20 else b"",
    }
