"""Begins processes that open the image, and blurs it itself meanwhile.

The processes are busy, and nobody uses what they do.

Fails: test_two_processes_blur_at_the_same_time
"""

import time
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def box(padded):
    rows, columns = padded.shape[0] - 2, padded.shape[1] - 2
    total = np.zeros((rows, columns))
    for i in range(3):
        for j in range(3):
            total += padded[i : i + rows, j : j + columns]
    return total / 9


def warm_up(name):
    source = SharedMemory(name)
    begin = time.process_time()
    while time.process_time() < begin + 0.1:
        pass
    source.close()


def blur(image, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    source = SharedMemory(create=True, size=image.size * 8)
    processes = [Process(target=warm_up, args=(source.name,)) for _ in range(min(workers, image.shape[0]))]
    for process in processes:
        process.start()
    result = box(np.pad(image.astype(np.float64), 1, mode="edge"))
    for process in processes:
        process.join()
    source.close()
    source.unlink()
    return result
