"""Reads bytes and decodes each piece for itself.

Words are kept back at a border; a character of several bytes is cut, and both halves become U+FFFD.

Fails: test_borders_cut_no_words_and_no_characters
"""

import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor


def count_file(path):
    counts = Counter()
    kept = ""
    with open(path, "rb") as file:
        while piece := file.read(100_000):
            text = kept + piece.decode("utf-8", errors="replace")
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
        for counts in pool.map(count_file, paths):
            total.update(counts)
    return total
