"""Asks for each result where it submits the file, so that one process at a time has work.

Fails: test_two_processes_count_at_the_same_time
"""

import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor


def count_file(path):
    counts = Counter()
    kept = ""
    with open(path, encoding="utf-8", errors="replace") as file:
        while piece := file.read(100_000):
            text = kept + piece
            kept = ""
            for word in re.finditer(r"\w+", text):
                if word.end() == len(text):
                    kept = word[0]
                else:
                    counts[word[0].lower()] += 1
    if kept:
        counts[kept.lower()] += 1
    return counts


def count_words(paths, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    total = Counter()
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for path in paths:
            total.update(pool.submit(count_file, path).result())
    return total
