"""Computes checksums in a pool, and copies in a loop: "the disk is busy anyway".

Often the disk is across a network, and then it is the wait that one could share.

Fails: test_copies_overlap
"""

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor


def copy_all(sources, target_dir, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    results = {}
    for source in sources:
        target = os.path.join(target_dir, os.path.basename(source))
        try:
            with tempfile.TemporaryDirectory(dir=target_dir) as own:
                os.replace(shutil.copyfile(source, os.path.join(own, "unfinished")), target)
            results[source] = target
        except OSError as error:
            results[source] = error
    return results


def checksum_all(paths, workers):
    def checksum(path):
        try:
            with open(path, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            return error

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return dict(zip(paths, pool.map(checksum, paths)))
