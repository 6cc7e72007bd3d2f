"""Puts the text of the error where the result should be.

A text is a text: nobody can tell it from a checksum or a path but by reading it.

Fails: test_errors_are_values
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
            return str(error)

    with ThreadPoolExecutor(max_workers=workers) as pool:
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
