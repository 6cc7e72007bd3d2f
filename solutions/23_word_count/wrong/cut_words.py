"""Counts each piece for itself, so that a word at a border becomes two.

Fails: test_borders_cut_no_words_and_no_characters
"""

import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor


def count_file(path):
    counts = Counter()
    with open(path, encoding="utf-8", errors="replace") as file:
        while piece := file.read(50_000):
            for word in re.findall(r"\w+", piece):
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
