"""Never looks at what became of the children (MISTAKES.md 37).

One that can't open its file dies with an error on stderr; the others' counts are returned as if they were all.

Fails: test_what_is_wrong_comes_to_the_caller
"""

import re
from collections import Counter
from multiprocessing import Manager, Process


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


def count_into(results, path):
    results.append(count_file(path))


def count_words(paths, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    total = Counter()
    with Manager() as manager:
        results = manager.list()
        for first in range(0, len(paths), workers):
            processes = [Process(target=count_into, args=(results, path)) for path in paths[first : first + workers]]
            for process in processes:
                process.start()
            for process in processes:
                process.join()
        for counts in results:
            total.update(counts)
    return total
