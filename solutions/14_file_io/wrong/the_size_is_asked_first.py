"""Asks for the size of a file, and reads so many bytes.

A pipe, a device, a file under /proc: none of them has a size, and all of them have bytes.

Fails: test_checksums_overlap
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
            os.replace(shutil.copyfile(source, os.path.join(own, "unfinished")), target)
        return target

    return do_all(copy, sources, workers)


def checksum_all(paths, workers):
    def checksum(path):
        found = hashlib.sha256()
        left = os.path.getsize(path)
        with open(path, "rb") as file:
            while left > 0:
                data = file.read(min(left, 65536))
                found.update(data)
                left -= len(data)
        return found.hexdigest()

    return do_all(checksum, paths, workers)
