"""Asks for each result right where it submits, so one file is read at a time (the pool's form of MISTAKES.md, 3).

Fails: test_checksums_overlap
"""

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor


def do_all(task, paths, workers):
    results = {}
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for path in paths:
            try:
                results[path] = pool.submit(task, path).result()
            except OSError as error:
                results[path] = error
    return results


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
