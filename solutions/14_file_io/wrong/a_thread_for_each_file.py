"""Begins a thread for each file; `workers` is only looked at for the error.

With some thousand files there are too many open at once, and the system refuses the next.

Fails: test_never_more_than_workers_at_once
"""

import hashlib
import os
import shutil
import tempfile
import threading


def do_all(task, paths, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    results = {}

    def attempt(path):
        try:
            results[path] = task(path)
        except OSError as error:
            results[path] = error

    threads = [threading.Thread(target=attempt, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def copy_all(sources, target_dir, workers):
    def copy(source):
        target = os.path.join(target_dir, os.path.basename(source))
        with tempfile.TemporaryDirectory(dir=target_dir) as own:
            os.replace(shutil.copyfile(source, os.path.join(own, "unfinished")), target)
        return target

    return do_all(copy, sources, workers)


def checksum_all(paths, workers):
    def checksum(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return do_all(checksum, paths, workers)
