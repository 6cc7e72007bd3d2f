"""Copies under a temporary name, which is right, and leaves that file behind when the copy fails.

Fails: test_no_part_of_a_file_under_its_final_name
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
        shutil.copyfile(source, unfinished)
        os.replace(unfinished, target)
        return target

    return do_all(copy, sources, workers)


def checksum_all(paths, workers):
    def checksum(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return do_all(checksum, paths, workers)
