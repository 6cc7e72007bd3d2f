"""Writes the result into the memory that it reads from.

Who comes to a border later reads rows that are blurred already. With two processes it depends on who is quicker; here each
strip goes row by row, and reads its own last row back.

Fails: test_pixels_are_those_of_one_process
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def blur_strip(name, shape, begin, end):
    shared = SharedMemory(name)
    image = np.ndarray(shape, np.float64, buffer=shared.buf)
    for row in range(begin, end):
        three = image[[max(row - 1, 0), row, min(row + 1, shape[0] - 1)]]
        padded = np.pad(three, ((0, 0), (1, 1)), mode="edge")
        image[row] = sum(padded[:, j : j + shape[1]].sum(axis=0) for j in range(3)) / 9
    shared.close()


def blur(image, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    workers = min(workers, image.shape[0])
    shared = SharedMemory(create=True, size=image.size * 8)
    np.ndarray(image.shape, np.float64, buffer=shared.buf)[:] = image
    rows = image.shape[0]
    with ProcessPoolExecutor(max_workers=workers) as pool:
        futures = [
            pool.submit(blur_strip, shared.name, image.shape, i * rows // workers, (i + 1) * rows // workers)
            for i in range(workers)
        ]
        for future in futures:
            future.result()
    result = np.ndarray(image.shape, np.float64, buffer=shared.buf).copy()
    shared.close()
    shared.unlink()
    return result
