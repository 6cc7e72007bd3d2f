"""Reads each file in one go, and writes it in one go.

Right for small files. Eight workers with a film each are the end of the memory.

Fails: test_memory_stays_small
"""

import hashlib
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def do_all(task, paths, workers):
    def attempt(path):
        try:
            return task(path)
        except OSError as error:
            return error

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return dict(zip(paths, pool.map(attempt, paths)))


def copy_all(sources, target_dir, workers):
    def copy(source):
        target = Path(target_dir, Path(source).name)
        data = Path(source).read_bytes()
        with tempfile.TemporaryDirectory(dir=target_dir) as own:
            Path(own, "unfinished").write_bytes(data)
            os.replace(Path(own, "unfinished"), target)
        return str(target)

    return do_all(copy, sources, workers)


def checksum_all(paths, workers):
    return do_all(lambda path: hashlib.sha256(Path(path).read_bytes()).hexdigest(), paths, workers)
