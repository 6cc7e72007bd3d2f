"""Looks at the paths first, and has nothing to say about `workers` if there are none.

Fails: test_what_is_wrong_comes_to_the_caller
"""

import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor


def count_file(path):
    counts = Counter()
    kept = ""
    with open(path, encoding="utf-8", errors="replace") as file:
        while piece := file.read(50_000):
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
    if not paths:
        return Counter()
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    total = Counter()
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for counts in pool.map(count_file, paths):
            total.update(counts)
    return total
