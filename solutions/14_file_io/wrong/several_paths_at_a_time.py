"""Uses `ThreadPool.map`, which hands out several paths of a long list at a time.

The second of them waits for the first, though another worker is free.

Fails: test_checksums_overlap
"""

import hashlib
import os
import shutil
import tempfile
from multiprocessing.pool import ThreadPool


def do_all(task, paths, workers):
    def attempt(path):
        try:
            return task(path)
        except OSError as error:
            return error

    with ThreadPool(workers) as pool:
        return dict(zip(paths, pool.map(attempt, paths)))


def copy_all(sources, target_dir, workers):
    def copy(source):
        target = os.path.join(target_dir, os.path.basename(source))
        with tempfile.TemporaryDirectory(dir=target_dir) as own:
            os.replace(shutil.copyfile(source, os.path.join(own, "unfinished")), target)
        return target

    return do_all(copy, sources, workers)


def checksum_all(paths, workers):
    def checksum(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return do_all(checksum, paths, workers)
