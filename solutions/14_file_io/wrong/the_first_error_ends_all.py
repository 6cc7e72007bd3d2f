"""Catches nothing, so the first file that is missing takes the results of all the others.

Fails: test_errors_are_values
"""

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor


def copy_all(sources, target_dir, workers):
    def copy(source):
        target = os.path.join(target_dir, os.path.basename(source))
        with tempfile.TemporaryDirectory(dir=target_dir) as own:
            os.replace(shutil.copyfile(source, os.path.join(own, "unfinished")), target)
        return target

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return dict(zip(sources, pool.map(copy, sources)))


def checksum_all(paths, workers):
    def checksum(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return dict(zip(paths, pool.map(checksum, paths)))
