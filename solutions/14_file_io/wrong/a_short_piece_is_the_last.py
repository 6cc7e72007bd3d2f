"""Takes a piece that is shorter than asked for as the last one.

`read` of a file without a buffer, as `os.read`, gives what is there by now. Only an empty piece is the end.

Fails: test_checksums_overlap
"""

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor

SIZE = 1024 * 1024


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
        with open(path, "rb", buffering=0) as file:
            while True:
                data = file.read(SIZE)
                found.update(data)
                if len(data) < SIZE:
                    return found.hexdigest()

    return do_all(checksum, paths, workers)
