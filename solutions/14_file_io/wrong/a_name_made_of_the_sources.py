"""Writes to `name.tmp` and renames that.

A file of that name may lie there, somebody's, or be another source: it is overwritten, and then renamed away.

Fails: test_what_lies_there_stays
"""

import hashlib
import os
import shutil
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
        try:
            shutil.copyfile(source, target + ".tmp")
        except OSError:
            if os.path.exists(target + ".tmp"):
                os.remove(target + ".tmp")
            raise
        os.replace(target + ".tmp", target)
        return target

    return do_all(copy, sources, workers)


def checksum_all(paths, workers):
    def checksum(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return do_all(checksum, paths, workers)
