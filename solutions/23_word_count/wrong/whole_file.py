"""Reads each file whole.

A file of 32 MiB is up to 128 MiB of text, and the list of its words is more.

Fails: test_memory_stays_small
"""

import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor


def count_file(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return Counter(word.lower() for word in re.findall(r"\w+", file.read()))


def count_words(paths, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    total = Counter()
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for counts in pool.map(count_file, paths):
            total.update(counts)
    return total
