"""What runs beside the answer of kata 24: arrays are made here, and go out as bytes."""

from __future__ import annotations

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


def _told(result: Any) -> dict[str, Any]:
    if not isinstance(result, np.ndarray):
        return {"type": type(result).__name__, "dtype": "", "shape": (), "owns": False, "data": b""}
    return {
        "type": "ndarray",
        "dtype": str(result.dtype),
        "shape": tuple(result.shape),
        "owns": bool(result.flags.owndata),
        "data": result.tobytes() if result.dtype.kind in "biufc" and result.nbytes <= 2**20 else b"",
    }
