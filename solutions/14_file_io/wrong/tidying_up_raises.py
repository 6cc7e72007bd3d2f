"""Removes the unfinished file when a copy fails, even where there is none.

For a source that is missing the result tells that the unfinished file is missing.

Fails: test_errors_are_values
"""

import hashlib
import os
import shutil
import uuid
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
        unfinished = f"{target}.{uuid.uuid4()}"
        try:
            shutil.copyfile(source, unfinished)
            os.replace(unfinished, target)
        except OSError:
            os.remove(unfinished)
            raise
        return target

    return do_all(copy, sources, workers)


def checksum_all(paths, workers):
    def checksum(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return do_all(checksum, paths, workers)
