"""Lets two workers blur the whole image, each into a block of its own, and takes the first.

Both compute at the same time, and each as long as one alone would.

Fails: test_two_processes_blur_at_the_same_time
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def box(padded):
    rows, columns = padded.shape[0] - 2, padded.shape[1] - 2
    total = np.zeros((rows, columns))
    for i in range(3):
        for j in range(3):
            total += padded[i : i + rows, j : j + columns]
    return total / 9


def blur_all(source_name, target_name, shape):
    source = SharedMemory(source_name)
    target = SharedMemory(target_name)
    image = np.ndarray(shape, np.float64, buffer=source.buf)
    result = np.ndarray(shape, np.float64, buffer=target.buf)
    result[:] = box(np.pad(image, 1, mode="edge"))
    source.close()
    target.close()


def blur(image, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    workers = min(workers, image.shape[0], 2)
    source = SharedMemory(create=True, size=image.size * 8)
    targets = [SharedMemory(create=True, size=image.size * 8) for _ in range(workers)]
    np.ndarray(image.shape, np.float64, buffer=source.buf)[:] = image
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for future in [pool.submit(blur_all, source.name, target.name, image.shape) for target in targets]:
            future.result()
    result = np.ndarray(image.shape, np.float64, buffer=targets[0].buf).copy()
    for shared in (source, *targets):
        shared.close()
        shared.unlink()
    return result
