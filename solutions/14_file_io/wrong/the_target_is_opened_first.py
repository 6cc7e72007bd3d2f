"""Opens the target before the source, and removes it only where writing fails.

For a source that is missing there is an empty file in the target folder.

Fails: test_errors_are_values
"""

import hashlib
import os
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
        with open(target, "wb") as written, open(source, "rb") as read:
            try:
                while data := read.read(65536):
                    written.write(data)
                written.flush()
            except OSError:
                os.remove(target)
                raise
        return target

    return do_all(copy, sources, workers)


def checksum_all(paths, workers):
    def checksum(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return do_all(checksum, paths, workers)
