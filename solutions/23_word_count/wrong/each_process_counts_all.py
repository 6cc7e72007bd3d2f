"""Lets each of two processes count all files, and takes the counts of the first.

Two count at the same time, and each as long as one alone would.

Fails: test_two_processes_count_at_the_same_time
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


def count_all(paths):
    return sum(map(count_file, paths), Counter())


def count_words(paths, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    processes = min(workers, 2)
    with ProcessPoolExecutor(max_workers=processes) as pool:
        first, *_ = [future.result() for future in [pool.submit(count_all, paths) for _ in range(processes)]]
    return first
