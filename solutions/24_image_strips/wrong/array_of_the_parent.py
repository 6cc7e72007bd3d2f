"""Lets the children write into an array of the parent's (MISTAKES.md 25).

Each writes into its own copy of it.

Fails: test_pixels_are_those_of_one_process
"""

from multiprocessing import Process

import numpy as np


def box(padded):
    rows, columns = padded.shape[0] - 2, padded.shape[1] - 2
    total = np.zeros((rows, columns))
    for i in range(3):
        for j in range(3):
            total += padded[i : i + rows, j : j + columns]
    return total / 9


def blur_strip(image, result, begin, end):
    padded = np.pad(image, 1, mode="edge")[begin : end + 2]
    result[begin:end] = box(padded)


def blur(image, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    rows = image.shape[0]
    workers = min(workers, rows)
    result = np.zeros(image.shape)
    processes = [
        Process(target=blur_strip, args=(image, result, i * rows // workers, (i + 1) * rows // workers))
        for i in range(workers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return result
