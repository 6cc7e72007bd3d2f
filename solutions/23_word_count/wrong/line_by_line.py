"""Reads line by line, as one does. This file has one line.

Fails: test_memory_stays_small
"""

import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor


def count_file(path):
    counts = Counter()
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            for word in re.findall(r"\w+", line):
                counts[word.lower()] += 1
    return counts


def count_words(paths, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    total = Counter()
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for counts in pool.map(count_file, paths):
            total.update(counts)
    return total
