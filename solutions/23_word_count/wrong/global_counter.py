"""Lets the children count into a Counter of the file's top level (MISTAKES.md 25).

Each has its own; the parent's stays empty.

Fails: test_small_files_are_counted_exactly
"""

import re
from collections import Counter
from multiprocessing import Pool

total = Counter()


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


def count_into_total(path):
    total.update(count_file(path))


def count_words(paths, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    with Pool(workers) as pool:
        pool.map(count_into_total, paths)
    return total
