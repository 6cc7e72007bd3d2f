"""Lets all processes add to one shared dict, without a lock.

`shared[word] = shared.get(word, 0) + 1` reads, adds and writes; what another process has written meanwhile is lost, as with
`Value.value += 1` (MISTAKES.md 29).

Fails: test_small_files_are_counted_exactly
"""

import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Manager


def count_into(shared, path):
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            for word in re.findall(r"\w+", line):
                shared[word.lower()] = shared.get(word.lower(), 0) + 1


def count_words(paths, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    with Manager() as manager, ProcessPoolExecutor(max_workers=workers) as pool:
        shared = manager.dict()
        for future in [pool.submit(count_into, shared, path) for path in paths]:
            future.result()
        return Counter(dict(shared))
