"""Sends each strip to a worker, and gets it back blurred: all pixels are pickled twice.

The pixels are right. For a large image the way takes longer than the work.

Fails: test_two_processes_blur_at_the_same_time
"""

from concurrent.futures import ProcessPoolExecutor

import numpy as np


def box(padded):
    rows, columns = padded.shape[0] - 2, padded.shape[1] - 2
    total = np.zeros((rows, columns))
    for i in range(3):
        for j in range(3):
            total += padded[i : i + rows, j : j + columns]
    return total / 9


def blur(image, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    rows = image.shape[0]
    workers = min(workers, rows)
    padded = np.pad(image.astype(np.float64), 1, mode="edge")
    strips = [padded[i * rows // workers : (i + 1) * rows // workers + 2] for i in range(workers)]
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return np.vstack(list(pool.map(box, strips)))
