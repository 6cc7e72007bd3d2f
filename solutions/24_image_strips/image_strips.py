"""The reference for kata 24."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import numpy as np


def blur(image: np.ndarray[Any, Any], workers: int) -> np.ndarray[Any, Any]:
    """Return the 3×3 box mean of `image`, computed in strips by at most `workers` other processes."""
    if workers < 1:
        raise ValueError(f"workers is {workers}, at least one is needed")
    rows, columns = image.shape
    count = min(workers, rows)
    borders = [number * rows // count for number in range(count + 1)]
    with shared(rows * columns) as source, shared(rows * columns) as target:
        as_image(source, image.shape)[:] = image  # converts what is no float64 on the way
        with ProcessPoolExecutor(max_workers=count) as pool:
            calls = [(source.name, target.name, image.shape, *strip) for strip in itertools.pairwise(borders)]
            list(pool.map(blur_strip, calls))  # asked for, so that an error in a child is one here
        return as_image(target, image.shape).copy()  # what is returned must outlive the shared memory


def blur_strip(call: tuple[str, str, tuple[int, int], int, int]) -> None:
    """Blur the rows from `begin` to before `end`: read them and their neighbours, write only these."""
    source_name, target_name, shape, begin, end = call
    source, target = SharedMemory(source_name), SharedMemory(target_name)
    try:
        above, below = max(begin - 1, 0), min(end + 1, shape[0])
        strip = np.pad(as_image(source, shape)[above:below], 1, mode="edge")
        strip = strip[begin - above : end - above + 2]  # its own rows, and one more on each side
        total = np.zeros((end - begin, shape[1]))
        for down, right in itertools.product(range(3), repeat=2):
            total += strip[down : down + end - begin, right : right + shape[1]]
        as_image(target, shape)[begin:end] = total / 9
    finally:
        source.close()
        target.close()


@contextmanager
def shared(numbers: int) -> Iterator[SharedMemory]:
    """Make shared memory for so many float64, and let go of it in the end, whatever happens."""
    memory = SharedMemory(create=True, size=8 * numbers)
    try:
        yield memory
    finally:
        memory.close()
        memory.unlink()


def as_image(memory: SharedMemory, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Return a view of the memory as an image; it is of use until the memory is closed."""
    return np.ndarray(shape, np.float64, buffer=memory.buf)
