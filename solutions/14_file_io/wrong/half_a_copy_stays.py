"""Copies straight to the final name, and reports an error without tidying up.

The disk is full, the program says so, and next week somebody opens the half file that lies there.

Fails: test_no_part_of_a_file_under_its_final_name
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
    return do_all(lambda source: shutil.copyfile(source, os.path.join(target_dir, os.path.basename(source))), sources, workers)


def checksum_all(paths, workers):
    def checksum(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return do_all(checksum, paths, workers)
