r"""Opens files as text, and makes bytes of it again.

On the way `\r\n` becomes `\n`, and what is not UTF-8 is lost or an error.

Fails: test_checksums_are_exact
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
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            while text := file.read(65536):
                found.update(text.encode("utf-8", errors="surrogateescape"))
        return found.hexdigest()

    return do_all(checksum, paths, workers)
