"""Removes the older file, and then renames the copy.

Between the two there is neither. `os.replace` needs no room to be made.

Fails: test_what_lies_there_stays
"""

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor


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
        target = os.path.join(target_dir, os.path.basename(source))
        with tempfile.TemporaryDirectory(dir=target_dir) as own:
            unfinished = shutil.copyfile(source, os.path.join(own, "unfinished"))
            if os.path.exists(target):
                os.remove(target)
            os.rename(unfinished, target)
        return target

    return do_all(copy, sources, workers)


def checksum_all(paths, workers):
    def checksum(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return do_all(checksum, paths, workers)
