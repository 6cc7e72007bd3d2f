"""Kata 24: blur an image in strips, by processes that work on shared memory."""

from __future__ import annotations

from typing import Any

import numpy as np


def blur(image: np.ndarray[Any, Any], workers: int) -> np.ndarray[Any, Any]:
    """Return the 3×3 box mean of `image`: each pixel becomes the mean of itself and its eight neighbours.

    Beyond an edge the pixels of the edge are repeated, as ``numpy.pad(image, 1, mode="edge")`` does. The mean is one of
    numbers, not of bytes: nothing overflows, nothing is rounded to whole numbers. It is computed in float64; in which
    order, and so how its last digits are rounded, is up to you.

    The image is cut into strips of rows. At most `workers` other processes at a time compute them, two at least where
    there are two rows or more and `workers` is 2 or more. Image and result lie in `multiprocessing.shared_memory`, so
    that no pixel is pickled. All shared memory is released by the time this returns.

    Args:
        image: two dimensions, at least 1×1, of any integer or float type, in any memory layout. It is not changed.
        workers: 1 or more; there may be more workers than rows.

    Returns:
        A new array of the same shape, of float64, that owns its memory (``result.flags.owndata``).

    Raises:
        ValueError: if `workers` is less than 1.
    """
    raise NotImplementedError
