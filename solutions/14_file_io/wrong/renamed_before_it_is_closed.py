"""Renames inside the `with` block of the file that it writes.

The last bytes are in the file object's buffer then. When it is closed the disk is full, and the part that fitted has its final name.

Fails: test_no_part_of_a_file_under_its_final_name
"""

import hashlib
import os
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
            unfinished = os.path.join(own, "unfinished")
            with open(source, "rb") as read, open(unfinished, "wb") as written:
                while piece := read.read(4096):
                    written.write(piece)
                os.replace(unfinished, target)
        return target

    return do_all(copy, sources, workers)


def checksum_all(paths, workers):
    def checksum(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return do_all(checksum, paths, workers)
